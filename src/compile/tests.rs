//! The whole pipeline over files in memory.

use super::*;
use crate::program::GroupSize;
use crate::text::Source;
use crate::view::{Style, diagnostics_text};

/// Files by name.
struct Memory(&'static [(&'static str, &'static str)]);

impl Loader for Memory {
    fn read(&self, path: &str) -> Result<Vec<u8>, LoadError> {
        let found = self.0.iter().find(|(name, _)| *name == path);
        found
            .map(|(_, text)| text.as_bytes().to_vec())
            .ok_or_else(|| LoadError::Unreadable("there is no such file".into()))
    }
}

fn names() -> Names {
    let size = |people, line| GroupSize { people, line };
    Names {
        file: "bowline.toml".into(),
        groups: [("managers".into(), size(2, 4)), ("empty".into(), size(0, 5))].into(),
        roles: ["operator".into(), "database".into()].into(),
        channels: ["release".into()].into(),
        targets: ["local".to_owned()].into(),
    }
}

fn told(files: &'static [(&'static str, &'static str)], setting: &Setting) -> String {
    let (entry, _) = files.first().unwrap();
    let compiled = compile_with(&Memory(files), entry, setting);
    diagnostics_text(&compiled.sources, &compiled.diagnostics, Style::PLAIN)
}

const NAMES: &str = r#"runbook "t" 1.0.0
approval "Go" need 1 from "manager" or 1 from "empty"
confirm "A" by "dtabase"
confirm "B" by "operator"
manual "Do it" irreversible by "somebody" {
  """
  Do it.
  """
}
notify "relaese" "out"
notify "the pager" "out"
"#;

const SIZES: &str = r#"runbook "t" 1.0.0
approval "Go" need 3 from "managers" or 1 from "empty"
# allow W0502: set up where it runs
notify "pager" "out"
"#;

#[test]
fn names_that_the_file_does_not_have() {
    let names = Setting { names: Some(names()), ..Setting::default() };
    insta::assert_snapshot!(told(&[("a.runbook", NAMES)], &names));
    assert_eq!(told(&[("a.runbook", NAMES)], &Setting::default()), "");
}

#[test]
fn groups_that_are_too_small() {
    let names = Setting { names: Some(names()), ..Setting::default() };
    insta::assert_snapshot!(told(&[("a.runbook", SIZES)], &names));
    let level = |level| Levels([("W0501".to_owned(), level)].into());
    let allowed = Setting { levels: level(Level::Allow), ..names.clone() };
    assert_eq!(told(&[("a.runbook", SIZES)], &allowed), "");
    let denied = compile_with(
        &Memory(&[("a.runbook", SIZES)]),
        "a.runbook",
        &Setting { levels: level(Level::Deny), ..names },
    );
    assert!(denied.has_errors() && denied.plan.is_none());
}

/// Each check asks the one before it twice.
const DOUBLING: &str = "module twice 1.0.0
check a() { run true }
check b() { a(); a() }
check c() { b(); b(); b(); b(); b(); b(); b(); b(); b(); b() }
check d() { c(); c(); c(); c(); c(); c(); c(); c(); c(); c() }
check e() { d(); d(); d(); d(); d(); d(); d(); d(); d(); d() }
check f() { e(); e(); e(); e(); e(); e(); e(); e(); e(); e() }
";

const ALL: &str = "runbook \"t\" 1.0.0\nuse \"./twice\"\ncheck \"All\" { twice.f() }\n";

#[test]
fn a_plan_without_end_is_one_report() {
    let said = told(&[("a.runbook", ALL), ("twice.runbook", DOUBLING)], &Setting::default());
    assert!(said.starts_with("error[E0409]") && said.ends_with("1 error\n"), "{said}");
}

/// As a file inside the binary would be that nobody checked.
static BROKEN: Bundled = Bundled {
    path: "runbooks/memoria/broken",
    text: "runbook \"t\" 1.0.0\nuse \"./memoria\"\nuse \"./nothing\"\nmemoria.pendign()\n",
};

#[test]
fn a_file_inside_the_binary_is_named_by_its_place_there_and_takes_in_what_is_beside_it() {
    let compiled = compile_from(&Memory(&[]), Entry::Bundled(&BROKEN), &Setting::default());
    let told = diagnostics_text(&compiled.sources, &compiled.diagnostics, Style::PLAIN);
    assert!(told.contains("--> runbooks/memoria/broken:3:5"), "{told}");
    assert!(told.contains("there is no \"./nothing\""), "{told}");
    assert!(told.contains("did you mean `memoria.pending`?"), "{told}");
    let names: Vec<_> = compiled.sources.iter().map(Source::name).collect();
    assert_eq!(names, ["runbooks/memoria/broken", "runbooks/memoria/memoria"]);
}
