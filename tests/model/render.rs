//! A random plan as the text of a runbook, with the runbooks that it calls.
//!
//! Knows the language and the model's words; nothing of how a run goes.
//!
//! Each effect is a program whose words are its key: `body s3[0] 1` is the second effect of step `s3` in
//! the first turn of its loop. Handlers are added to every runbook, and always fail: they must change nothing.

use super::world::{Answer, Step, Tree};
use bowline::compile::{LoadError, Loader, compile};
use bowline::plan::Plan;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// The name of the runbook that is run.
const ENTRY: &str = "run.runbook";

/// What handlers say; it is not in the model.
const HANDLERS: &str = "\
before rollback { look run handler before }
after success { look run handler success }
after rollback { look run handler rollback }
after failure { look run handler failure }
after run { look run handler run }
";

/// Handlers of a called runbook never run.
const NEVER: &str = "before rollback { look run never }\nafter run { look run never }\n";

/// The texts of a plan, by file name.
pub(crate) struct Texts(BTreeMap<String, String>);

impl Loader for Texts {
    fn read(&self, path: &str) -> Result<Vec<u8>, LoadError> {
        let missing = || LoadError::Unreadable("it is not there".to_owned());
        self.0.get(path).map(|text| text.clone().into_bytes()).ok_or_else(missing)
    }
}

impl std::fmt::Display for Texts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.iter().try_for_each(|(name, text)| write!(f, "--- {name}\n{text}"))
    }
}

impl Texts {
    /// The runbook of a plan.
    pub(crate) fn of(run: &[Tree]) -> Texts {
        let mut writer = Writer::default();
        let body = writer.file("run", &[], run, HANDLERS);
        writer.files.insert(ENTRY.to_owned(), body);
        Texts(writer.files)
    }

    /// The plan that the engine runs.
    ///
    /// # Errors
    /// What the compiler says against it.
    pub(crate) fn compile(&self) -> Result<Plan, String> {
        let compiled = compile(self, ENTRY);
        let said = || compiled.diagnostics.iter().map(|one| format!("{one:?}\n")).collect::<String>();
        compiled.plan.clone().ok_or_else(said)
    }
}

#[derive(Default)]
struct Writer {
    files: BTreeMap<String, String>,
    text: String,
    /// Names of the items of the loops around, outermost first.
    items: Vec<String>,
    /// For titles and names.
    count: usize,
    indent: usize,
}

impl Writer {
    /// A whole file; gives its text.
    fn file(&mut self, title: &str, inputs: &[String], body: &[Tree], handlers: &str) -> String {
        let outer = (std::mem::take(&mut self.text), std::mem::take(&mut self.indent));
        self.line(&format!("runbook \"{title}\" 1.0.0"));
        for input in inputs {
            self.line(&format!("input {input}: text"));
        }
        if takes_file(body) {
            self.line("let file = artifact \"backup\"");
        }
        self.body(body);
        self.text.push_str(handlers);
        let text;
        (text, (self.text, self.indent)) = (std::mem::take(&mut self.text), outer);
        text
    }

    fn line(&mut self, text: &str) {
        let _ = writeln!(self.text, "{:1$}{text}", "", self.indent);
    }

    fn block(&mut self, head: &str, body: &[Tree], tail: &str) {
        self.line(&format!("{head} {{"));
        self.indent += 2;
        self.body(body);
        self.indent -= 2;
        self.line(&format!("}}{tail}"));
    }

    fn body(&mut self, body: &[Tree]) {
        body.iter().for_each(|tree| self.statement(tree));
    }

    fn statement(&mut self, tree: &Tree) {
        self.count += 1;
        let n = self.count;
        match tree {
            Tree::Step(step) => self.step(step),
            Tree::Check(id) => {
                let of = self.instance(id);
                self.line(&format!("check \"{id}\" {{ run check {of} }}"));
            }
            Tree::Phase(body) => self.block(&format!("phase \"p{n}\""), body, ""),
            Tree::Call(body) => self.call(body),
            Tree::Parallel { limit, branches } => {
                let limit = limit.map(|limit| format!(" limit {limit}")).unwrap_or_default();
                self.block(&format!("parallel{limit}"), branches, "");
            }
            Tree::For { items, parallel, body } => self.each(*items, *parallel, body),
            Tree::If { cond, then, otherwise } => {
                let cond = if *cond { "1 < 2" } else { "1 > 2" };
                if otherwise.is_empty() {
                    return self.block(&format!("if {cond}"), then, "");
                }
                self.two(&format!("if {cond}"), then, "else", otherwise);
            }
            Tree::Attempt { body, otherwise: None } => self.block(&format!("attempt \"a{n}\""), body, ""),
            Tree::Attempt { body, otherwise: Some(otherwise) } => {
                self.two(&format!("attempt \"a{n}\""), body, "otherwise", otherwise);
            }
            Tree::Commit => self.line(&format!("commit \"m{n}\"")),
            Tree::Fail => self.line(&format!("fail \"f{n}\"")),
            Tree::End => self.line(&format!("end \"e{n}\"")),
        }
    }

    /// Two blocks with a word between them.
    fn two(&mut self, head: &str, first: &[Tree], between: &str, second: &[Tree]) {
        self.line(&format!("{head} {{"));
        self.indent += 2;
        self.body(first);
        self.indent -= 2;
        self.block(&format!("}} {between}"), second, "");
    }

    fn each(&mut self, items: usize, parallel: Option<usize>, body: &[Tree]) {
        let list: Vec<String> = (0..items).map(|item| format!("\"{item}\"")).collect();
        let parallel = parallel.map(|limit| format!(" parallel {limit}")).unwrap_or_default();
        let name = format!("i{}", self.count);
        self.items.push(name.clone());
        self.block(&format!("for {name} in [{}]{parallel}", list.join(", ")), body, "");
        self.items.pop();
    }

    fn call(&mut self, body: &[Tree]) {
        let title = format!("called{}", self.count);
        let items = self.items.clone();
        let text = self.file(&title, &items, body, NEVER);
        self.files.insert(format!("{title}.runbook"), text);
        let given: Vec<String> = items.iter().map(|item| format!("{item}: {item}")).collect();
        let given = if given.is_empty() { String::new() } else { format!(" ({})", given.join(", ")) };
        self.line(&format!("call \"./{title}.runbook\"{given}"));
    }

    /// The instance of a step or check, as one word of a command.
    fn instance(&self, id: &str) -> String {
        let items: String = self.items.iter().map(|item| format!("[{{{item}}}]")).collect();
        format!("\"{id}{items}\"")
    }

    fn step(&mut self, step: &Step) {
        let of = self.instance(&step.id);
        let needed = match step.answer {
            Answer::Rollback { needs, .. } => needs,
            _ => None,
        };
        self.line(&format!("step \"{}\"{} {{", step.id, options(step)));
        self.indent += 2;
        if step.done_when {
            self.wrapped("done when", 0, &[format!("run probe {of}")]);
        }
        for i in 0..step.effects {
            match needed {
                Some(bound) if bound == i => self.line(&format!("let v{} = run body {of} {i}", step.id)),
                _ if self.count % 4 == 1 => self.wrapped("if 1 < 2", 0, &[format!("run body {of} {i}")]),
                _ => self.line(&format!("run body {of} {i}")),
            }
        }
        self.undo(step, &of, needed.map(|_| format!(" {{v{}}}", step.id)).unwrap_or_default());
        self.indent -= 2;
        self.line("}");
    }

    fn undo(&mut self, step: &Step, of: &str, needed: String) {
        let file = if step.takes_file { " {file}" } else { "" };
        let taken = format!("{needed}{file}");
        match &step.answer {
            Answer::Rollback { effects, best_effort, once, .. } => {
                let once = if *once { " once" } else { "" };
                let best = if *best_effort { " best effort" } else { "" };
                self.undoing(&format!("rollback{once}{best}"), *effects, &format!("{of} "), &taken);
            }
            Answer::Nothing => self.line("rollback none \"nothing to undo\""),
            Answer::Irreversible => {}
        }
        if step.restore > 0 {
            self.undoing("restore", step.restore, &format!("{of} "), file);
        }
    }

    fn undoing(&mut self, head: &str, effects: usize, of: &str, taken: &str) {
        let word = head.split(' ').next().unwrap_or_default();
        let runs: Vec<String> = (0..effects).map(|i| format!("run {word} {of}{i}{taken}")).collect();
        self.wrapped(head, self.count % 3, &runs);
    }

    /// A block, its lines in so many blocks more, which must make no difference.
    fn wrapped(&mut self, head: &str, times: usize, lines: &[String]) {
        self.line(&format!("{head} {{"));
        self.indent += 2;
        match times.checked_sub(1) {
            Some(less) => self.wrapped("if 1 < 2", less, lines),
            None => lines.iter().for_each(|line| self.line(line)),
        }
        self.indent -= 2;
        self.line("}");
    }
}

/// Whether a step of this file, not of one that it calls, takes the file.
fn takes_file(body: &[Tree]) -> bool {
    body.iter().any(|tree| match tree {
        Tree::Step(step) => step.takes_file,
        Tree::Phase(body)
        | Tree::For { body, .. }
        | Tree::Attempt { body, otherwise: None }
        | Tree::Parallel { branches: body, .. } => takes_file(body),
        Tree::If { then: body, otherwise, .. } | Tree::Attempt { body, otherwise: Some(otherwise) } => {
            takes_file(body) || takes_file(otherwise)
        }
        _ => false,
    })
}

fn options(step: &Step) -> String {
    let mut text = String::new();
    if step.retry > 0 {
        let _ = write!(text, " retry {} every 1s", step.retry);
    }
    let irreversible = step.answer == Answer::Irreversible;
    let flags = [(step.atomic, " atomic"), (step.idempotent, " idempotent"), (irreversible, " irreversible")];
    flags.iter().filter(|(given, _)| *given).for_each(|(_, word)| text.push_str(word));
    text
}
