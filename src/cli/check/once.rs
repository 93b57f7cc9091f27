//! Reports of a file that others take in: told once, and of the file itself where that is checked too.

use std::collections::HashSet;
use std::ops::Range;
use std::path::PathBuf;

use crate::compile::Compiled;
use crate::diag::{Code, Diagnostic};
use crate::text::{SourceId, Sources};

/// Takes out of each file's reports those that another one's have.
pub(super) fn told_once(compiled: &mut [Compiled]) {
    let mut told = HashSet::new();
    for own in [true, false] {
        for Compiled { sources, diagnostics, .. } in compiled.iter_mut() {
            // The file itself is the first source.
            let is_own = |one: &Diagnostic| one.primary.span.source == SourceId::default();
            diagnostics.retain(|one| is_own(one) != own || told.insert(what_of(one, sources)) || own);
        }
    }
}

type What = (Option<PathBuf>, Range<usize>, Code, String);

/// What is reported, and where.
fn what_of(one: &Diagnostic, sources: &Sources) -> What {
    let span = one.primary.span;
    let file = sources.get(span.source).and_then(|source| std::path::absolute(source.name()).ok());
    (file, span.range(), one.code, one.message.clone())
}
