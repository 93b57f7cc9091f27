//! Snapshots of what `bowline plan` prints, and its JSON against the published schema.

use super::{bowline, every_kind, root, stdout};

const MEMORIA: &[&str] =
    &["plan", "runbooks/memoria/self-managed-ga.runbook", "--inputs", "examples/memoria/inputs.toml"];

/// The digest is told by tests of its own; here it would hide what changed.
fn without_digest(text: &str) -> String {
    let hex = |word: &str| word.len() >= 12 && word.bytes().all(|byte| byte.is_ascii_hexdigit());
    let mut out = text.to_owned();
    for word in text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| hex(word)) {
        out = out.replace(word, "DIGEST");
    }
    out
}

fn kinds<'a>(more: &[&'a str], file: &'a str) -> Vec<&'a str> {
    ["plan", file, "-i", "release=2.0.0"].into_iter().chain(more.iter().copied()).collect()
}

fn json(args: &[&str]) -> serde_json::Value {
    let args: Vec<&str> = args.iter().copied().chain(["--format", "json"]).collect();
    serde_json::from_str(&stdout(&args)).unwrap()
}

#[test]
fn the_bundled_runbook_as_text_and_json() {
    insta::assert_snapshot!("memoria_text", without_digest(&stdout(MEMORIA)));
    let json = serde_json::to_string_pretty(&json(MEMORIA)).unwrap();
    insta::assert_snapshot!("memoria_json", without_digest(&json));
}

#[test]
fn every_kind_of_statement_as_text_and_json() {
    let file = every_kind();
    let args = kinds(&[], file.to_str().unwrap());
    insta::assert_snapshot!("kinds_text", without_digest(&stdout(&args)));
    let json = serde_json::to_string_pretty(&json(&args)).unwrap();
    insta::assert_snapshot!("kinds_json", without_digest(&json));
}

/// A kind of statement that is added must be added to the runbook that holds every kind.
#[test]
fn no_kind_of_statement_is_missing() {
    let text = ["every_kind", "kinds", "part"]
        .map(|name| std::fs::read_to_string(root().join(format!("tests/plan/{name}.runbook"))).unwrap())
        .concat();
    let words: Vec<&str> = text.split(|c: char| !c.is_ascii_alphanumeric()).collect();
    // A scenario is a test beside the plan; the others have no word of their own.
    let scenario = ["scenario", "with", "ran", "undone", "untouched", "ends"];
    let wordless = [&scenario[..], &["fence", "prose", "module.step"]].concat();
    let known = bowline::forms::SCHEMAS.iter().map(|schema| schema.word);
    let missing: Vec<&str> = known.filter(|word| !wordless.contains(word) && !words.contains(word)).collect();
    assert!(missing.is_empty(), "not in tests/plan/every_kind.runbook: {missing:?}");
}

#[test]
fn json_is_what_the_schema_says() {
    let schema = root().join("docs/schemas/bowline-plan-1.json");
    let mut compiler = boon::Compiler::new();
    let mut schemas = boon::Schemas::new();
    let index = compiler.compile(schema.to_str().unwrap(), &mut schemas).unwrap();
    let file = every_kind();
    let full = kinds(&["--full"], file.to_str().unwrap());
    let small = root().join("tests/plan/part.runbook");
    let small = ["plan", small.to_str().unwrap()];
    for args in [MEMORIA, &full, &small, &kinds(&[], file.to_str().unwrap())] {
        let told = json(args);
        if let Err(error) = schemas.validate(&told, index) {
            panic!("{args:?}: {error:#}");
        }
    }
}

#[test]
fn a_value_that_is_not_there_is_refused_by_the_schema() {
    let schema = root().join("docs/schemas/bowline-plan-1.json");
    let (mut compiler, mut schemas) = (boon::Compiler::new(), boon::Schemas::new());
    let index = compiler.compile(schema.to_str().unwrap(), &mut schemas).unwrap();
    let mut told = json(MEMORIA);
    told["items"][0]["kind"] = "exclusively".into();
    assert!(schemas.validate(&told, index).is_err());
}

#[test]
fn long_scripts_are_folded_unless_all_is_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let lines = (1..=30).map(|line| format!("echo {line}")).collect::<Vec<_>>().join("\n");
    let text =
        format!("runbook \"Long\" 1.0.0\nstep \"a\" {{\n```sh\n{lines}\n```\nrollback none \"echo\"\n}}\n");
    let file = folder.path().join("long.runbook");
    std::fs::write(&file, text).unwrap();
    let file = file.to_str().unwrap();
    let short = stdout(&["plan", file]);
    assert!(short.contains("│ echo 6\n") && !short.contains("echo 7"), "{short}");
    assert!(short.contains("24 more lines"), "{short}");
    assert!(stdout(&["plan", "--full", file]).contains("│ echo 30\n"));
}

#[test]
fn many_points_of_failure_are_told_when_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let step =
        |n: u32| format!("step \"s{n}\" {{\n  run do {n}\n  rollback {{\n    run undo {n}\n  }}\n}}\n");
    let steps = (1..=120).map(step).collect::<Vec<_>>().concat();
    let file = folder.path().join("many.runbook");
    std::fs::write(&file, format!("runbook \"Many\" 1.0.0\n{steps}")).unwrap();
    let file = file.to_str().unwrap();
    assert!(stdout(&["plan", file]).contains("120 points of failure; --full tells"));
    assert!(stdout(&["plan", "--full", file]).contains("rollback 120–1\n"));
}

#[test]
fn a_plan_is_written_to_a_file_and_has_no_colour_in_a_pipe() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("plan.txt");
    let args: Vec<&str> = MEMORIA.iter().copied().chain(["--out", file.to_str().unwrap()]).collect();
    assert_eq!(stdout(&args), "");
    let text = std::fs::read_to_string(file).unwrap();
    assert_eq!(text, stdout(MEMORIA));
    assert!(!text.contains('\u{1b}'));
    let missing = bowline(&["plan", "no-such.runbook"]);
    assert_eq!(missing.status.code(), Some(3));
}
