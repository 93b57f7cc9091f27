//! `docs/statements.md` is made from the schemas, and their examples compile.

use bowline::forms::SCHEMAS;
use bowline::program::reference;

use crate::site::{Site, page};

/// `BOWLINE_WRITE_DOCS=1` writes the page.
#[test]
fn the_page_of_statements_is_made_from_the_schemas() {
    let made = reference(SCHEMAS);
    if std::env::var("BOWLINE_WRITE_DOCS").is_ok() {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/statements.md");
        std::fs::write(file, &made).unwrap();
    }
    assert!(
        made == page("docs/statements.md"),
        "docs/statements.md is behind: BOWLINE_WRITE_DOCS=1 cargo test --test documents the_page"
    );
}

/// What stands around an example, and where it stands (`@`).
const AROUND: &[&str] = &[
    "runbook \"Example\" 1.0.0\n\nuse \"./tools\"\n\n@\n",
    "@\n\nlog \"said\"\n",
    "runbook \"Example\" 1.0.0\n\n@\n\nlog \"said\"\n",
    "@\n",
    "module example 1.0.0\n\n@\n",
    "runbook \"Example\" 1.0.0\n\nchoose \"How?\" {\n@\n}\n",
    "runbook \"Example\" 1.0.0\n\nlook http POST \"http://127.0.0.1/\" {\n@\n}\n",
    "runbook \"Example\" 1.0.0\n\nlook run true {\n@\n}\n",
    TESTED,
];

/// What scenarios name.
const TESTED: &str = r#"runbook "Example" 1.0.0

input release: version

step "Back up" {
  run backup {release}
  rollback none "only leaves a file"
}
step "Migrate" {
  run migrate
  rollback { run migrate back }
}
step "Announce" irreversible {
  run announce
}
choose "Which way?" {
  answer "On" { log "on" }
  answer "Stop" { fail "stopped" }
}
@
"#;

const TOOLS: &str = "module tools 1.0.0\n\nstep restart(region: text) \"Restart {region}\" {\n  run restart {region}\n  rollback none \"harmless\"\n}\n";
const CLEANUP: &str = "runbook \"Clean up\" 1.0.0\n\ninput folder: path\n\nlog \"{folder}\"\n";

#[test]
fn every_example_of_a_schema_compiles_where_it_may_stand() {
    let site = Site::new();
    site.write("tools.runbook", TOOLS);
    site.write("cleanup.runbook", CLEANUP);
    let mut wrong = vec![];
    for schema in SCHEMAS {
        let compiles = |around: &&str| {
            site.write("main.runbook", &around.replace('@', schema.example));
            site.bowline(&["check", "main.runbook"]).status.success()
        };
        if schema.example.is_empty() || !AROUND.iter().any(compiles) {
            wrong.push(format!("{}: {}", schema.word, schema.example));
        }
    }
    assert!(wrong.is_empty(), "examples that compile nowhere:\n{}", wrong.join("\n"));
}
