//! What authors who come from other tools and languages write, and what is meant by it. Knows words, not statements.

/// Words that other tools begin a statement with, and the keyword here that is written the same way.
const KEYWORDS: &[(&str, &str)] = &[
    ("task", "step"),
    ("job", "step"),
    ("action", "step"),
    ("stage", "phase"),
    ("section", "phase"),
    ("assert", "expect"),
    ("ensure", "expect"),
    ("undo", "rollback"),
    ("revert", "rollback"),
    ("rescue", "rollback"),
    ("compensate", "rollback"),
    ("cleanup", "restore"),
    ("cwd", "dir"),
    ("chdir", "dir"),
    ("workdir", "dir"),
    ("environment", "env"),
    ("abort", "fail"),
    ("throw", "fail"),
    ("raise", "fail"),
    ("approve", "approval"),
    ("lock", "exclusive"),
];

/// Words that begin what is said otherwise here, and how.
const SAYINGS: &[(&[&str], &str)] = &[
    (
        &["sleep", "pause"],
        "to wait, write `wait 10s`; what has an end that can be seen is a `check` with `within`",
    ),
    (&["print", "println", "printf", "echo", "puts", "say"], "to write into the record, `log \"…\"`"),
    (&["try", "catch", "except"], "what may fail by itself is `attempt \"Title\" { … } otherwise { … }`"),
    (&["while", "loop", "until"], "a loop has a bound: `repeat \"Title\" at most 5 { … } until condition`"),
    (&["foreach"], "write `for item in list { … }`"),
    (&["elif", "elsif", "elseif"], "write `} else if condition {`, on the line of the brace before"),
    (&["switch", "case", "match"], "write `if … { … } else if … { … }`; what a person picks is a `choose`"),
    (&["when", "unless"], "write `if condition { … }`"),
    (
        &["on_failure", "on_error", "onerror", "finally", "always", "defer", "on_success"],
        "what undoes a step is its `rollback { … }`; around the end of a run stand `after failure { … }`, `after success { … }`, `after run { … }`",
    ),
    (
        &["function", "func", "fn", "def", "macro"],
        "what is used again is a `check` or a `step` with parameters, in a file that begins with `module name 1.0.0`",
    ),
    (
        &["exec", "shell", "cmd", "command", "script"],
        "to run a program, write `run program argument …`; what needs a shell stands in a ```sh fence",
    ),
    (
        &["goto", "jump"],
        "statements are done from top to bottom; what may be left out stands in `if condition { … }`",
    ),
    (
        &["include", "import", "require", "source"],
        "a module is taken in with `use \"./name\"`, a runbook done with `call \"./name.runbook\" (…)`",
    ),
    (
        &["variable", "param", "parameter", "inputs"],
        "what differs from run to run is `input name: type`; any other value gets a name with `let name = value`",
    ),
    (
        &["description", "desc", "summary", "doc", "docs", "about", "note", "comment"],
        "what people should know stands between two lines of `\"\"\"`, at the beginning of the block that it is about",
    ),
    (&["fi", "endif", "end_if", "esac", "endfor", "endwhile"], "a block ends with `}`"),
    (&["default"], "a person picks one of the answers: write `answer \"…\" { … }`"),
    (&["var", "const", "set", "export", "declare"], "a value gets a name with `let name = value`"),
    (&["headers"], "write one `header \"Name\" \"value\"` for each"),
    (&["auth", "authorization"], "write `bearer token`, or `basic \"user\" password`"),
    (&["data", "payload"], "write `json { … }`, `form { … }` or `body \"…\"`"),
    (&["params"], "write one `query \"name\" value` for each"),
    (
        &["name", "title", "steps", "tasks", "hosts", "vars", "version"],
        "the first line is `runbook \"Title\" 1.0.0`; then stand `input name: type`, and `step \"Title\" { … }` one after the other",
    ),
    (
        &["depends_on", "needs", "async"],
        "statements are done in the order in which they stand; side by side stand those in `parallel { … }`",
    ),
];

/// The keyword that is meant by a word of another tool, written the same way.
pub(super) fn keyword(word: &str) -> Option<&'static str> {
    KEYWORDS.iter().find(|(habit, _)| *habit == word).map(|(_, meant)| *meant)
}

/// How that is said here which other tools begin with a word.
pub(super) fn saying(word: &str) -> Option<&'static str> {
    SAYINGS.iter().find(|(habits, _)| habits.contains(&word)).map(|(_, meant)| *meant)
}

/// What stands for an option of another tool, where a statement has options of its own.
pub(super) fn option(statement: &str, word: &str) -> Option<&'static str> {
    Some(match (statement, word) {
        ("check" | "approval", "timeout" | "deadline") => "how long is waited for a yes is `within 10m`",
        (_, "retries" | "attempts" | "tries") => {
            "further attempts are `retry 3`, with a pause `retry 3 every 10s`"
        }
        (_, "delay" | "interval" | "backoff") => "a pause between attempts or looks is `every 10s`",
        (_, "when" | "unless" | "only_if") => "a condition is `if condition`",
        (_, "cwd" | "workdir") => "the folder is `dir \"folder\"`",
        (_, "host" | "target") => "where it runs is `on \"target\"`",
        (_, "role" | "assignee" | "owner") => "who is asked is `by \"role\"`",
        (_, "depends_on" | "needs" | "requires" | "after") => {
            "statements are done in the order in which they stand; put it behind what it needs"
        }
        ("expect" | "given" | "if", "is" | "isnt" | "equals" | "eq") => {
            "to compare, write `==` or `!=`; what is not there is `null`"
        }
        _ => return None,
    })
}

/// Where a statement belongs that stands at a place that has none of its kind.
pub(super) fn instead(statement: &str, place: &str) -> Option<&'static str> {
    Some(match (statement, place) {
        ("run" | "fence" | "http", "gate") => "put it into a `check \"Title\" { … }`: a gate has questions",
        ("run" | "fence" | "http" | "step" | "log", "choose") => {
            "what is done stands in an answer: `answer \"…\" { … }`"
        }
        ("step" | "manual" | "call", "step" | "manual") => {
            "put it before or after this step; what belongs together stands in a `phase`"
        }
        ("judge" | "confirm" | "ask", "guard" | "done when") => {
            "nobody is asked there; what a person judges stands in a `check` or a `step`"
        }
        (_, "prose") => {
            "between `\"\"\"` lines stands what to know; what is done stands before or after this"
        }
        ("log" | "step" | "run" | "notify" | "check", "effect") => {
            "put it after this effect; in its block stand what it is given and what is expected of it"
        }
        ("rollback" | "restore", "top") => "put it into the block of the `step` that it undoes",
        _ => return None,
    })
}
