//! What may mend a mistake, kind by kind, the likeliest first.

use super::slip::{self, Known, Slip};
use super::{lines, tokens, words};
use crate::diag::{Diagnostic, Edit, Family, codes};
use crate::text::Source;

/// What may mend a mistake.
pub(super) enum Attempt {
    /// What its report offers.
    Offered(Vec<Edit>),
    /// A slip that is taken back.
    Slip(Slip),
    /// A name that is called, or of the type, as it is used, and what to know of it.
    Renamed(Edit, String),
    /// What makes it right, though nobody would know it for what was meant.
    Any(Vec<Edit>),
}

impl Attempt {
    pub(super) fn edits(&self) -> &[Edit] {
        match self {
            Self::Offered(edits) | Self::Any(edits) => edits,
            Self::Slip(Slip { edit, .. }) | Self::Renamed(edit, _) => std::slice::from_ref(edit),
        }
    }

    /// The report of the mistake that this mends, in that text.
    pub(super) fn told(self, report: Diagnostic, text: &str) -> Diagnostic {
        let bare = |report| Diagnostic { help: vec![], fix: None, ..report };
        match self {
            Self::Slip(slip) => {
                let report = slip.help().into_iter().fold(bare(report), Diagnostic::help);
                report.guess(slip.title(text), slip.edit.span, slip.edit.text)
            }
            Self::Renamed(edit, help) => {
                bare(report).help(help).guess(format!("write `{}`", edit.text), edit.span, edit.text)
            }
            Self::Offered(_) | Self::Any(_) => report,
        }
    }
}

/// Which attempts are made. Of those of a later round there are many, and few are what was meant.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Round {
    /// What a report offers, what may be done with its line, and with the names that nothing uses.
    Few,
    /// What may have slipped in a word.
    Letters,
    /// A word that may stand for another.
    Words,
    /// What else may be done with a token of its line.
    Tokens,
}

impl Round {
    pub(super) const ALL: [Self; 4] = [Self::Few, Self::Letters, Self::Words, Self::Tokens];

    /// How many are made until one of them mends something; what goes on for longer is left as it is.
    pub(super) fn most(self) -> usize {
        match self {
            Self::Few | Self::Letters => 12,
            Self::Words => 200,
            Self::Tokens => 300,
        }
    }

    /// Whether what it tries is so much that it is tried only where something depends on the line.
    pub(super) fn is_wide(self) -> bool {
        matches!(self, Self::Words | Self::Tokens)
    }
}

/// What may mend the mistake of one report of several. What is read, and has its names, has no slip.
pub(super) fn attempts(
    report: &Diagnostic,
    (told, source): (&[Diagnostic], &Source),
    known: &Known<'_>,
    round: Round,
) -> Vec<Attempt> {
    let at = report.primary.span;
    let offered = || report.fix.iter().map(|fix| Attempt::Offered(fix.edits.clone()));
    let slips = |slips: Vec<Slip>| slips.into_iter().map(Attempt::Slip);
    // With other letters in place of its signs a script would take in what follows.
    let of_script =
        report.code == codes::BAD_LINE && ["``", "~~~"].iter().any(|signs| source.slice(at).contains(signs));
    match round {
        _ if of_script || report.code.is_lint() || report.code.family >= Family::Plan => {
            offered().filter(|_| round == Round::Few).collect()
        }
        Round::Few => {
            let renamed = words::renamed(report, told, source, known);
            let renamed = renamed.into_iter().chain(words::retyped(report, source));
            let renamed = renamed.map(|(edit, help)| Attempt::Renamed(edit, help));
            offered().chain(slips(lines::slips(source, report.code, at))).chain(renamed).collect()
        }
        Round::Words => {
            slips(words::near(source, at, known)).chain(slips(words::keywords(source, at))).collect()
        }
        Round::Letters => slips(slip::near(source, at, known)).collect(),
        Round::Tokens => tokens::edits(source, at, known).into_iter().map(Attempt::Any).collect(),
    }
}
