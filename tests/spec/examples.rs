//! The runbooks of the design, read from where the design is kept: they are checked and planned, and skipped with a
//! word where they are not there. What they ask of modules stands in `examples/`, as small as it can be.

use std::path::{Path, PathBuf};

use bowline::compile::{Compiled, LoadError, Loader, Setting, compile_with};
use bowline::view::Style;
use bowline::view::plan::{Known, outline, plan_text};

use crate::check::told;
use crate::header::{root, specs_of};
use crate::layout;

/// `shared/design/examples` beside the repository, or beside a folder around it.
fn design() -> Option<PathBuf> {
    let around = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().skip(1);
    around.map(|folder| folder.join("shared/design/examples")).find(|folder| folder.is_dir())
}

/// The design's runbooks, with the modules that they use.
struct Examples(PathBuf);

impl Loader for Examples {
    fn read(&self, path: &str) -> Result<Vec<u8>, LoadError> {
        let missing = |_| LoadError::Unreadable("there is no such file".to_owned());
        let ours = std::fs::read_to_string(root().join("examples").join(path));
        let text = match (std::fs::read_to_string(self.0.join(path)), ours) {
            (Ok(theirs), ours) => theirs + &ours.unwrap_or_default(),
            (Err(_), ours) => ours.map_err(missing)?,
        };
        Ok(whole(&text).into_bytes())
    }
}

/// What no file of the design brings: the standard library as files beside, and an input that one of them forgot.
fn whole(text: &str) -> String {
    let text = text.replace("use \"std/", "use \"./std-");
    let forgot = text.contains("{api}/") && !text.contains("input api");
    if forgot {
        text.replacen("input ", "input api: url \"Where the forge answers\"\ninput ", 1)
    } else {
        text
    }
}

#[test]
fn the_runbooks_of_the_design_check_and_plan() {
    let Some(folder) = design() else {
        eprintln!("skipped: there is no shared/design/examples beside the repository or above");
        return;
    };
    let examples = Examples(folder.clone());
    for path in specs_of(&folder) {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let text = String::from_utf8(examples.read(&name).unwrap_or_default()).unwrap();
        let compiled = compile_with(&examples, &name, &Setting { modules: true, ..Setting::default() });
        assert!(!compiled.has_errors(), "{}", told(&compiled));
        layout::check(&examples, &name, &text);
        if !text.trim_start().starts_with("module ") {
            planned(&name, &compiled);
        }
    }
}

/// A plan that can be told, and holds every title.
fn planned(name: &str, compiled: &Compiled) {
    let plan = compiled.plan.as_ref().unwrap();
    let known = Known::new(plan, std::collections::HashMap::new());
    let told = plan_text(&outline(plan, known, true), Style::PLAIN, true);
    assert!(told.lines().count() > 10, "{name}:\n{told}");
}
