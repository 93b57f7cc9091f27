//! Table-driven: a text goes in, and its diagnostics (or the outline of its program) come out under
//! its lines. The snapshots stand in `snapshots/`.

mod draw;
mod names;
mod programs;
mod statements;
mod types;

use std::collections::HashMap;

use super::{Link, Program, ResolveInput, Unit, check_module, is_module, resolve, uses};
use crate::diag::Diagnostic;
use crate::forms::SCHEMAS;
use crate::syntax::{self, tree::Tree};
use crate::text::{Source, SourceId};

/// The modules that every test may use.
const FILES: &[(&str, &str)] = &[("./memoria", MEMORIA), ("./other.runbook", OTHER)];

const MEMORIA: &str = r#"module memoria 1.0.0

let cli = ["python", "-m", "memoria.cli"]

check pending(database: secret): list of text {
  let all: json = run {...cli} migrate list --json {
    env DATABASE_URL = database
  }
  return jq(all, 'map(select(.applied | not) | .name)')
}

check queue_depth(admin: url): number {
  http GET "{admin}/queue" {
    expect status == 200
    let depth = body.depth
  }
  return depth
}

check healthy(admin: url) {
  http GET "{admin}/health"
}

step maintenance(admin: url, token: secret, on: bool) "Maintenance mode {on}" {
  http POST "{admin}/maintenance" {
    bearer token
    json { enabled: on }
    expect status == 200
  }
  rollback {
    http POST "{admin}/maintenance" {
      bearer token
      json { enabled: not on }
    }
  }
}

step announce(text: text): text "Announce" idempotent {
  let id = run announce {text}
  rollback none "only words"
  return id
}
"#;

const OTHER: &str = r#"runbook "Other" 1.0.0

input cluster: text "Cluster"
input size: int = 3 where (size > 0)

log "{cluster} has {size}"
"#;

/// A file and the files beside it, resolved.
struct Resolved {
    /// The runbook, then the files beside it.
    sources: Vec<Source>,
    program: Option<Program>,
    diagnostics: Vec<Diagnostic>,
}

fn parse(id: u16, name: &str, text: &str) -> (Source, Tree, Vec<Diagnostic>) {
    let source = Source::new(name, text);
    let (tree, diagnostics) = syntax::parse(SourceId(id), &source);
    (source, tree, diagnostics)
}

fn resolved(files: &[(&str, &str)], text: &str) -> Resolved {
    let (source, tree, mut diagnostics) = parse(0, "test.runbook", text);
    let parsed: Vec<_> = (1..).zip(files).map(|(id, (name, text))| parse(id, name, text)).collect();
    let ids: HashMap<&str, SourceId> =
        files.iter().zip(1..).map(|((name, _), id)| (*name, SourceId(id))).collect();
    let mut units = HashMap::new();
    let mut links = HashMap::new();
    for (source, tree, errors) in
        [(&source, &tree, &vec![])].into_iter().chain(parsed.iter().map(|(s, t, e)| (s, t, e)))
    {
        assert!(errors.is_empty(), "{errors:#?}");
        units.insert(tree.source, Unit { source, tree });
        for used in uses(tree) {
            let known = if used.text == "./test.runbook" {
                Some(SourceId(0))
            } else {
                ids.get(used.text.as_str()).copied()
            };
            if let Some(id) = known {
                links.insert((tree.source, used.text), Link::File(id));
            }
        }
    }
    let runbook = Unit { source: &source, tree: &tree };
    let input = ResolveInput {
        runbook,
        files: &units,
        links: &links,
        std_modules: &["helm", "github"],
        schemas: SCHEMAS,
        names: None,
    };
    let (program, found) = resolve(input);
    diagnostics.extend(found);
    let program = program.whole();
    let sources = std::iter::once(source).chain(parsed.into_iter().map(|(source, ..)| source)).collect();
    Resolved { sources, program, diagnostics }
}

/// The body of a runbook with the diagnostics under its lines; `!` where there is none.
fn check(body: &str) -> String {
    check_file(&[], &format!("runbook \"Test\" 1.0.0\n{body}"))
}

fn check_file(more: &[(&str, &str)], text: &str) -> String {
    let files: Vec<_> = FILES.iter().chain(more).copied().collect();
    let resolved = resolved(&files, text);
    let drawn = draw::diagnostics(&resolved.sources, &resolved.diagnostics);
    if resolved.diagnostics.is_empty() { format!("{drawn}(nothing to say)\n") } else { drawn }
}

/// The outline of a runbook that is right.
fn outline(text: &str) -> String {
    let resolved = resolved(FILES, text);
    let program = resolved.program.as_ref();
    let drawn = draw::diagnostics(&resolved.sources, &resolved.diagnostics);
    program.map_or(drawn, draw::program)
}

/// A module that is checked by itself.
fn check_alone(text: &str) -> String {
    let (source, tree, _) = parse(0, "alone", text);
    let unit = Unit { source: &source, tree: &tree };
    let files = HashMap::from([(tree.source, unit)]);
    let links = HashMap::new();
    let input = ResolveInput {
        runbook: unit,
        files: &files,
        links: &links,
        std_modules: &[],
        schemas: SCHEMAS,
        names: None,
    };
    assert!(is_module(&tree));
    draw::diagnostics(std::slice::from_ref(&source), &check_module(input).2)
}
