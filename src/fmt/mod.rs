//! From text to canonical text: what a person wrote, in the one layout.
//!
//! Moves and removes blanks only, never a letter: what follows from the text follows from its canonical form.
//! Statements that cannot be read stay as they were written. Knows no statement kind but `input`, whose
//! columns it aligns. The rules are in `docs/decisions/0003-layout.md`.

mod blocks;
mod columns;
mod kept;
mod lines;
mod programs;
mod spaces;

use crate::syntax::parse;
use crate::syntax::tree::Tree;
use crate::text::{Source, SourceId};
use kept::Kept;

/// The canonical form of a text; the places of what could not be read, which stay as they are.
#[derive(Debug)]
pub struct Formatted {
    /// The text.
    pub text: String,
    /// Whether all of it could be read.
    pub whole: bool,
}

/// Brings a file to its canonical form. Total and idempotent.
#[must_use]
pub fn format(source: &Source) -> Formatted {
    match source.text().strip_prefix('\u{feff}') {
        Some(text) => without_mark(&Source::new(source.name(), text)),
        None => without_mark(source),
    }
}

/// The canonical form of a text without a byte order mark. Where brackets do not add up, what is read goes by how lines are
/// indented: a text that would be read otherwise once it is laid out stays as it is.
fn without_mark(source: &Source) -> Formatted {
    let done = laid(source);
    if done.whole || laid(&Source::new(source.name(), &done.text)).text == done.text {
        return done;
    }
    Formatted { text: source.text().to_owned(), ..done }
}

fn laid(source: &Source) -> Formatted {
    let (tree, told) = parse(SourceId(0), source);
    let kept = Kept::of(source.text(), &tree, &told);
    match blocks::apart(source.text(), &tree.lines, &kept) {
        Some(text) => {
            let (tree, told) = parse(SourceId(0), &Source::new(source.name(), &text));
            laid_out(&text, &tree, &Kept::of(&text, &tree, &told), told.is_empty())
        }
        None => laid_out(source.text(), &tree, &kept, told.is_empty()),
    }
}

fn laid_out(text: &str, tree: &Tree, kept: &Kept, whole: bool) -> Formatted {
    Formatted { text: columns::align(lines::lay(text, kept, &programs::programs(tree))), whole }
}

#[cfg(test)]
mod tests;
