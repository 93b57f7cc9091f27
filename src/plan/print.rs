//! A compact print of a plan for tests and bug reports: one line a node, indented.
//!
//! Not a view for people; `view` has those.

use std::fmt::Write as _;

use super::{
    Act, Answer, Bind, Class, Effect, Eval, Expect, Group, HttpBody, Login, Loop, Mark, Mode, NamedText,
    Node, NodeId, Op, Plan, Question, QuestionKind, Retry, Role, Step, Undo, WaitFor, Watch, WatchKind,
};
use crate::value::{Expr, Piece, Value, VarId};

/// The whole plan, without its digest.
#[must_use]
pub fn print(plan: &Plan) -> String {
    let mut printer = Printer { plan, out: String::new(), depth: 0 };
    for input in &plan.inputs {
        let default = input.default.as_ref().map(|value| format!(" = {}", printer.expr(value)));
        let condition = input.condition.as_ref().map(|value| format!(" where {}", printer.expr(value)));
        let (default, condition) = (default.unwrap_or_default(), condition.unwrap_or_default());
        let line = format!("input {}{default}{condition}", printer.var(input.var));
        printer.line(&line);
    }
    printer.node("", Plan::ROOT);
    printer.out
}

struct Printer<'a> {
    plan: &'a Plan,
    out: String,
    depth: usize,
}

impl Printer<'_> {
    fn line(&mut self, text: &str) {
        _ = writeln!(self.out, "{:width$}{text}", "", width = self.depth * 2);
    }

    fn inside(&mut self, print: impl FnOnce(&mut Self)) {
        self.depth += 1;
        print(self);
        self.depth -= 1;
    }

    fn node(&mut self, label: &str, id: NodeId) {
        let Some(node) = self.plan.node(id) else { return self.line("(no such node)") };
        let title = node.title.as_ref().map(|title| format!(" {}", self.expr(title))).unwrap_or_default();
        let prose = if node.prose.is_some() { " + prose" } else { "" };
        let label = if label.is_empty() { String::new() } else { format!("{label}: ") };
        let (head, below) = self.op(node);
        self.line(&format!("{label}{head}{title}{prose}"));
        self.inside(|printer| below.iter().for_each(|(label, id)| printer.node(label, *id)));
    }

    /// The line of a node, and what is printed below it.
    fn op(&self, node: &Node) -> (String, Vec<(String, NodeId)>) {
        match &node.op {
            Op::Do(effect) => (self.effect(effect), vec![]),
            Op::Eval(Eval::Let(bind)) => (self.bind(bind), vec![]),
            Op::Eval(Eval::Expect(expect)) => (format!("expect {}", self.expect(expect)), vec![]),
            Op::Eval(Eval::Given(given)) => (format!("given {}", self.expect(given)), vec![]),
            Op::Group(group) => self.group(group),
            Op::Branch(arms) => {
                let arm = |when: &Option<Expr>| match when {
                    Some(when) => format!("if {}", self.expr(when)),
                    None => "else".into(),
                };
                ("branch".into(), arms.iter().map(|at| (arm(&at.when), at.body)).collect())
            }
            Op::Loop(looped) => self.looped(looped),
            Op::Mark(Mark::Commit) => ("commit".into(), vec![]),
            Op::Mark(Mark::End(name)) => (format!("end {}", self.expr(name)), vec![]),
            Op::Mark(Mark::Fail(why)) => (format!("fail {}", self.expr(why)), vec![]),
        }
    }

    fn group(&self, group: &Group) -> (String, Vec<(String, NodeId)>) {
        let mut below: Vec<_> = group.children.iter().map(|id| (String::new(), *id)).collect();
        let head = match &group.role {
            Role::Run(scope) => {
                below.extend(scope.watches.iter().map(|watch| (self.watch(watch), watch.body)));
                let when = |handler: &super::Handler| format!("{:?}", handler.when);
                below.extend(scope.handlers.iter().map(|handler| (when(handler), handler.body)));
                "run".into()
            }
            Role::Phase(scope) => {
                below.extend(scope.watches.iter().map(|watch| (self.watch(watch), watch.body)));
                let window = scope.window.as_ref().map(|window| format!(" window {window:?}"));
                format!("phase{}", window.unwrap_or_default())
            }
            Role::Step(step) => return self.step(step, below),
            Role::Attempt { otherwise } => {
                below.extend(otherwise.iter().map(|id| ("otherwise".to_owned(), *id)));
                "attempt".into()
            }
            Role::Call => "call".into(),
            Role::Gate { verdict: None } => "gate".into(),
            Role::Gate { verdict: Some(var) } => format!("{} = gate", self.var(*var)),
            Role::Block => "block".into(),
        };
        let mode = match group.mode {
            Mode::Sequence => String::new(),
            Mode::Parallel(None) => " parallel".into(),
            Mode::Parallel(Some(limit)) => format!(" parallel {limit}"),
        };
        (head + &mode, below)
    }

    fn watch(&self, watch: &Watch) -> String {
        let every = self.expr(&watch.every);
        match watch.kind {
            WatchKind::Beat => format!("every {every}"),
            WatchKind::Guard { misses, interrupts } => {
                format!("guard every {every} misses {misses}{}", if interrupts { " interrupts" } else { "" })
            }
        }
    }

    fn step(&self, step: &Step, mut below: Vec<(String, NodeId)>) -> (String, Vec<(String, NodeId)>) {
        let mut head = String::from(if step.manual { "manual" } else { "step" });
        let flags = [(step.atomic, " atomic"), (step.idempotent, " idempotent")];
        head.extend(flags.into_iter().filter(|(set, _)| *set).map(|(_, word)| word));
        let said = [("if", &step.condition), ("timeout", &step.timeout), ("on", &step.on)];
        for (word, value) in said {
            _ = value.as_ref().map(|value| write!(head, " {word} {}", self.expr(value)));
        }
        head += &self.retry(step.retry.as_ref());
        if let Some(due) = &step.due {
            let since = match &due.since {
                super::DueSince::Step(id) => format!("#{}", id.0),
                super::DueSince::Time(time) => self.expr(time),
            };
            _ = write!(head, " due {} after {since}", self.expr(&due.after));
        }
        head += &match &step.undo {
            Answer::Rollback(_) => String::new(),
            Answer::Irreversible => " irreversible".into(),
            Answer::Nothing(why) => format!(" rollback none {why:?}"),
            Answer::Unanswered => " unanswered".into(),
        };
        for hint in &step.hints {
            _ = write!(head, " hint /{}/", hint.pattern);
        }
        head += &self.list(" needs", &step.needs);
        head += &self.list(" captures", &step.captures);
        below.extend(step.done_when.map(|id| ("done when".into(), id)));
        if let Answer::Rollback(undo) = &step.undo {
            below.push((self.undo("rollback", undo), undo.body));
        }
        below.extend(step.restore.as_ref().map(|undo| (self.undo("restore", undo), undo.body)));
        (head, below)
    }

    fn undo(&self, word: &str, undo: &Undo) -> String {
        let flags = [(undo.once, " once"), (undo.best_effort, " best effort")];
        let flags: String = flags.into_iter().filter(|(set, _)| *set).map(|(_, word)| word).collect();
        format!("{word}{flags}{}", self.retry(undo.retry.as_ref()))
    }

    fn list(&self, word: &str, vars: &[VarId]) -> String {
        if vars.is_empty() {
            return String::new();
        }
        let names: Vec<_> = vars.iter().map(|var| self.var(*var)).collect();
        format!("{word} [{}]", names.join(" "))
    }

    fn retry(&self, retry: Option<&Retry>) -> String {
        let Some(retry) = retry else { return String::new() };
        let every = retry.every.as_ref().map(|every| format!(" every {}", self.expr(every)));
        format!(" retry {}{}", retry.times, every.unwrap_or_default())
    }

    fn looped(&self, looped: &Loop) -> (String, Vec<(String, NodeId)>) {
        match looped {
            Loop::For { item, list, parallel, body, binds } => {
                let parallel = match parallel {
                    None => String::new(),
                    Some(None) => " parallel".into(),
                    Some(Some(limit)) => format!(" parallel {limit}"),
                };
                let (item, list) = (self.var(*item), self.expr(list));
                let head = format!("for {item} in {list}{parallel}{}", self.list(" binds", binds));
                (head, vec![(String::new(), *body)])
            }
            Loop::Repeat { at_most, body, until } => {
                (format!("repeat {at_most} until {}", self.expr(until)), vec![(String::new(), *body)])
            }
            Loop::Poll { every, within, soak, body, verdict } => {
                let mut head = verdict.map(|var| format!("{} = ", self.var(var))).unwrap_or_default();
                head += "poll";
                for (word, value) in [("within", within), ("every", every), ("soak", soak)] {
                    _ = value.as_ref().map(|value| write!(head, " {word} {}", self.expr(value)));
                }
                (head, vec![(String::new(), *body)])
            }
        }
    }

    fn effect(&self, effect: &Effect) -> String {
        let class = match effect.class {
            Class::Looks => "look ",
            Class::Changes => "",
            Class::Asks => "ask ",
        };
        let mut line = format!("{class}{}", self.act(&effect.act));
        for (part, var) in &effect.response {
            _ = write!(line, " {part:?}→{}", self.var(*var));
        }
        for expect in &effect.expects {
            _ = write!(line, " expect {}", self.expect(expect));
        }
        for bind in &effect.binds {
            _ = write!(line, " {}", self.bind(bind));
        }
        line += &self.retry(effect.retry.as_ref());
        _ = effect.timeout.as_ref().map(|limit| write!(line, " timeout {}", self.expr(limit)));
        _ = effect.on.as_ref().map(|target| write!(line, " on {}", self.expr(target)));
        line
    }

    fn bind(&self, bind: &Bind) -> String {
        format!("let {}: {:?} = {}", self.var(bind.var), bind.ty, self.expr(&bind.value))
    }

    fn expect(&self, expect: &Expect) -> String {
        let message = expect.message.as_ref().map(|text| format!(" else {}", self.expr(text)));
        format!("{}{}", self.expr(&expect.condition), message.unwrap_or_default())
    }

    fn act(&self, act: &Act) -> String {
        match act {
            Act::Run { words, env, dir, stdin, terminal } => {
                let word = |word: &super::WordExpr| {
                    format!("{}{}", if word.splice { "..." } else { "" }, self.expr(&word.value))
                };
                let words: Vec<_> = words.iter().map(word).collect();
                format!(
                    "run {}{}",
                    words.join(" "),
                    self.around(env, dir.as_deref(), stdin.as_deref(), *terminal)
                )
            }
            Act::Script { interpreter, script, args, env, dir, stdin, terminal } => {
                let args: Vec<_> =
                    args.iter().map(|arg| format!("{}: {}", arg.name, self.expr(&arg.value))).collect();
                let around = self.around(env, dir.as_deref(), stdin.as_deref(), *terminal);
                format!("script {} ({}) {script:?}{around}", interpreter.join(" "), args.join(", "))
            }
            Act::Http { method, url, headers, query, login, body } => {
                let mut line = format!("http {method} {}", self.expr(url));
                line += &self.named("header", headers);
                line += &self.named("query", query);
                line += &match login.as_deref() {
                    Some(Login::Bearer(token)) => format!(" bearer {}", self.expr(token)),
                    Some(Login::Basic(user, word)) => {
                        format!(" basic {} {}", self.expr(user), self.expr(word))
                    }
                    None => String::new(),
                };
                line += &match body.as_deref() {
                    Some(HttpBody::Json(value)) => format!(" json {}", self.expr(value)),
                    Some(HttpBody::Form(value)) => format!(" form {}", self.expr(value)),
                    Some(HttpBody::Text(value)) => format!(" body {}", self.expr(value)),
                    None => String::new(),
                };
                line
            }
            Act::Artifact(path) => format!("artifact {}", self.expr(path)),
            Act::Evidence(value) => format!("evidence {}", self.expr(value)),
            Act::Notify { channel, text } => format!("notify {channel:?} {}", self.expr(text)),
            Act::Log(text) => format!("log {}", self.expr(text)),
            Act::Person(question) => self.question(question),
            Act::Wait(WaitFor::Duration(value)) => format!("wait {}", self.expr(value)),
            Act::Wait(WaitFor::Time(value)) => format!("wait until {}", self.expr(value)),
            Act::Wait(WaitFor::Window(text)) => format!("wait until {text:?}"),
            Act::Lock(name) => format!("lock {}", self.expr(name)),
        }
    }

    fn around(&self, env: &[NamedText], dir: Option<&Expr>, stdin: Option<&Expr>, terminal: bool) -> String {
        let mut line = self.named("env", env);
        for (word, value) in [("dir", dir), ("stdin", stdin)] {
            _ = value.map(|value| write!(line, " {word} {}", self.expr(value)));
        }
        if terminal {
            line += " terminal";
        }
        line
    }

    fn named(&self, word: &str, named: &[NamedText]) -> String {
        named.iter().fold(String::new(), |mut line, one| {
            _ = write!(line, " {word} {}={}", one.name, self.expr(&one.value));
            line
        })
    }

    fn question(&self, question: &Question) -> String {
        let optional = |word: &str, value: &Option<Expr>| {
            value.as_ref().map(|value| format!(" {word} {}", self.expr(value))).unwrap_or_default()
        };
        let kind = match &question.kind {
            QuestionKind::Confirm { typing, optional: skip } => {
                format!("confirm{}{}", optional("typing", typing), if *skip { " optional" } else { "" })
            }
            QuestionKind::Ask { name, ty, choices, default } => {
                format!(
                    "value {name}: {ty:?}{}{}",
                    optional("choices", choices),
                    optional("default", default)
                )
            }
            QuestionKind::Judge { showing, expected } => {
                format!("judge {}{}", self.expr(showing), optional("expected", expected))
            }
            QuestionKind::Choose { answers } => format!("choose {answers:?}"),
            QuestionKind::Manual => "manual".into(),
            QuestionKind::Approval { quorum, within, showing, self_approval } => {
                let quorum: Vec<_> =
                    quorum.iter().map(|one| format!("{} of {}", one.need, one.from)).collect();
                let own = if *self_approval { " self" } else { "" };
                let (within, showing) = (optional("within", within), optional("showing", showing));
                format!("approval {}{own}{within}{showing}", quorum.join(" or "))
            }
        };
        let by = question.by.as_ref().map(|by| format!(" by {by}")).unwrap_or_default();
        format!("{kind}{by}")
    }

    fn var(&self, var: VarId) -> String {
        let name = self.plan.var(var).map_or("?", |known| known.name.as_str());
        format!("{name}.{}", var.0)
    }

    fn expr(&self, expr: &Expr) -> String {
        let all = |parts: &[Expr]| parts.iter().map(|part| self.expr(part)).collect::<Vec<_>>().join(", ");
        let entries = |entries: &[(String, Expr)]| {
            let entries: Vec<_> =
                entries.iter().map(|(key, value)| format!("{key}: {}", self.expr(value))).collect();
            entries.join(", ")
        };
        match expr {
            Expr::Const(value) => constant(value),
            Expr::Var(var) => self.var(*var),
            Expr::Field(of, name) => format!("{}.{name}", self.expr(of)),
            Expr::Index(of, at) => format!("{}[{}]", self.expr(of), self.expr(at)),
            Expr::Text(pieces) => self.text(pieces),
            Expr::List(items) => format!("[{}]", all(items)),
            Expr::Map(pairs) => format!("{{{}}}", entries(pairs)),
            Expr::Not(of) => format!("not {}", self.expr(of)),
            Expr::Neg(of) => format!("-{}", self.expr(of)),
            Expr::Binary(op, a, b) => format!("({} {} {})", self.expr(a), op.word(), self.expr(b)),
            Expr::If(a, b, c) => format!("(if {} then {} else {})", self.expr(a), self.expr(b), self.expr(c)),
            Expr::Call(function, args) => format!("{function:?}({})", all(args)),
            Expr::Jq { input, program, vars } => {
                format!("jq({}, '{program}' {})", self.expr(input), entries(vars))
            }
            Expr::Convert(ty, of) => format!("{ty:?}({})", self.expr(of)),
            Expr::At(_, of) => self.expr(of),
        }
    }

    fn text(&self, pieces: &[Piece]) -> String {
        let piece = |piece: &Piece| match piece {
            Piece::Text(text) => format!("{text:?}").trim_matches('"').to_owned(),
            Piece::Value(value) => format!("{{{}}}", self.expr(value)),
        };
        format!("\"{}\"", pieces.iter().map(piece).collect::<String>())
    }
}

fn constant(value: &Value) -> String {
    match value {
        Value::Text(text) => format!("{text:?}"),
        Value::Int(number) => number.to_string(),
        Value::Decimal(number) => number.to_string(),
        Value::Bool(known) => known.to_string(),
        Value::Duration(length) => format!("{length:?}"),
        Value::Size(bytes) => format!("{bytes}B"),
        Value::Version(version) => version.to_string(),
        Value::List(items) => format!("[{}]", items.iter().map(constant).collect::<Vec<_>>().join(", ")),
        other => format!("{other:?}"),
    }
}
