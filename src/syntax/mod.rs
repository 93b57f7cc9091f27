//! From text to tree: the only module that names pest. Total: every text has a tree.
//!
//! A scan cuts the text into top-level statements and bounds its nesting; pest parses each piece;
//! the builder makes the tree and phrases what could not be read. Knows no statement kind.

mod build;
mod expr;
mod heads;
mod leftover;
mod mend;
mod scan;
mod shell;
pub mod tree;

use pest::Parser;

use crate::diag::{Diagnostic, codes};
use crate::text::{Source, SourceId, Span};
use build::Builder;
use grammar::{Grammar, Rule};
pub(crate) use scan::after_fence;
use scan::{Chunk, ChunkKind, scan};
use tree::{Line, Tree};

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
    let mut text = source.text();
    let mut scanned = scan(id, text);
    let (mut lines, mut diagnostics) = (vec![], vec![]);
    let mended = (scanned.stray + scanned.open > 0).then(|| mend::mend(id, text));
    if let Some(mended) = &mended {
        let again = scan(id, &mended.text);
        let agrees_better = again.stray + again.open < scanned.stray + scanned.open;
        if agrees_better && again.stray <= scanned.stray && again.open <= scanned.open {
            diagnostics.extend(mended.diagnostics.iter().cloned());
            (text, scanned) = (&mended.text, again);
        }
    }
    diagnostics.append(&mut scanned.diagnostics);
    let read = |chunks: &[Chunk]| read_chunks(id, text, chunks);
    let large = scanned.deep || scanned.chunks.len() >= LARGE;
    let parts = if large { side_by_side(&scanned.chunks, &read) } else { vec![read(&scanned.chunks)] };
    for (read, reported) in parts {
        lines.extend(read);
        diagnostics.extend(reported);
    }
    diagnostics.sort_by_key(|one| one.primary.span.start);
    (Tree { source: id, lines, comments: scanned.comments }, diagnostics)
}

type Read = (Vec<Line>, Vec<Diagnostic>);

fn read_chunks(id: SourceId, text: &str, chunks: &[Chunk]) -> Read {
    let (mut lines, mut diagnostics) = (vec![], vec![]);
    for chunk in chunks {
        match chunk.kind {
            ChunkKind::Readable => {
                let mut builder = Builder::new(id, text, chunk.start);
                lines.extend(read(&mut builder, text, chunk));
                diagnostics.append(&mut builder.diagnostics);
            }
            ChunkKind::Reported => lines.push(Line::Bad(Span::new(id, chunk.start, chunk.end))),
        }
    }
    (lines, diagnostics)
}

/// Reads on threads with room for the deepest nesting. Statements know nothing of each other, so those of a
/// large text are read on all cores; the parts come back in their order.
fn side_by_side(chunks: &[Chunk], work: &(impl Fn(&[Chunk]) -> Read + Sync)) -> Vec<Read> {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let parts = if chunks.len() < LARGE { 1 } else { cores };
    std::thread::scope(|scope| {
        let start = |part| {
            let thread = std::thread::Builder::new().stack_size(STACK);
            (thread.spawn_scoped(scope, move || work(part)), part)
        };
        let parts: Vec<_> = chunks.chunks(chunks.len().div_ceil(parts).max(1)).map(start).collect();
        let finish =
            |(thread, part): (std::io::Result<std::thread::ScopedJoinHandle<'_, Read>>, &[Chunk])| {
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
