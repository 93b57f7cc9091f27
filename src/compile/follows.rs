//! Which reports follow from others and are not told: one mistake is one report.
//!
//! Some say so themselves ([`Diagnostic::hides`]). And words that do not fit into the head of a statement move those behind
//! them: what is found there, and offers no edit of its own, follows from that. A head goes from the first word of a statement
//! to where its block opens, or to the end of its line. Knows where statements stand, and no kind of them.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use super::pieces;
use crate::diag::{Code, Diagnostic, Severity, codes};
use crate::syntax::tree::{Line, Stmt, Tail, Tree};
use crate::text::{SourceId, Sources, Span};

/// Reports that a head is not of the shape that it must have.
const SHAPE: &[Code] = &[
    codes::BAD_LINE,
    codes::UNCLOSED,
    codes::LEFTOVER,
    codes::UNKNOWN_TYPE,
    codes::NOT_FIXED,
    codes::MISSING_OPERAND,
    codes::SURPLUS_OPERAND,
    codes::UNKNOWN_OPTION,
    codes::REPEATED_OPTION,
    codes::BAD_OPTION,
    codes::BAD_BLOCK,
];

/// Those that say so of what follows a value, or should.
const SPARE: &[Code] = &[codes::LEFTOVER, codes::SURPLUS_OPERAND, codes::MISSING_OPERAND];

/// Reports that a value is not what is wanted of it.
const JUDGED: &[Code] = &[
    codes::TYPE_MISMATCH,
    codes::BAD_VALUE,
    codes::OUT_OF_RANGE,
    codes::UNKNOWN_NAME,
    codes::NO_SUCH_PART,
    codes::NOTHING_TO_BIND,
    codes::NOT_CALLED_SO,
    codes::UNKNOWN_END,
];

/// Those of them that judge a name: any word behind it may be the rest of it.
const NAMED: &[Code] = &[codes::NOT_CALLED_SO, codes::UNKNOWN_END];

/// Reports of what nothing reads.
const UNUSED: &[Code] = &[codes::UNUSED_INPUT, codes::UNUSED_BINDING, codes::UNREAD_DECISION];

/// Reports of lines of which it is not sure what was meant, where they hide something.
const UNREAD: &[Code] = &[codes::UNCLOSED, codes::STRAY_CLOSE, codes::BAD_LITERAL];

/// Reports that a file cannot be had.
const UNHAD: &[Code] = &[codes::UNREADABLE, codes::UNKNOWN_FILE];

/// Reports after which it is not sure what the definition around them promises.
const UNCLEAR: &[Code] = &[codes::MISPLACED, codes::UNKNOWN_OPTION, codes::LEFTOVER];

/// A shorter name is not looked for in a longer word.
const LEAST_JOINED: usize = 4;

/// What other reports follow from.
#[derive(Debug)]
pub(super) struct Follows<'t> {
    sources: &'t Sources,
    hiding: Vec<Diagnostic>,
    hidden: Vec<Hidden>,
    heads: Vec<BadHead>,
    /// The names that nothing has.
    unknown: HashSet<&'t str>,
    /// The names that something has of which the type cannot be read.
    untyped: Vec<&'t str>,
    /// The statements at the top of a file of which it is not sure what was meant, or which have no place there.
    unsure: Vec<Span>,
    /// Where what undoes a step stands outside of it.
    undoes: Vec<Span>,
    /// Whether a file that is taken in cannot be read: what it would do has names.
    lacks_file: bool,
    /// The words of the lines in which something is wrong, and where those lines begin.
    wrong: HashMap<(SourceId, &'t str), Vec<usize>>,
}

/// A part of the text that a report hides.
#[derive(Debug)]
struct Hidden {
    part: Span,
    /// The report, by position.
    by: usize,
    /// How far this part and those before it reach, so that no more of them are looked at than may matter.
    reach: u32,
}

/// A head that cannot be read as it stands.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct BadHead {
    span: Span,
    /// Where that is told.
    told: Span,
    /// Whether what stands there may belong to the value before it.
    spare: bool,
}

impl<'t> Follows<'t> {
    /// Finds it in what is reported so far.
    pub(super) fn from(told: &[Diagnostic], trees: &[Arc<Tree>], sources: &'t Sources) -> Self {
        let hiding: Vec<Diagnostic> = told.iter().filter(|one| !one.hides.is_empty()).cloned().collect();
        let (hidden, wrong) = (hidden_parts(&hiding), wrong_words(told, sources));
        let of = |code| {
            let of_code = told.iter().filter(move |one| one.code == code);
            of_code.filter_map(|one| slice(sources, one.primary.span))
        };
        let (unknown, untyped) = (of(codes::UNKNOWN_NAME).collect(), of(codes::UNKNOWN_TYPE).collect());
        let misplaced = || told.iter().filter(|one| one.code == codes::MISPLACED);
        let unclear = told.iter().filter(|one| UNCLEAR.contains(&one.code));
        let unsure = hiding.iter().filter(|one| UNREAD.contains(&one.code)).chain(unclear);
        let unsure = unsure.filter_map(|one| statement_around(trees, one.primary.span)).collect();
        let undoes =
            |one: &&Diagnostic| matches!(slice(sources, one.primary.span), Some("rollback" | "restore"));
        let undoes = misplaced().filter(undoes).map(|one| one.primary.span).collect();
        let lacks_file = told.iter().any(|one| UNHAD.contains(&one.code));
        let heads = vec![];
        let mut follows =
            Self { sources, hiding, hidden, heads, unknown, untyped, unsure, undoes, lacks_file, wrong };
        let bad_head = |one: &Diagnostic| {
            let told = one.primary.span;
            let tree = trees.iter().find(|tree| tree.source == told.source)?;
            let place = Place { text: sources.get(told.source)?.text(), at: told };
            Some(BadHead { span: place.head(tree)?, told, spare: SPARE.contains(&one.code) })
        };
        let of_shape = told.iter().filter(|one| is_of_shape(one) && !follows.is_hidden(one));
        let mut heads: Vec<_> = of_shape.filter_map(bad_head).collect();
        heads.sort_unstable();
        heads.dedup_by_key(|head| head.span);
        follows.heads = heads;
        follows
    }

    /// Each report once, without what follows from another; what follows at one place may be true at the next.
    pub(super) fn without(&self, told: Vec<Diagnostic>) -> Vec<Diagnostic> {
        let mut seen = HashSet::new();
        let once =
            told.into_iter().filter(|one| seen.insert((one.code, one.primary.span, one.message.clone())));
        let once: Vec<_> = once.collect();
        let undone = self.undone(&once);
        let stands = |mut one: Diagnostic| {
            if one.code == codes::NO_UNDO_ANSWER && undone.contains(&one.primary.span) {
                return None;
            }
            while self.is_hidden(&one) || self.is_in_bad_head(&one) || self.is_of_unread(&one) {
                one = one.next_place()?;
            }
            Some(one)
        };
        pieces::gathered(once.into_iter().filter_map(stands).collect(), self.sources)
    }

    /// Of the steps that seem not to be undone, those that what stands outside is for: the last before it, or else the next.
    fn undone(&self, told: &[Diagnostic]) -> HashSet<Span> {
        let owing = told.iter().filter(|one| one.code == codes::NO_UNDO_ANSWER).map(|one| one.primary.span);
        let mut owing: Vec<_> = owing.collect();
        owing.sort_unstable();
        let of = |undo: &Span| {
            let here = |step: &Span| step.source == undo.source;
            let before = owing.iter().rposition(|step| here(step) && step.start < undo.start);
            before.or_else(|| owing.iter().position(here)).map(|step| owing.remove(step))
        };
        self.undoes.iter().filter_map(of).collect()
    }

    fn is_hidden(&self, report: &Diagnostic) -> bool {
        let at = report.primary.span;
        let begun =
            self.hidden.partition_point(|one| (one.part.source, one.part.start) <= (at.source, at.start));
        let before = self.hidden.get(..begun).unwrap_or_default().iter().rev();
        let here = before.take_while(|one| one.part.source == at.source && one.reach > at.start);
        let mut by = here.filter_map(|one| self.hiding.get(one.by));
        by.any(|other| other != report && other.hides_report(report))
    }

    /// Whether it follows from lines that could not be read as they were meant: a scenario calls something by a name that is
    /// told as unknown; nothing seems to read a name that stands in another line with an error; or a name stands in a line in
    /// which it is not sure what was meant, or is joined with another word in one that shows no type, and may be bound or read
    /// there. The line of a step that says `irreversible` is wrong. And what is never reached may be so by a line before it that is wrong, what is promised to nobody by a head that is.
    fn is_of_unread(&self, report: &Diagnostic) -> bool {
        let at = report.primary.span;
        let slice = |span| slice(self.sources, span).unwrap_or_default();
        let name = slice(at);
        let unknown = || words(name).next().is_some_and(|word| self.unknown.contains(word));
        let elsewhere = || {
            let mut lines = self.wrong.get(&(at.source, name)).into_iter().flatten();
            lines.any(|line| *line != line_start(self.sources, at))
        };
        let unsure = || {
            let hiding = self.hiding.iter().filter(|one| UNREAD.contains(&one.code));
            hiding.flat_map(|one| &one.hides).any(|line| words(slice(*line)).any(|word| holds(word, name)))
        };
        let joined = || self.untyped.iter().any(|word| *word != name && holds(word, name));
        let before = || {
            self.wrong.iter().any(|((source, _), lines)| {
                *source == at.source && lines.iter().any(|line| *line < at.range().start)
            })
        };
        let answered = || {
            let lines = self.wrong.get(&(at.source, "irreversible"));
            lines.is_some_and(|lines| lines.contains(&line_start(self.sources, at)))
        };
        let promised = || self.unsure.iter().any(|whole| whole.holds(at));
        report.code == codes::UNREACHABLE && before()
            || report.code == codes::NO_RETURN && promised()
            || report.code == codes::NOT_CALLED_SO && (self.lacks_file || unknown() || name.contains('\n'))
            || report.code == codes::NO_UNDO_ANSWER && answered()
            || UNUSED.contains(&report.code) && elsewhere()
            || report.code == codes::UNKNOWN_NAME && joined()
            || (report.code == codes::UNKNOWN_NAME || UNUSED.contains(&report.code)) && unsure()
    }

    /// Whether a report follows from that of its head: it stands behind that, or judges a value that goes on there.
    fn is_in_bad_head(&self, report: &Diagnostic) -> bool {
        let at = report.primary.span;
        let begins = |head: &BadHead| (head.span.source, head.span.start);
        let before = self.heads.partition_point(|head| begins(head) <= (at.source, at.start));
        let head = before.checked_sub(1).and_then(|last| self.heads.get(last));
        let Some(head) = head.filter(|head| head.span.source == at.source && at.start < head.span.end) else {
            return false;
        };
        let between = slice(self.sources, Span { start: at.end, end: head.told.start.max(at.end), ..at });
        let spare = head.spare || NAMED.contains(&report.code);
        let spare = spare && between.is_some_and(|blanks| blanks.trim().is_empty());
        let goes_on = head.told.start == at.end || spare && head.told.start > at.end;
        // Where words stand that do not belong there, a block may have been meant.
        let block = head.spare && report.code == codes::BAD_BLOCK;
        let judged = block || goes_on && JUDGED.contains(&report.code);
        head.told != at && (judged || at.start >= head.told.start && report.fix.is_none())
    }
}

/// The statement at the top of its file in which something stands.
fn statement_around(trees: &[Arc<Tree>], at: Span) -> Option<Span> {
    let tree = trees.iter().find(|tree| tree.source == at.source)?;
    let behind = tree.lines.partition_point(|line| start_of(line) <= at.start);
    match tree.lines.get(behind.checked_sub(1)?)? {
        Line::Stmt(stmt) => Some(stmt.span).filter(|whole| whole.holds(at)),
        Line::Bad(_) => None,
    }
}

fn start_of(line: &Line) -> u32 {
    match line {
        Line::Stmt(stmt) => stmt.span.start,
        Line::Bad(span) => span.start,
    }
}

/// Whether a word is a name, or may be one joined with what stood beside it.
pub(super) fn holds(word: &str, name: &str) -> bool {
    word == name || name.len() >= LEAST_JOINED && (word.starts_with(name) || word.ends_with(name))
}

/// The words that names are compared with.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty())
}

/// The words of the lines in which errors are told, and where those lines begin.
fn wrong_words<'t>(told: &[Diagnostic], sources: &'t Sources) -> HashMap<(SourceId, &'t str), Vec<usize>> {
    let errors = told.iter().filter(|one| one.severity == Severity::Error).map(|one| one.primary.span);
    let lines: BTreeSet<_> = errors.map(|at| (at.source, line_start(sources, at))).collect();
    let mut found: HashMap<_, Vec<usize>> = HashMap::new();
    for (source, start) in lines {
        let text = sources.get(source).and_then(|source| source.text().get(start..)).unwrap_or_default();
        for word in words(text.split('\n').next().unwrap_or_default()) {
            found.entry((source, word)).or_default().push(start);
        }
    }
    found
}

fn slice(sources: &Sources, span: Span) -> Option<&str> {
    sources.get(span.source).map(|source| source.slice(span))
}

/// Where the line begins in which something stands.
fn line_start(sources: &Sources, at: Span) -> usize {
    sources.get(at.source).map_or(0, |source| source.line_at(at.start).start)
}

/// The parts of the text that reports hide, in order.
fn hidden_parts(hiding: &[Diagnostic]) -> Vec<Hidden> {
    let parts = hiding.iter().enumerate().flat_map(|(by, one)| one.hides.iter().map(move |part| (*part, by)));
    let mut hidden: Vec<_> = parts.map(|(part, by)| Hidden { part, by, reach: part.end }).collect();
    hidden.sort_by_key(|one| one.part);
    let mut last = None;
    for one in &mut hidden {
        let before = last.filter(|(source, _)| *source == one.part.source).map_or(0, |(_, reach)| reach);
        one.reach = one.reach.max(before);
        last = Some((one.part.source, one.reach));
    }
    hidden
}

/// Whether it says that words do not fit where they stand. One that offers an edit knows what was meant, and the rest with
/// it; one that hides something says itself what follows from it. Words behind a value cut it short, whatever mends them.
fn is_of_shape(report: &Diagnostic) -> bool {
    let blind = report.fix.is_none() && report.hides.is_empty();
    let cuts_short = report.fix.is_some() && report.code == codes::LEFTOVER;
    (blind || cuts_short) && SHAPE.contains(&report.code)
}

/// A place of which the head is looked for.
#[derive(Clone, Copy)]
struct Place<'t> {
    text: &'t str,
    at: Span,
}

impl Place<'_> {
    /// The head that the place belongs to; what stands behind a block belongs to none.
    fn head(self, tree: &Tree) -> Option<Span> {
        self.in_lines(&tree.lines, Span { start: 0, end: u32::MAX, ..self.at })
    }

    /// Among lines in a part of the text.
    fn in_lines(self, lines: &[Line], part: Span) -> Option<Span> {
        let behind = lines.partition_point(|line| start_of(line) <= self.at.start);
        let line = lines.get(behind.checked_sub(1)?)?;
        let end = lines.get(behind).map_or(part.end, |next| start_of(next).min(part.end));
        let part = Span { start: start_of(line), end, ..part };
        match line {
            Line::Stmt(stmt) => self.in_stmt(stmt, part),
            Line::Bad(span) => Some(self.to_line_end(part, *span)),
        }
    }

    /// In a statement and what stands behind it, up to the next.
    fn in_stmt(self, stmt: &Stmt, part: Span) -> Option<Span> {
        let Some(block) = &stmt.block else { return Some(self.to_line_end(part, stmt.span)) };
        let (start, end) = (block.span.start, block.span.end);
        if self.at.start < start {
            return Some(Span { end: start, ..part });
        }
        if self.at.start < end {
            return self.in_lines(&block.lines, block.span);
        }
        match stmt.tail.as_deref() {
            Some(Tail::ElseIf(next)) => self.in_stmt(next, Span { start: end, ..part }),
            Some(Tail::Else(block) | Tail::Otherwise(block)) => {
                let inside = block.span.start <= self.at.start && self.at.start < block.span.end;
                if inside { self.in_lines(&block.lines, block.span) } else { None }
            }
            Some(Tail::Until(_)) | None => None,
        }
    }

    /// A part up to the end of the last line of what could be read: the next one may be left out of the tree.
    fn to_line_end(self, part: Span, read: Span) -> Span {
        let behind = self.text.get(read.range().end..).unwrap_or_default();
        let length = behind.find('\n').and_then(|length| u32::try_from(length).ok()).unwrap_or(u32::MAX);
        Span { end: read.end.saturating_add(length).min(part.end), ..part }
    }
}
