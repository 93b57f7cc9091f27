//! Which reports another one causes: those that go when its mistake is mended, and nothing else is told instead.
//!
//! Most are known by rules ([`super::follows`]), at no cost. Where several are left it is tried: the text is read again
//! with one edit at one of them, the one that it offers itself or the slip of a hand that is taken back: of its line
//! ([`lines`]), or in a word ([`slip`]). Knows no statement and no rule of the language.

use std::collections::{HashMap, HashSet};

use super::files::{LoadError, Loader};
use super::memory::Memory;
use super::slip::{self, Known, Slip};
use super::{Entry, Setting, lines, pipeline};
use crate::diag::{Code, Diagnostic, Edit, Family, Severity, codes};
use crate::text::{Source, Sources, Span};

/// What goes on for longer without finding anything is left as it is.
const MOST_TRIED: usize = 12;
/// More reports are no consequences of one slip.
const MOST_TOLD: usize = 50;

/// The texts that were read, one of them with edits.
struct Edited<'s> {
    sources: &'s Sources,
    path: &'s str,
    text: String,
}

impl Loader for Edited<'_> {
    fn read(&self, path: &str) -> Result<Vec<u8>, LoadError> {
        let kept = self.sources.iter().find(|source| source.name() == path).map(Source::text);
        let text = kept.map(|text| if path == self.path { &self.text } else { text });
        let missing = || LoadError::Unreadable("it was not read before".to_owned());
        text.map(|text| text.as_bytes().to_vec()).ok_or_else(missing)
    }
}

/// What may mend a mistake.
enum Attempt {
    /// What its report offers.
    Offered(Vec<Edit>),
    /// A slip that is taken back.
    Slip(Slip),
}

impl Attempt {
    fn edits(&self) -> &[Edit] {
        match self {
            Self::Offered(edits) => edits,
            Self::Slip(slip) => std::slice::from_ref(&slip.edit),
        }
    }

    /// The report of the mistake that this mends, in that text.
    fn told(self, report: Diagnostic, text: &str) -> Diagnostic {
        let Self::Slip(slip) = self else { return report };
        let report = Diagnostic { help: vec![], fix: None, ..report };
        let report = slip.help().into_iter().fold(report, Diagnostic::help);
        report.guess(slip.title(text), slip.edit.span, slip.edit.text)
    }
}

/// How a program is read again.
pub(super) struct Again<'a> {
    /// Where it begins.
    pub(super) entry: Entry<'a>,
    pub(super) setting: &'a Setting,
    /// So many bytes are read in all, so that what is wrong in a large text is told as it stands.
    pub(super) most: usize,
}

/// The reports of a program without those that another one causes.
pub(super) fn alone(told: Vec<Diagnostic>, sources: &Sources, how: &Again<'_>) -> Vec<Diagnostic> {
    let mut memory = Memory::default();
    let mut again = |edited: &Edited<'_>| pipeline(memory.files(edited, how.entry), how.setting).diagnostics;
    let mut trying = Trying::new(&told, sources, how.most);
    let mut caused = vec![false; told.len()];
    let mut mended = HashMap::new();
    for round in [Round::Few, Round::Many] {
        trying.until = MOST_TRIED;
        for at in trying.order() {
            if caused.get(at).is_none_or(|caused| *caused) {
                continue;
            }
            let Some((attempt, gone)) = trying.mend(at, round, &mut again) else { continue };
            trying.until = MOST_TRIED;
            for other in gone.into_iter().filter(|other| *other != at) {
                caused.get_mut(other).into_iter().for_each(|caused| *caused = true);
            }
            mended.insert(at, attempt);
        }
    }
    let stand = told.into_iter().zip(caused).enumerate().filter(|(_, (_, caused))| !caused);
    stand
        .map(|(at, (report, _))| match mended.remove(&at) {
            Some(attempt) => {
                let source = sources.get(report.primary.span.source);
                attempt.told(report, source.map_or("", Source::text))
            }
            None => report,
        })
        .collect()
}

/// What is tried on the reports of a program.
struct Trying<'t> {
    told: &'t [Diagnostic],
    sources: &'t Sources,
    known: Known<'t>,
    tried: HashSet<Vec<Edit>>,
    /// How often everything may still be read, and how often until something is found.
    left: usize,
    until: usize,
}

impl<'t> Trying<'t> {
    fn new(told: &'t [Diagnostic], sources: &'t Sources, most: usize) -> Self {
        let size: usize = sources.iter().map(|source| source.text().len()).sum();
        let tells = (2..=MOST_TOLD).contains(&told.len()) && told.iter().any(is_error);
        let left = if tells { most / size.max(1) } else { 0 };
        let known = if left == 0 { Known::default() } else { Known::of(sources) };
        Self { told, sources, known, tried: HashSet::new(), left, until: MOST_TRIED }
    }

    /// The errors, by position. What is said of brackets is seldom said where the slip is.
    fn order(&self) -> Vec<usize> {
        let mut order: Vec<_> =
            self.told.iter().enumerate().filter(|(_, one)| is_error(one)).map(|(at, _)| at).collect();
        let of_brackets =
            |one: &Diagnostic| matches!(one.code, codes::UNCLOSED | codes::STRAY_CLOSE | codes::BAD_BLOCK);
        order.sort_by_key(|at| self.told.get(*at).is_some_and(of_brackets));
        order
    }

    /// What mends this mistake, so that it goes and others with it; and all that go.
    fn mend(
        &mut self,
        at: usize,
        round: Round,
        mut again: impl FnMut(&Edited<'_>) -> Vec<Diagnostic>,
    ) -> Option<(Attempt, Vec<usize>)> {
        let report = self.told.get(at).filter(|_| self.left.min(self.until) > 0)?;
        let source = self.sources.get(report.primary.span.source)?;
        for attempt in attempts(report, source, &self.known, round) {
            if !self.tried.insert(attempt.edits().to_vec()) {
                continue;
            }
            (self.left, self.until) = (self.left.checked_sub(1)?, self.until.checked_sub(1)?);
            let Some(text) = with(source.text(), attempt.edits()) else { continue };
            let found = again(&Edited { sources: self.sources, path: source.name(), text });
            let gone =
                self.gone(at, &found, attempt.edits()).filter(|gone| gone.contains(&at) && gone.len() > 1);
            if let Some(gone) = gone {
                return Some((attempt, gone));
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
            let taken = edits.iter().any(|edit| {
                edit.span.source == span.source && edit.span.start < span.start && span.end <= edit.span.end
            });
            if !still.remove(&key(one, moved(span, edits))) && (!taken || at == mended) {
                gone.push(at);
            }
        }
        let new = found.iter().any(|one| is_error(one) && still.contains(&key(one, one.primary.span)));
        (!new).then_some(gone)
    }
}

fn is_error(report: &Diagnostic) -> bool {
    report.severity == Severity::Error
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

fn with(text: &str, edits: &[Edit]) -> Option<String> {
    let mut edits: Vec<_> = edits.iter().collect();
    edits.sort_by_key(|edit| edit.span);
    let mut text = text.to_owned();
    for edit in edits.into_iter().rev() {
        text.get(edit.span.range())?;
        text.replace_range(edit.span.range(), &edit.text);
    }
    Some(text)
}

/// Which attempts are made.
#[derive(Clone, Copy, PartialEq)]
enum Round {
    /// What the report offers, and what may be done with its line.
    Few,
    /// What may have slipped in a word.
    Many,
}

/// What may mend a mistake, the likeliest first.
fn attempts(report: &Diagnostic, source: &Source, known: &Known<'_>, round: Round) -> Vec<Attempt> {
    let at = report.primary.span;
    // What is read, and has its names, has no slip.
    let read = report.code.is_lint() || report.code.family >= Family::Plan;
    let slips = match round {
        _ if read => vec![],
        Round::Few => lines::slips(source, report.code, at),
        Round::Many => slip::near(source, at, known),
    };
    let offered = report.fix.iter().map(|fix| Attempt::Offered(fix.edits.clone()));
    offered.chain(slips.into_iter().map(Attempt::Slip)).collect()
}
