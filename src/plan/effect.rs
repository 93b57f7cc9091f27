//! What is asked of the world.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::value::{Expr, Type, VarId};

/// An effect with how its answer is judged.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Effect {
    /// What is done.
    pub act: Act,
    /// Whether it changes the world.
    pub class: Class,
    /// The variables through which `expects` and `binds` read the answer. They live only in this effect.
    pub response: Vec<(ResponsePart, VarId)>,
    /// Must hold of the answer, in order. Always there for programs (`exit`) and HTTP (`status`).
    pub expects: Vec<Expect>,
    /// What the answer binds.
    pub binds: Vec<Bind>,
    /// Further attempts of this effect alone; else those of its step.
    pub retry: Option<Retry>,
    /// A limit for one attempt.
    pub timeout: Option<Box<Expr>>,
    /// The target where it is done, as text; `None` is here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on: Option<Box<Expr>>,
}

impl Effect {
    /// An act of which nothing is expected, bound or said beside its class.
    #[must_use]
    pub fn of(act: Act, class: Class) -> Self {
        Self {
            act,
            class,
            response: vec![],
            expects: vec![],
            binds: vec![],
            retry: None,
            timeout: None,
            on: None,
        }
    }
}

/// Whether an effect changes the world.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Class {
    /// Only looks, or only writes evidence: may be done again at any time.
    Looks,
    /// Changes the world.
    Changes,
    /// Asks a person to say or judge something; repeating it harms nobody.
    Asks,
}

/// The parts of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ResponsePart {
    /// Exit code of a program, `int`.
    Exit,
    /// Its standard output, `text`, the last line end removed.
    Stdout,
    /// Its standard error, `text`, the last line end removed.
    Stderr,
    /// HTTP status, `int`.
    Status,
    /// HTTP body: `json` where it parses as that, else text.
    Body,
    /// HTTP headers, `map of text`, names in lower case.
    Headers,
    /// What a person answered, of the question's type.
    Answer,
    /// The file that was produced, `artifact`.
    File,
}

/// A condition with the message for when it does not hold.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Expect {
    /// Must be true.
    pub condition: Expr,
    /// The author's message.
    pub message: Option<Expr>,
    /// The condition as written, for the report.
    pub source: String,
}

/// Conditions that nobody wrote, in the words that lowering gives them.
const UNWRITTEN: &[&str] = &["exit == 0", "status is 2xx", "yes", "done"];

impl Expect {
    /// Whether it is what every program, request or question is expected to give; not worth telling.
    #[must_use]
    pub fn is_unwritten(&self) -> bool {
        self.message.is_none() && UNWRITTEN.contains(&self.source.as_str())
    }
}

/// A binding.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Bind {
    /// The variable.
    pub var: VarId,
    /// Its value (already converted to `ty` by the expression).
    pub value: Expr,
    /// Its type.
    pub ty: Type,
}

/// A request with its redirects takes no longer where the runbook gives no `timeout`.
pub const HTTP_LIMIT: Duration = Duration::from_mins(1);

/// Further attempts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Retry {
    /// How many more, after the first.
    pub times: u32,
    /// Time between attempts, `duration`.
    pub every: Option<Box<Expr>>,
}

/// The acts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Act {
    /// One program, no shell.
    Run {
        /// Program and arguments.
        words: Vec<WordExpr>,
        /// Variables added to the environment.
        env: Vec<NamedText>,
        /// Working folder.
        dir: Option<Box<Expr>>,
        /// Standard input.
        stdin: Option<Box<Expr>>,
        /// Whether it gets the real terminal.
        terminal: bool,
    },
    /// A script handed to an interpreter; values arrive as environment variables.
    Script {
        /// The interpreter and its arguments, the script's file comes after them.
        interpreter: Vec<String>,
        /// The script, verbatim.
        script: String,
        /// The values.
        args: Vec<ScriptArg>,
        /// Variables added to the environment.
        env: Vec<NamedText>,
        /// Working folder.
        dir: Option<Box<Expr>>,
        /// Standard input.
        stdin: Option<Box<Expr>>,
        /// Whether it gets the real terminal.
        terminal: bool,
    },
    /// An HTTP request.
    Http {
        /// The method, upper case.
        method: String,
        /// The URL; interpolated values are encoded for where they stand.
        url: Expr,
        /// Headers.
        headers: Vec<NamedText>,
        /// Query parameters, added to the URL.
        query: Vec<NamedText>,
        /// Credentials.
        login: Option<Box<Login>>,
        /// The body.
        body: Option<Box<HttpBody>>,
    },
    /// `artifact path`: the file must exist; binds it with its hash.
    Artifact(Expr),
    /// `evidence value`: kept with the run; an artifact's file is copied.
    Evidence(Expr),
    /// `notify channel text`.
    Notify {
        /// The channel's name in `bowline.toml`.
        channel: String,
        /// What is said.
        text: Expr,
    },
    /// `log text`.
    Log(Expr),
    /// A person.
    Person(Box<Question>),
    /// A time.
    Wait(WaitFor),
    /// `exclusive name`: one run at a time.
    Lock(Expr),
}

/// A word of a program's command line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WordExpr {
    /// One argument, or a list of them.
    pub value: Expr,
    /// Whether it is a list to splice.
    pub splice: bool,
}

/// A named text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NamedText {
    /// The name.
    pub name: String,
    /// The value.
    pub value: Expr,
}

/// A value handed to a script as an environment variable: lists and maps as JSON, `lines` as lines.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ScriptArg {
    /// The variable.
    pub name: String,
    /// The value.
    pub value: Expr,
    /// How it is written.
    pub ty: Type,
}

/// Credentials of a request.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Login {
    /// `Authorization: Bearer …`.
    Bearer(Expr),
    /// User and password.
    Basic(Expr, Expr),
}

/// The body of a request.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum HttpBody {
    /// A JSON value.
    Json(Expr),
    /// A map, sent as a form.
    Form(Expr),
    /// A text as it is.
    Text(Expr),
}

/// A question to a person.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Question {
    /// What is asked, as text with values. The node's prose stands beside it.
    pub text: Expr,
    /// Which.
    pub kind: QuestionKind,
    /// The role that answers.
    pub by: Option<String>,
}

/// The kinds of question.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum QuestionKind {
    /// Yes or no; the answer is `bool`.
    Confirm {
        /// Must be typed exactly.
        typing: Option<Expr>,
        /// "Not applicable", with a reason, counts as yes.
        optional: bool,
    },
    /// A value of a type.
    Ask {
        /// The name it is keyed by.
        name: String,
        /// Its type.
        ty: Type,
        /// The choices, where they are a value.
        choices: Option<Expr>,
        /// Taken where nothing is typed.
        default: Option<Expr>,
    },
    /// A person compares and answers pass or fail with a finding; the answer is `bool`.
    Judge {
        /// What is shown.
        showing: Expr,
        /// What it should look like.
        expected: Option<Expr>,
    },
    /// One of the answers; the answer is its text.
    Choose {
        /// The answers, in order.
        answers: Vec<String>,
    },
    /// Work done by a person; answered when done, or as failed.
    Manual,
    /// People say yes; the answer is `bool`.
    Approval {
        /// Alternatives; one must be met by distinct people.
        quorum: Vec<Quorum>,
        /// Expires after, `duration`.
        within: Option<Expr>,
        /// What is shown.
        showing: Option<Expr>,
        /// Whether the operator may be one of them.
        self_approval: bool,
    },
}

/// So many of a group.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Quorum {
    /// How many people.
    pub need: u32,
    /// The group of `bowline.toml`.
    pub from: String,
}

/// What is waited for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum WaitFor {
    /// A length of time.
    Duration(Expr),
    /// A `time` value.
    Time(Expr),
    /// A moment or window as text, `Sat 02:00-04:00 Europe/Paris`; known to parse.
    Window(String),
}
