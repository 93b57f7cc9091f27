//! From text to tree: the only module that names pest. Total: every text has a tree.
//!
//! A scan cuts the text into top-level statements and bounds its nesting; pest parses each piece;
//! the builder makes the tree and phrases what could not be read. Knows no statement kind.

mod build;
mod expr;
mod heads;
mod scan;
mod shell;
pub mod tree;

use pest::Parser;

use crate::diag::{Diagnostic, codes};
use crate::text::{Source, SourceId, Span};
use build::Builder;
use grammar::{Grammar, Rule};
use scan::{Chunk, ChunkKind, Scan, scan};
use tree::{Line, Tree};

/// Pest's parser, made from the grammar at build time.
mod grammar {
    #[derive(pest_derive::Parser)]
    #[grammar = "../grammar/bowline.pest"]
    pub(super) struct Grammar;
}

/// Stack of the thread that reads what nests deep, in bytes; a debug build needs some 10 KiB a level.
const DEEP_STACK: usize = 32 << 20;

/// Reads a text. Never fails: what cannot be read is a [`Line::Bad`] and one diagnostic.
#[must_use]
pub fn parse(id: SourceId, source: &Source) -> (Tree, Vec<Diagnostic>) {
    let text = source.text();
    let scanned = scan(id, text);
    if !scanned.deep {
        return read_all(id, text, &scanned);
    }
    // What is deep is read on a stack of its own: this thread's may be small.
    std::thread::scope(|scope| {
        let deep = std::thread::Builder::new().stack_size(DEEP_STACK);
        match deep.spawn_scoped(scope, || read_all(id, text, &scanned)) {
            Ok(thread) => thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)),
            Err(_) => read_all(id, text, &scanned),
        }
    })
}

fn read_all(id: SourceId, text: &str, scanned: &Scan) -> (Tree, Vec<Diagnostic>) {
    let mut lines = vec![];
    let mut diagnostics = scanned.diagnostics.clone();
    for chunk in &scanned.chunks {
        match chunk.kind {
            ChunkKind::Readable => {
                let mut builder = Builder::new(id, text, chunk.start);
                lines.extend(read(&mut builder, text, chunk));
                diagnostics.append(&mut builder.diagnostics);
            }
            ChunkKind::Reported => lines.push(Line::Bad(Span::new(id, chunk.start, chunk.end))),
        }
    }
    diagnostics.sort_by_key(|one| one.primary.span.start);
    (Tree { source: id, lines, comments: scanned.comments.clone() }, diagnostics)
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
