//! The canonical form of a spec: it stays as it is when laid out again, keeps every comment, and means the same.

use std::path::Path;

use bowline::compile::{Compiled, LoadError, Loader, Setting, compile_with};
use bowline::fmt::format;
use bowline::syntax::parse;
use bowline::text::{Source, SourceId};

use crate::check::{Folder, told};
use crate::header::root;

/// Files, one of them laid out.
struct LaidOut<'a> {
    files: &'a dyn Loader,
    name: &'a str,
    text: &'a str,
}

impl Loader for LaidOut<'_> {
    fn read(&self, path: &str) -> Result<Vec<u8>, LoadError> {
        if path == self.name { Ok(self.text.as_bytes().to_vec()) } else { self.files.read(path) }
    }
}

/// Holds the canonical form of a spec to what it must be.
pub(crate) fn check_spec(path: &Path) {
    let Ok(text) = String::from_utf8(std::fs::read(path).unwrap()) else { return };
    check(&Folder, &path.strip_prefix(root()).unwrap().to_string_lossy(), &text);
}

/// Holds the canonical form of a text among files to what it must be.
pub(crate) fn check(files: &dyn Loader, name: &str, text: &str) {
    let laid = laid(name, text);
    assert_eq!(laid, self::laid(name, &laid), "{name}: laid out again it changes");
    assert_eq!(comments(name, text), comments(name, &laid), "{name}: comments");
    let before = compile(&LaidOut { files, name, text });
    let after = compile(&LaidOut { files, name, text: &laid });
    // Of braces that make up for each other only how lines are indented tells, which is laid out by the braces.
    if name.contains("/braces_that_make_up") || name.contains("/braces_missing_at_both_ends") {
        return;
    }
    let codes = |one: &Compiled| one.diagnostics.iter().map(|report| report.code.id).collect::<Vec<_>>();
    assert_eq!(codes(&before), codes(&after), "{name}:\n{laid}\n{}", told(&after));
    let digest = |one: &Compiled| one.plan.as_ref().map(|plan| plan.digest.clone());
    assert_eq!(digest(&before), digest(&after), "{name}: its plan changes:\n{laid}");
}

fn laid(name: &str, text: &str) -> String {
    format(&Source::new(name, text)).text
}

fn comments(name: &str, text: &str) -> Vec<String> {
    let (tree, _) = parse(SourceId(0), &Source::new(name, text));
    tree.comments.into_iter().map(|comment| comment.text).collect()
}

fn compile(files: &LaidOut<'_>) -> Compiled {
    compile_with(files, files.name, &Setting { modules: true, ..Setting::default() })
}
