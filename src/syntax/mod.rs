//! From text to tree: the only module that names pest. Total: every text has a tree.
//!
//! A scan cuts the text into top-level statements and bounds its nesting; where its brackets do not agree it is mended
//! first; pest parses each piece; the builder makes the tree and phrases what could not be read. Knows no statement kind.

mod again;
mod arrow;
mod behind;
mod build;
mod clean;
mod edits;
mod equals;
mod expr;
mod habit;
mod half;
mod heads;
mod leftover;
mod letters;
mod mend;
mod pasted;
mod placeholder;
mod respell;
mod scan;
mod shell;
mod shift;
mod sign;
mod signs;
pub mod tree;
mod walk;
mod words;

use pest::Parser;

use crate::diag::{Diagnostic, Edit, codes};
use crate::text::{Source, SourceId, Span};
pub use again::Version;
use build::Builder;
use clean::{Cleaned, clean};
use edits::{Edits, Instead};
use grammar::{Grammar, Rule};
pub(crate) use habit::{OURS, is_ours, is_prefix, is_program, is_word};
pub(crate) use placeholder::placeholder;
pub(crate) use respell::{
    in_capitals, joined_keyword, small_operator, split_keyword, split_wrongly, stands_again, unknown_keyword,
};
use scan::{Chunk, ChunkKind, Scan, scan};
use shift::{Further, Shift};
pub(crate) use signs::{bracket_end, in_brackets};
use tree::{Line, Tree};
pub(crate) use walk::{after_fence, after_pattern};

/// What the grammar reserves, operator words; a value cannot be called so.
pub(crate) const RESERVED: &[&str] =
    &["and", "or", "not", "in", "contains", "matches", "if", "then", "else", "otherwise", "until"];

/// The words behind which a statement gives a name.
pub(crate) const NAMING: &[&str] = &["let", "input", "ask", "for"];

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
/// How often a statement is read anew for misspelt keywords.
const RESPELT: usize = 2;
/// So many lines of quotes are tried as the beginning or the end of prose.
const QUOTES: usize = 8;
/// Bytes of stack for the deepest nesting that is allowed, with room to spare.
pub const STACK: usize = 128 << 20;

/// Reads a text. Never fails: what cannot be read is a [`Line::Bad`] and one diagnostic.
#[must_use]
pub fn parse(id: SourceId, source: &Source) -> (Tree, Vec<Diagnostic>) {
    let mut cut = cut(id, source.text());
    let (mut lines, mut diagnostics) = (vec![], std::mem::take(&mut cut.scanned.diagnostics));
    for (read, mut reported) in cut.read_all(source.text()) {
        lines.extend(read);
        diagnostics.append(&mut reported);
    }
    diagnostics.sort_by_key(|one| one.primary.span.start);
    (Tree { source: id, lines, comments: cut.scanned.comments }, diagnostics)
}

/// What is read instead of a text, and what is told, where its lines are indented otherwise than its braces open and close
/// blocks, though as many close as open.
pub(crate) fn by_indent(id: SourceId, text: &str) -> (Vec<Edit>, Vec<Diagnostic>) {
    let (instead, told) = mend::mend(id, text, true, &is_statement);
    let edit = |Instead { at, length, with }| Edit { span: Span::new(id, at, at + length), text: with };
    (instead.into_iter().map(edit).collect(), told)
}

/// A text, cut into statements.
struct Cut {
    id: SourceId,
    /// What is to be read, where that is not the text that was given.
    mended: Option<Mended>,
    /// Statements stand where they are in what is read; comments and reports where they are in what was given.
    scanned: Scan,
}

/// A text that is read instead of another.
#[derive(Debug)]
struct Mended {
    text: String,
    edits: Edits,
}

fn cut(id: SourceId, given: &str) -> Cut {
    match clean(id, given) {
        Some(cleaned) => cut_instead(cleaned, |text| cut_named(id, text)),
        None => cut_named(id, given),
    }
}

fn cut_named(id: SourceId, text: &str) -> Cut {
    match letters::plain(id, text) {
        Some(plain) => cut_instead(plain, |text| cut_clean(id, text)),
        None => cut_clean(id, text),
    }
}

/// Reads another text of the same length.
fn cut_instead(Cleaned { text, diagnostics }: Cleaned, read: impl Fn(&str) -> Cut) -> Cut {
    let mut cut = read(&text);
    cut.scanned.diagnostics.splice(..0, diagnostics);
    let mended = cut.mended.unwrap_or(Mended { text, edits: Edits::default() });
    Cut { mended: Some(mended), ..cut }
}

fn cut_clean(id: SourceId, text: &str) -> Cut {
    let scanned = scan(id, text);
    // What seems to be pasted may be prose that nothing opens.
    if scanned.open > 0
        && let Some(cut) = read_whole(id, text, mend::quotes(id, text).chain(mend::unopened(id, text)))
    {
        return cut;
    }
    match Some(text).filter(|_| scanned.foreign).and_then(|text| pasted::find(id, text)) {
        Some(told) => cut_instead(told, |text| cut_without_pasted(id, text)),
        None => cut_scanned(id, text, scanned),
    }
}

/// Reads a text without what was pasted, which may have kept other quotes from being found.
fn cut_without_pasted(id: SourceId, text: &str) -> Cut {
    let scanned = scan(id, text);
    if scanned.open > 0
        && let Some(cut) = read_whole(id, text, mend::quotes(id, text))
    {
        return cut;
    }
    cut_scanned(id, text, scanned)
}

fn cut_scanned(id: SourceId, text: &str, scanned: Scan) -> Cut {
    if scanned.doubts() == 0 {
        return Cut { id, mended: None, scanned };
    }
    if scanned.open > 0
        && let Some(cut) = read_whole(id, text, mend::unclosed(id, text).into_iter())
    {
        return cut;
    }
    let mended = mend::mend(id, text, scanned.stray + scanned.open > 0, &is_statement);
    let agrees_better = |again: &Scan| {
        again.doubts() < scanned.doubts() && again.stray <= scanned.stray && again.open <= scanned.open
    };
    let cut = read_instead(id, text, mended, &agrees_better);
    cut.unwrap_or(Cut { id, mended: None, scanned })
}

/// Reads a text with the first of some edits that leaves no doubt.
fn read_whole(id: SourceId, text: &str, edits: impl Iterator<Item = (Instead, Diagnostic)>) -> Option<Cut> {
    let whole = |again: &Scan| again.doubts() == 0;
    edits.take(QUOTES).find_map(|(instead, told)| read_instead(id, text, (vec![instead], vec![told]), &whole))
}

/// Reads a text with something else in it, if that is better.
fn read_instead(
    id: SourceId,
    text: &str,
    (instead, told): (Vec<Instead>, Vec<Diagnostic>),
    is_better: &dyn Fn(&Scan) -> bool,
) -> Option<Cut> {
    let (text, edits) = Edits::apply(text, instead);
    let mut scanned = Some(scan(id, &text)).filter(is_better)?;
    let back = Shift { source: id, places: &edits };
    scanned.comments.iter_mut().for_each(|comment| back.span(&mut comment.span));
    scanned.diagnostics.iter_mut().for_each(|one| back.diagnostic(one));
    scanned.diagnostics.splice(..0, told);
    Some(Cut { id, mended: Some(Mended { text, edits }), scanned })
}

/// What was read of a statement: usually one line.
type Read = (Vec<Line>, Vec<Diagnostic>);

impl Cut {
    /// Reads every statement of the text that was given, in their order.
    fn read_all(&self, given: &str) -> Vec<Read> {
        let read = |chunks: &[Chunk]| chunks.iter().map(|chunk| self.read(given, chunk)).collect();
        let large = self.scanned.deep || self.scanned.chunks.len() >= LARGE;
        if large {
            side_by_side(&self.scanned.chunks, &read).into_iter().flatten().collect()
        } else {
            read(&self.scanned.chunks)
        }
    }

    /// Reads a statement of the text that was given.
    fn read(&self, given: &str, chunk: &Chunk) -> Read {
        let Some(Mended { text, edits }) = &self.mended else { return read_chunk(self.id, given, chunk) };
        let (mut lines, mut told) = read_chunk(self.id, text, chunk);
        let back = Shift { source: self.id, places: edits };
        back.all(&mut lines, &mut told);
        (lines, told)
    }
}

/// Whether a text is one statement with nothing wrong in it.
fn is_statement(text: &str) -> bool {
    let mut builder = Builder::new(SourceId(0), text, 0);
    let chunk = Chunk { kind: ChunkKind::Readable, start: 0, end: text.len() };
    matches!(read(&mut builder, text, &chunk).as_slice(), [Line::Stmt(_)]) && builder.diagnostics.is_empty()
}

/// Whether a text is one value from its first letter to its last.
fn is_value(text: &str) -> bool {
    let read = Grammar::parse(Rule::expr, text).ok().and_then(|mut pairs| pairs.next());
    read.is_some_and(|value| !text.is_empty() && value.as_str().len() == text.len())
}

fn read_chunk(id: SourceId, text: &str, chunk: &Chunk) -> Read {
    match chunk.kind {
        ChunkKind::Readable => read_as_meant(id, text, chunk, RESPELT),
        ChunkKind::Reported => (vec![Line::Bad(Span::new(id, chunk.start, chunk.end))], vec![]),
    }
}

/// Reads a statement; with misspelt keywords, quotes around them and wrong signs in brackets, as what they mean. Read so, a
/// block may show further ones.
fn read_as_meant(id: SourceId, text: &str, chunk: &Chunk, times: usize) -> Read {
    let mut builder = Builder::new(id, text, chunk.start);
    let lines = read(&mut builder, text, chunk);
    let misspelt = if times > 0 { respell::misspelt(text, &lines) } else { vec![] };
    let known = if times > 0 { std::mem::take(&mut builder.meant) } else { vec![] };
    if misspelt.is_empty() && known.is_empty() {
        return (lines, builder.diagnostics);
    }
    let (mended, mut marked): (Vec<_>, Vec<_>) = known.into_iter().unzip();
    let inside = |one: Instead| Some(Instead { at: one.at.checked_sub(chunk.start)?, ..one });
    let mended = mended.into_iter().flatten().filter_map(inside);
    let instead = misspelt.iter().filter_map(|one| one.instead(chunk.start)).chain(mended).collect();
    let (meant, mut told) = read_with(id, text, chunk, (instead, times - 1));
    // Brackets that are no value yet tell nothing more than they did.
    let around =
        |one: &Diagnostic, at: Span| one.primary.span.start <= at.start && at.start < one.primary.span.end;
    let fails = |one: &Diagnostic| told.iter().any(|other| around(other, one.primary.span));
    if misspelt.is_empty() && marked.iter().any(fails) {
        return (lines, builder.diagnostics);
    }
    told.extend(misspelt.iter().map(|one| one.report(id)));
    // Those that could be read as they were meant hide nothing.
    let hides = |one: &Diagnostic| told.iter().any(|other| one.hides_report(other));
    marked.iter_mut().filter(|one| !hides(one)).for_each(|one| one.hides.clear());
    told.append(&mut marked);
    (meant, told)
}

/// Reads a statement with other words in it, so often again.
fn read_with(id: SourceId, text: &str, chunk: &Chunk, (instead, times): (Vec<Instead>, usize)) -> Read {
    let (meant, edits) = Edits::apply(text.get(chunk.start..chunk.end).unwrap_or_default(), instead);
    let whole = Chunk { kind: ChunkKind::Readable, start: 0, end: meant.len() };
    let (mut lines, mut told) = read_as_meant(id, &meant, &whole, times);
    let further = Further(u32::try_from(chunk.start).unwrap_or(u32::MAX));
    let (back, further) = (Shift { source: id, places: &edits }, Shift { source: id, places: &further });
    back.all(&mut lines, &mut told);
    further.all(&mut lines, &mut told);
    (lines, told)
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
        builder.lines(pairs.flat_map(pest::iterators::Pair::into_inner))
    } else {
        let span = Span::new(builder.id, chunk.start, chunk.end);
        let message = "this cannot be read as a statement";
        builder.diagnostics.push(Diagnostic::error(codes::BAD_LINE, span, message));
        vec![Line::Bad(span)]
    }
}

#[cfg(test)]
mod tests;
