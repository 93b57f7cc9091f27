//! The one function that holds a spec to its verdict.

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Mutex;

use bowline::compile::{Compiled, LoadError, Loader, Setting, compile_with};
use bowline::view::plan::{Known, outline, plan_text};
use bowline::view::{Style, diagnostics_text};

use crate::header::{Spec, Verdict, root, specs_of};
use crate::layout;
use crate::site::Site;

/// Holds every spec of a folder to its verdict; all that differ are told together.
pub(crate) fn check_folder(topic: &str) {
    let specs = Mutex::new(specs_of(&root().join(topic)).into_iter());
    let wrong = Mutex::new(vec![]);
    let work = || {
        while let Some(path) = { specs.lock().unwrap().next() } {
            if catch_unwind(AssertUnwindSafe(|| check(&Spec::read(&path)))).is_err() {
                wrong.lock().unwrap().push(path.display().to_string());
            }
        }
    };
    // Specs wait more than they work.
    std::thread::scope(|scope| (0..8).for_each(|_| drop(scope.spawn(work))));
    let wrong = wrong.into_inner().unwrap();
    assert!(wrong.is_empty(), "{topic}: {} differ:\n{}", wrong.len(), wrong.join("\n"));
}

/// Holds one spec to its verdict, and what it shows to its snapshot. Whatever its verdict is, its canonical
/// form means the same, and what has a plan can be told as one.
pub(crate) fn check(spec: &Spec) {
    layout::check_spec(&spec.path);
    let compiled = compile_spec(&spec.path);
    if let Some(plan) = &compiled.plan {
        assert!(
            plan_text(&outline(plan, Known::new(plan, HashMap::new()), true), Style::PLAIN, true)
                .contains("plan "),
            "{}",
            spec.name()
        );
    }
    let shown = match &spec.verdict {
        Verdict::Checks => {
            assert_eq!(told(&compiled), "", "{} checks without a word", spec.name());
            bowline::plan::print(compiled.plan.as_ref().unwrap())
        }
        Verdict::Reports(wanted) => {
            let text = match spec.beside("bowline.toml") {
                Some(_) => Site::new(spec).check(),
                None => told(&compiled),
            };
            assert_eq!(&codes(&text), wanted, "{}:\n{text}", spec.name());
            text
        }
        Verdict::Runs(exit) => {
            assert_eq!(codes(&told(&compiled)), spec.warned, "{}:\n{}", spec.name(), told(&compiled));
            Site::new(spec).run(*exit)
        }
    };
    snapshot(spec, &shown);
}

/// The codes of the reports in a text, in their order.
fn codes(text: &str) -> Vec<String> {
    let reports = text.lines().filter_map(|line| {
        line.strip_prefix("error[").or_else(|| line.strip_prefix("warning["))?.split(']').next()
    });
    reports.map(str::to_owned).collect()
}

fn snapshot(spec: &Spec, shown: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(spec.path.with_file_name("snapshots"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.set_input_file(spec.path.strip_prefix(env!("CARGO_MANIFEST_DIR")).unwrap());
    let name = spec.path.file_stem().unwrap().to_string_lossy().into_owned();
    settings.bind(|| insta::assert_snapshot!(name, shown));
}

/// The files of a folder of specs: a spec, and what stands in `with/` for all of them.
pub(crate) struct Folder;

impl Loader for Folder {
    fn read(&self, path: &str) -> Result<Vec<u8>, LoadError> {
        let path = root().join(path);
        let shared = path.parent().unwrap().join("with").join(path.file_name().unwrap());
        let bytes = std::fs::read(&path).or_else(|_| std::fs::read(shared));
        bytes.map_err(|_| LoadError::Unreadable("there is no such file".to_owned()))
    }
}

/// Compiles a spec (modules too), as `bowline check` does.
pub(crate) fn compile_spec(path: &Path) -> Compiled {
    let inside = path.strip_prefix(root()).unwrap();
    compile_with(&Folder, &inside.to_string_lossy(), &Setting { modules: true, ..Setting::default() })
}

/// The reports, as they are drawn.
pub(crate) fn told(compiled: &Compiled) -> String {
    diagnostics_text(&compiled.sources, &compiled.diagnostics, Style::PLAIN)
}
