//! Which reports another one causes: those that go when its mistake is mended, and nothing else is told instead. And which it
//! only hides: those that come then ([`behind`]).
//!
//! Most are known by rules ([`super::follows`]), at no cost. Where several are left it is tried: the text is read again
//! with one edit at one of them ([`attempt`]), the one that it offers itself or the slip of a hand that is taken back: of its
//! line ([`lines`]), of a word ([`words`], [`slip`]) or of any token ([`tokens`]). Knows no rule of the language.

mod attempt;
mod behind;
mod indent;
mod lines;
mod reread;
mod slip;
mod tokens;
mod words;

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use crate::diag::{Code, Diagnostic, Edit, Family, codes};
use crate::text::{Source, Sources, Span};
use attempt::{Attempt, Round, attempts};
use behind::behind;
use indent::as_indented;
pub(super) use reread::Again;
use reread::{Reader, is_error, with};
use slip::Known;

/// More reports are no consequences of one slip.
const MOST_TOLD: usize = 50;
/// Where more errors are left, none of them is looked at closely.
const MOST_LEFT: usize = 8;

/// So many of what may come from a mistake may be mistakes of their own.
const MOST_BESIDE: usize = 2;
/// And so often it is tried to mend one of them.
const MOST_MENDS: usize = 60;

/// The reports of a program without those that another one causes, and with those that another one hides.
pub(super) fn alone(told: Vec<Diagnostic>, sources: &Sources, how: &Again<'_>) -> Vec<Diagnostic> {
    let few = told.len() <= MOST_TOLD && told.iter().any(is_error);
    let Some(mut reader) = few.then(|| Reader::new(sources, how)).flatten() else { return told };
    if let Some(mut indented) = as_indented(&told, sources, &mut reader) {
        indented.sort_by_key(|one| one.primary.span);
        return indented;
    }
    let mut trying = Trying::new(&told, sources, reader);
    let (caused, mut mended) = trying.all();
    let (mut stand, mut mending) = (vec![], vec![]);
    for (at, report) in told.iter().enumerate().filter(|(at, _)| !caused.contains(at)) {
        let attempt = mended.remove(&at);
        let edits = attempt.as_ref().map(Attempt::edits);
        let edits = edits.or_else(|| report.fix.as_ref().map(|fix| fix.edits.as_slice()));
        mending.extend(edits.filter(|_| is_error(report)).map(<[Edit]>::to_vec));
        let text = sources.get(report.primary.span.source).map_or("", Source::text);
        let report = report.clone();
        stand.push(match attempt {
            Some(attempt) => attempt.told(report, text),
            None => report,
        });
    }
    // Where each is explained by another, all are told.
    if !stand.iter().any(is_error) {
        return told;
    }
    stand.extend(behind(&told, mending, sources, &mut trying.reader));
    stand.sort_by_key(|one| one.primary.span);
    stand
}

/// What is tried on the reports of a program, which are known by their positions.
struct Trying<'t> {
    told: &'t [Diagnostic],
    sources: &'t Sources,
    reader: Reader<'t>,
    known: Known<'t>,
    tried: HashSet<Vec<Edit>>,
    /// How often something may be tried until something is found.
    until: usize,
}

impl<'t> Trying<'t> {
    fn new(told: &'t [Diagnostic], sources: &'t Sources, reader: Reader<'t>) -> Self {
        Self { told, sources, reader, known: Known::of(sources), tried: HashSet::new(), until: 0 }
    }

    /// The reports that others cause, and what mends those.
    fn all(&mut self) -> (HashSet<usize>, HashMap<usize, Attempt>) {
        let (mut caused, mut mended) = (HashSet::new(), HashMap::new());
        if self.told.len() < 2 {
            return (caused, mended);
        }
        for round in Round::ALL {
            let order: Vec<_> = self.order().into_iter().filter(|at| !caused.contains(at)).collect();
            if round.is_wide() && order.len() > MOST_LEFT {
                break;
            }
            self.until = round.most();
            for at in order {
                if caused.contains(&at) || mended.contains_key(&at) {
                    continue;
                }
                let with = if round.is_wide() { self.depending(at) } else { vec![] };
                if round.is_wide() && with.is_empty() {
                    continue;
                }
                let Some((attempt, gone)) = self.mend(at, round, &with) else { continue };
                self.until = round.most();
                let stands = self.likelier(at, &gone, &attempt);
                caused.remove(&stands);
                caused.extend(gone.into_iter().filter(|other| *other != stands));
                mended.insert(stands, attempt);
            }
        }
        (caused, mended)
    }

    /// The report that stands for several: where only a brace is missing, not the statement is wrong on whose line it mends.
    fn likelier(&self, at: usize, gone: &[usize], attempt: &Attempt) -> usize {
        let is_unclosed = |one: &&usize| self.told.get(**one).is_some_and(|one| one.code == codes::UNCLOSED);
        let closes = matches!(attempt, Attempt::Any(edits) if edits.iter().all(|edit| edit.text == "}"));
        gone.iter().find(is_unclosed).copied().filter(|_| closes).unwrap_or(at)
    }

    /// The errors. What is said of brackets is seldom said where the slip is.
    fn order(&self) -> Vec<usize> {
        let mut order: Vec<_> =
            self.told.iter().enumerate().filter(|(_, one)| is_error(one)).map(|(at, _)| at).collect();
        let of_brackets =
            |one: &Diagnostic| matches!(one.code, codes::UNCLOSED | codes::STRAY_CLOSE | codes::BAD_BLOCK);
        order.sort_by_key(|at| self.told.get(*at).is_some_and(of_brackets));
        order
    }

    /// The other reports that may come from what slipped on the line of one: those on the same line, unless all are of
    /// names, and those that are told no more where nothing stands on it but the braces around it, or are of what it lacks.
    fn depending(&mut self, at: usize) -> Vec<usize> {
        let (told, sources) = (self.told, self.sources);
        let Some(span) = told.get(at).map(|report| report.primary.span) else { return vec![] };
        let Some(source) = sources.get(span.source) else { return vec![] };
        let line = source.line_at(span.start);
        let here = |one: &Diagnostic| {
            one.primary.span.source == span.source && line.contains(&one.primary.span.range().start)
        };
        let of_names = told.iter().filter(|one| here(one)).all(|one| one.code.family == Family::Names);
        let (written, text) =
            (source.text().get(line.clone()).unwrap_or_default(), blank(source.text(), line.clone()));
        let found = if self.reader.is_spent() { None } else { self.reader.read(source.name(), &text) };
        let still: Option<HashSet<_>> =
            found.as_ref().map(|found| found.iter().map(|one| key(one, one.primary.span)).collect());
        let depends = |one: &Diagnostic| match &still {
            _ if here(one) => !of_names,
            Some(still) => self.lacks(one, written) || !still.contains(&key(one, one.primary.span)),
            None => true,
        };
        let others = told.iter().enumerate().filter(|(other, one)| *other != at && depends(one));
        others.map(|(other, _)| other).collect()
    }

    /// Whether a report may be of what a line does not give as it stands: a name in it, a brace.
    fn lacks(&self, report: &Diagnostic, line: &str) -> bool {
        let span = report.primary.span;
        let name = self.sources.get(span.source).map_or("", |source| source.slice(span));
        match report.code {
            codes::UNCLOSED | codes::STRAY_CLOSE => name.starts_with(['{', '}']),
            codes::UNKNOWN_NAME => slip::words(line).any(|word| word == name),
            _ => false,
        }
    }

    /// What mends this mistake, so that it goes and others with it, those at least; and all that go.
    fn mend(&mut self, at: usize, round: Round, with_it: &[usize]) -> Option<(Attempt, Vec<usize>)> {
        let report = self.told.get(at)?;
        let source = self.sources.get(report.primary.span.source)?;
        if round.is_wide() {
            self.until = round.most();
        }
        for attempt in attempts(report, (self.told, source), &self.known, round) {
            if !self.tried.insert(attempt.edits().to_vec()) {
                continue;
            }
            if self.reader.is_spent() {
                return None;
            }
            self.until = self.until.checked_sub(1)?;
            let Some(text) = with(source.text(), attempt.edits()) else { continue };
            if !matches!(attempt, Attempt::Offered(_)) && scripts(&text) != scripts(source.text()) {
                continue;
            }
            let Some(found) = self.reader.read(source.name(), &text) else { continue };
            let gone = self.gone(at, &found, attempt.edits());
            let Some(gone) = gone.filter(|gone| gone.contains(&at) && gone.len() > 1) else { continue };
            let rest: Vec<_> = with_it.iter().copied().filter(|one| !gone.contains(one)).collect();
            let apart = rest.iter().all(|one| !self.on_one_line(at, *one));
            if rest.len() <= MOST_BESIDE && apart && self.each_mends(&rest, attempt.edits()) {
                return Some((attempt, gone));
            }
        }
        None
    }

    fn on_one_line(&self, one: usize, other: usize) -> bool {
        let line = |at: usize| {
            let span = self.told.get(at)?.primary.span;
            Some((span.source, self.sources.get(span.source)?.line_at(span.start)))
        };
        line(one) == line(other)
    }

    /// Whether each of those that stay is a mistake of its own: with that of the edits mended, one on its line mends it.
    fn each_mends(&mut self, rest: &[usize], edits: &[Edit]) -> bool {
        let mut edits = edits.to_vec();
        rest.iter().all(|at| {
            let more = self.mends_with(*at, &edits);
            more.map(|more| edits.extend(more)).is_some()
        })
    }

    fn mends_with(&mut self, at: usize, edits: &[Edit]) -> Option<Vec<Edit>> {
        let report = self.told.get(at)?;
        let source = self.sources.get(report.primary.span.source)?;
        let all = [Round::Few, Round::Letters, Round::Tokens];
        let all = all.map(|round| attempts(report, (self.told, source), &self.known, round));
        let mine = |edit: &Edit| edit.span.source == report.primary.span.source;
        if !edits.iter().all(mine) {
            return None;
        }
        for attempt in all.into_iter().flatten().take(MOST_MENDS) {
            let both = [edits, attempt.edits()].concat();
            let text = with(source.text(), &both).filter(|_| !self.reader.is_spent())?;
            let found = self.reader.read(source.name(), &text).unwrap_or_default();
            if self.gone(at, &found, &both).is_some_and(|gone| gone.contains(&at)) {
                return Some(attempt.edits().to_vec());
            }
        }
        None
    }

    /// The reports that are told no more after the edits of one, by position; nothing where an error is told instead.
    /// Another of what is taken away is no consequence.
    fn gone(&self, mended: usize, found: &[Diagnostic], edits: &[Edit]) -> Option<Vec<usize>> {
        let mut still: HashSet<_> = found.iter().map(|one| key(one, one.primary.span)).collect();
        let mut gone = vec![];
        for (at, one) in self.told.iter().enumerate() {
            let span = one.primary.span;
            let taken = edits
                .iter()
                .map(|edit| self.without_blanks(edit.span))
                .any(|edit| edit.source == span.source && edit.start < span.start && span.end <= edit.end);
            if still.remove(&key(one, moved(span, edits))) || taken && at != mended {
                continue;
            }
            if !self.is_of_block(one, edits) {
                return None;
            }
            gone.push(at);
        }
        let new = found.iter().any(|one| is_error(one) && still.contains(&key(one, one.primary.span)));
        (!new).then_some(gone)
    }

    fn without_blanks(&self, span: Span) -> Span {
        let text = self.sources.get(span.source).map_or("", |source| source.slice(span));
        let (start, end) =
            (span.range().end - text.trim_start().len(), span.range().start + text.trim_end().len());
        Span::new(span.source, start.min(end), end)
    }

    /// Whether a brace that closes nothing may close what such edits open: it stands as far in as their line, or that is parted.
    fn is_of_block(&self, report: &Diagnostic, edits: &[Edit]) -> bool {
        let at = report.primary.span;
        let (Some(source), Some(edit)) = (self.sources.get(at.source), edits.first()) else { return true };
        let parts = edit.text == "\n";
        if report.code != codes::STRAY_CLOSE || edit.span.source != at.source || parts {
            return true;
        }
        let line = |offset: u32| source.text().get(source.line_at(offset)).unwrap_or_default();
        let indent = |line: &str| line.len() - line.trim_start().len();
        let (stray, edited) = (line(at.start), line(edit.span.start));
        std::ptr::eq(stray, edited) || !stray.trim_start().starts_with('}') || indent(stray) == indent(edited)
    }
}

/// What makes one report of the two that are told of a text and of the edited one. Why a file cannot be read is not asked
/// twice; what is told of more lines, or hides more, is another.
fn key(report: &Diagnostic, span: Span) -> (Code, &str, Span, [usize; 2]) {
    let unreadable = report.code == codes::UNREADABLE;
    let message = if unreadable { "" } else { &report.message };
    (report.code, message, span, [report.secondary.len(), report.hides.len()])
}

/// Where something stands after edits. What is put in right behind it is none of it.
fn moved(span: Span, edits: &[Edit]) -> Span {
    let here = || edits.iter().filter(|edit| edit.span.source == span.source);
    let moved = |at: u32, by: &dyn Fn(&Edit) -> bool| {
        let added: usize = here().filter(|edit| by(edit)).map(|edit| edit.text.len()).sum();
        let removed: usize = here().filter(|edit| by(edit)).map(|edit| edit.span.range().len()).sum();
        u32::try_from((at as usize + added).saturating_sub(removed)).unwrap_or(at)
    };
    let start = moved(span.start, &|edit| edit.span.end <= span.start);
    let end = moved(span.end, &|edit| edit.span.end <= span.end && edit.span.start < span.end);
    Span { start, end: end.max(start), ..span }
}

/// How many lines open or close a script: another one would take in what is wrong, and mend nothing.
fn scripts(text: &str) -> usize {
    text.lines().filter(|line| line.trim_start().starts_with("``")).count()
}

/// A text with blanks on a line, but for the braces that it begins and ends with.
fn blank(text: &str, line: Range<usize>) -> String {
    let (before, behind) =
        (text.get(..line.start).unwrap_or_default(), text.get(line.end..).unwrap_or_default());
    let written = text.get(line).unwrap_or_default();
    let last = written.trim_end().len().saturating_sub(1);
    let first = written.len() - written.trim_start().len();
    let kept = |(at, byte): (usize, u8)| match byte {
        b'}' if at == first => '}',
        b'{' if at == last => '{',
        b'\n' | b'\r' => char::from(byte),
        _ => ' ',
    };
    let blanks: String = written.bytes().enumerate().map(kept).collect();
    [before, &blanks, behind].concat()
}
