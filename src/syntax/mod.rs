//! From text to tree: the only module that names pest. Total: every text has a tree.
//!
//! A scan cuts the text into top-level statements and bounds its nesting; pest parses each piece;
//! the builder makes the tree and phrases what could not be read. Knows no statement kind.

mod again;
mod build;
mod expr;
mod heads;
mod leftover;
mod mend;
mod scan;
mod shell;
mod shift;
pub mod tree;

use pest::Parser;

use crate::diag::{Diagnostic, codes};
use crate::text::{Source, SourceId, Span};
pub use again::Version;
use build::Builder;
use grammar::{Grammar, Rule};
use scan::{Chunk, ChunkKind, Scan, scan};
pub(crate) use scan::{after_fence, after_pattern};
use tree::{Line, Tree};

/// What the grammar reserves, operator words; a value cannot be called so.
pub(crate) const RESERVED: &[&str] =
    &["and", "or", "not", "in", "contains", "matches", "if", "then", "else", "otherwise", "until"];

/// Whether a word is one of the language where a value stands: an operator word, or a value itself.
#[must_use]
pub fn is_reserved(word: &str) -> bool {
    RESERVED.contains(&word) || ["true", "false", "null"].contains(&word)
}

/// Pest's parser, made from the grammar at build time.
mod grammar {
    #[derive(pest_derive::Parser)]
    #[grammar = "../grammar/bowline.pest"]
    pub(super) struct Grammar;
}

/// So many statements are worth a thread of their own.
const LARGE: usize = 2000;
/// Bytes of stack for the deepest nesting that is allowed, with room to spare.
pub const STACK: usize = 128 << 20;

/// Reads a text. Never fails: what cannot be read is a [`Line::Bad`] and one diagnostic.
#[must_use]
pub fn parse(id: SourceId, source: &Source) -> (Tree, Vec<Diagnostic>) {
    let Cut { mended, mut scanned } = cut(id, source.text());
    let text = mended.as_deref().unwrap_or(source.text());
    let (mut lines, mut diagnostics) = (vec![], std::mem::take(&mut scanned.diagnostics));
    for (read, mut reported) in read_all(id, text, &scanned) {
        lines.extend(read);
        diagnostics.append(&mut reported);
    }
    diagnostics.sort_by_key(|one| one.primary.span.start);
    (Tree { source: id, lines, comments: scanned.comments }, diagnostics)
}

/// A text, cut into statements.
struct Cut {
    /// The text that is to be read, where that is not the one given.
    mended: Option<String>,
    scanned: Scan,
}

fn cut(id: SourceId, text: &str) -> Cut {
    let scanned = scan(id, text);
    if scanned.stray + scanned.open == 0 {
        return Cut { mended: None, scanned };
    }
    let mended = mend::mend(id, text);
    let mut again = scan(id, &mended.text);
    let agrees_better = again.stray + again.open < scanned.stray + scanned.open;
    if agrees_better && again.stray <= scanned.stray && again.open <= scanned.open {
        again.diagnostics.splice(..0, mended.diagnostics);
        return Cut { mended: Some(mended.text), scanned: again };
    }
    Cut { mended: None, scanned }
}

/// What was read of a statement: usually one line.
type Read = (Vec<Line>, Vec<Diagnostic>);

/// Reads every statement, in their order.
fn read_all(id: SourceId, text: &str, scanned: &Scan) -> Vec<Read> {
    let read = |chunks: &[Chunk]| chunks.iter().map(|chunk| read_chunk(id, text, chunk)).collect();
    let large = scanned.deep || scanned.chunks.len() >= LARGE;
    if large {
        side_by_side(&scanned.chunks, &read).into_iter().flatten().collect()
    } else {
        read(&scanned.chunks)
    }
}

fn read_chunk(id: SourceId, text: &str, chunk: &Chunk) -> Read {
    match chunk.kind {
        ChunkKind::Readable => {
            let mut builder = Builder::new(id, text, chunk.start);
            let lines = read(&mut builder, text, chunk);
            (lines, builder.diagnostics)
        }
        ChunkKind::Reported => (vec![Line::Bad(Span::new(id, chunk.start, chunk.end))], vec![]),
    }
}

/// Reads on threads with room for the deepest nesting. Statements know nothing of each other, so those of a
/// large text are read on all cores; the parts come back in their order.
fn side_by_side(chunks: &[Chunk], work: &(impl Fn(&[Chunk]) -> Vec<Read> + Sync)) -> Vec<Vec<Read>> {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let parts = if chunks.len() < LARGE { 1 } else { cores };
    std::thread::scope(|scope| {
        let start = |part| {
            let thread = std::thread::Builder::new().stack_size(STACK);
            (thread.spawn_scoped(scope, move || work(part)), part)
        };
        let parts: Vec<_> = chunks.chunks(chunks.len().div_ceil(parts).max(1)).map(start).collect();
        let finish =
            |(thread, part): (std::io::Result<std::thread::ScopedJoinHandle<'_, Vec<Read>>>, &[Chunk])| {
                // A system without room for another thread reads here.
                let Ok(thread) = thread else { return work(part) };
                thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
            };
        parts.into_iter().map(finish).collect()
    })
}

fn read(builder: &mut Builder<'_>, text: &str, chunk: &Chunk) -> Vec<Line> {
    let piece = text.get(chunk.start..chunk.end).unwrap_or("");
    if let Ok(pairs) = Grammar::parse(Rule::chunk, piece) {
        let inner = pairs.flat_map(pest::iterators::Pair::into_inner);
        inner.filter_map(|pair| builder.line(pair)).collect()
    } else {
        let span = Span::new(builder.id, chunk.start, chunk.end);
        let message = "this cannot be read as a statement";
        builder.diagnostics.push(Diagnostic::error(codes::BAD_LINE, span, message));
        vec![Line::Bad(span)]
    }
}

#[cfg(test)]
mod tests;
