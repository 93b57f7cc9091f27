//! The canonical form of a spec: it stays as it is when laid out again, keeps every comment, and means the same.

use std::path::Path;

use bowline::compile::{Compiled, LoadError, Loader, Setting, compile_with};
use bowline::fmt::format;
use bowline::syntax::parse;
use bowline::text::{Source, SourceId};

use crate::check::{Folder, told};
use crate::header::root;

/// The files of a folder, one of them laid out.
struct LaidOut<'a> {
    name: &'a str,
    text: &'a str,
}

impl Loader for LaidOut<'_> {
    fn read(&self, path: &str) -> Result<Vec<u8>, LoadError> {
        if path == self.name { Ok(self.text.as_bytes().to_vec()) } else { Folder.read(path) }
    }
}

/// Holds the canonical form of a file to what it must be.
pub(crate) fn check(path: &Path) {
    let bytes = std::fs::read(path).unwrap();
    let Ok(text) = String::from_utf8(bytes) else { return };
    let name = path.strip_prefix(root()).unwrap_or(path).to_string_lossy().into_owned();
    let laid = laid(&name, &text);
    assert_eq!(laid, self::laid(&name, &laid), "{name}: laid out again it changes");
    assert_eq!(comments(&name, &text), comments(&name, &laid), "{name}: comments");
    let before = compile(&name, &text);
    let after = compile(&name, &laid);
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

fn compile(name: &str, text: &str) -> Compiled {
    compile_with(&LaidOut { name, text }, name, &Setting { modules: true, ..Setting::default() })
}
