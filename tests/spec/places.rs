//! What may stand where: every statement kind in every block, as one table that is read against the language's own.

use std::fmt::Write as _;

use bowline::compile::{LoadError, Loader, Setting, compile_with};
use bowline::forms::SCHEMAS;

use crate::check::Folder;

/// A block, and how it is written around `@` with a title that is `#`.
const BLOCKS: &[(&str, &str)] = &[
    ("runbook", "@"),
    ("phase", "phase \"#\" {\n@\n}"),
    ("phase in a phase", "phase \"#\" {\nphase \"inner #\" {\n@\n}\n}"),
    ("attempt", "attempt \"#\" {\n@\n}"),
    ("otherwise", "attempt \"#\" { log \"#\" } otherwise {\n@\n}"),
    ("answer", "choose \"#\" {\nanswer \"a\" {\n@\n}\n}"),
    ("parallel", "parallel {\n@\n}"),
    ("if", "if 1 < 2 {\n@\n}"),
    ("for", "for item# in [1] {\nlog \"{item#}\"\n@\n}"),
    ("repeat", "repeat \"#\" at most 2 {\n@\n} until 1 < 2"),
    ("step", "step \"#\" {\n@\n}"),
    ("if in a step", "step \"#\" {\nif 1 < 2 {\n@\n}\n}"),
    ("manual", "manual \"#\" {\n@\n}"),
    ("rollback", "step \"#\" {\nrollback {\n@\n}\n}"),
    ("restore", "step \"#\" {\nrestore {\n@\n}\n}"),
    ("check", "check \"#\" {\n@\n}"),
    ("guard", "guard \"#\" every 1m {\n@\n}"),
    ("done when", "step \"#\" {\ndone when {\n@\n}\n}"),
    ("gate", "gate \"#\" {\n@\n}"),
    ("handler", "after run {\n@\n}"),
    ("every", "every 1m \"#\" {\n@\n}"),
    ("choose", "choose \"#\" {\n@\n}"),
    ("scenario", "scenario \"#\" {\n@\n}"),
    ("run", "step \"#\" {\nrun true {\n@\n}\n}"),
    ("http", "step \"#\" {\nhttp GET \"http://127.0.0.1/\" {\n@\n}\n}"),
    ("confirm", "confirm \"#\" {\n@\n}"),
];

/// A statement of each kind; `%` is a title of its own.
const STATEMENTS: &[(&str, &str)] = &[
    ("run", "run true"),
    ("look run", "look run true"),
    ("script", "```sh\ntrue\n```"),
    ("http", "http GET \"http://127.0.0.1/\""),
    ("artifact", "artifact \"a\""),
    ("evidence", "evidence 1"),
    ("notify", "notify \"a\" \"b\""),
    ("log", "log \"a\""),
    ("module step", "tools.open(\"%\")"),
    ("module check", "tools.ready()"),
    ("confirm", "confirm \"%\""),
    ("ask", "ask name%: text \"%\""),
    ("judge", "judge \"%\" showing 1"),
    ("choose", "choose \"%\" { answer \"a\" { log \"a\" } }"),
    ("approval", "approval \"%\" need 1 from \"g\""),
    ("gate", "gate \"%\" { confirm \"a\" }"),
    ("check", "check \"%\" { expect 1 < 2 }"),
    ("expect", "expect 1 < 2"),
    ("given", "given 1 < 2"),
    ("guard", "guard \"%\" every 1m { expect 1 < 2 }"),
    ("every", "every 1m \"%\" { log \"a\" }"),
    ("step", "step \"%\" { run true }"),
    ("manual", "manual \"%\" { rollback none \"a\" }"),
    ("rollback", "rollback { run true }"),
    ("restore", "restore { run true }"),
    ("done when", "done when { run true }"),
    ("hint", "hint /a/ \"b\""),
    ("phase", "phase \"%\" { log \"a\" }"),
    ("parallel", "parallel { log \"a\" }"),
    ("for", "for item% in [1] { let _a% = item% }"),
    ("if", "if 1 < 2 { let _a% = 1 }"),
    ("repeat", "repeat \"%\" at most 2 { log \"a\" } until 1 < 2"),
    ("attempt", "attempt \"%\" { log \"a\" }"),
    ("call", "call \"./part.runbook\" (name: \"%\")"),
    ("wait", "wait 1s"),
    ("commit", "commit \"%\""),
    ("end", "end \"%\""),
    ("fail", "fail \"%\""),
    ("before", "before rollback { log \"a\" }"),
    ("after", "after run { log \"a\" }"),
    ("exclusive", "exclusive \"%\""),
    ("let", "let _a% = 1"),
    ("return", "return 1"),
    ("prose", "\"\"\"\nWords.\n\"\"\""),
    ("scenario", "scenario \"%\" {\n}"),
    ("with", "with name = 1"),
    ("given failure", "given \"a\" failure"),
    ("ran", "ran \"a\""),
    ("undone", "undone \"a\""),
    ("untouched", "untouched \"a\""),
    ("ends", "ends \"completed\""),
    ("answer", "answer \"%\" { log \"a\" }"),
    ("header", "header \"a\" \"b\""),
    ("bearer", "bearer \"a\""),
    ("basic", "basic \"a\" \"b\""),
    ("query", "query \"a\" \"b\""),
    ("json", "json { a: 1 }"),
    ("form", "form { a: 1 }"),
    ("body", "body \"a\""),
    ("timeout", "timeout 1s"),
    ("retry", "retry 1"),
    ("env", "env A = \"b\""),
    ("dir", "dir \"a\""),
    ("stdin", "stdin \"a\""),
    ("input", "input name%: text"),
    ("use", "use \"./tools\""),
];

struct Files(String);

impl Loader for Files {
    fn read(&self, path: &str) -> Result<Vec<u8>, LoadError> {
        let beside = |name: &str| Folder.read(&format!("{name}{path}"));
        if path == "places" {
            Ok(self.0.clone().into_bytes())
        } else {
            beside("wrong/").or_else(|_| beside("blocks/"))
        }
    }
}

/// One row: the kind in each block. `+` may stand there, `l` only as `look`, `-` may not.
fn row(statement: &str) -> String {
    let mut text = "runbook \"Places\" 1.0.0\nuse \"./tools\"\n".to_owned();
    let mut ends = vec![];
    for (at, (_, block)) in BLOCKS.iter().enumerate() {
        let inside = statement.replace('%', &format!("t{at}"));
        let _ = writeln!(text, "{}", block.replace('#', &format!("b{at}")).replace('@', &inside));
        ends.push(text.lines().count());
    }
    let compiled = compile_with(&Files(text), "places", &Setting::default());
    let mut cells = vec!['+'; BLOCKS.len()];
    for report in &compiled.diagnostics {
        let cell = match report.code.id {
            "E0302" | "E0412" | "E0308" | "E0301" => '-',
            "E0310" => 'l',
            _ => continue,
        };
        let line = compiled
            .sources
            .get(report.primary.span.source)
            .unwrap()
            .position(report.primary.span.start)
            .line;
        let at = ends.iter().position(|end| *end >= line as usize).unwrap();
        cells[at] = cell;
    }
    cells.iter().flat_map(|cell| [' ', *cell]).collect()
}

#[test]
fn every_kind_is_in_the_table() {
    // The first line of a file, and what is not written as a word.
    let others = ["runbook", "module", "fence", "prose", "module.step"];
    let is_there = |word: &str| STATEMENTS.iter().any(|(_, statement)| statement.starts_with(word));
    let words = SCHEMAS.iter().map(|schema| schema.word).filter(|word| !others.contains(word));
    assert_eq!(words.filter(|word| !is_there(word)).collect::<Vec<_>>(), Vec::<&str>::new());
}

#[test]
fn what_may_stand_where() {
    let mut table = String::new();
    for (at, (block, _)) in BLOCKS.iter().enumerate() {
        let _ = writeln!(table, "{:14}{}╷ {block}", "", " │".repeat(at) + " ");
    }
    for (name, statement) in STATEMENTS {
        let _ = writeln!(table, "{name:14}{}", row(statement));
    }
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.bind(|| insta::assert_snapshot!("what_may_stand_where", table));
}
