//! What is open in a run that is not over, as rows at the head of its report: what is in doubt, what is owed, what to type.

use super::text::Text;
use crate::event::RunState;
use crate::plan::Plan;
use crate::run::{InDoubt, LeftOpen, Stands, Stopped};
use crate::view::left::{how_to_settle, owed};

/// So many undos are listed: a report is looked through later, and not on a screen.
const OWED_MOST: usize = 200;

/// What needs a person, each a word with what belongs to it; nothing of a run that has ended.
pub(super) fn rows(plan: &Plan, state: &RunState, run: &str) -> Vec<(&'static str, Vec<Text>)> {
    let open = LeftOpen::of(plan, state);
    if let Stands::Ended(_) = open.stands {
        return vec![];
    }
    let next = ways(&open, run);
    let word = if open.stands == Stands::Stuck { "stuck" } else { "in doubt" };
    let rows = [
        (word, open.in_doubt.iter().map(told).collect()),
        ("went wrong", open.wrong.into_iter().map(|wrong| wrong.told).collect()),
        ("still owed", owed(&open.owed, OWED_MOST)),
        ("next", next),
    ];
    let rows = rows.into_iter().filter(|(_, texts): &(_, Vec<String>)| !texts.is_empty());
    rows.map(|(word, texts)| (word, texts.into_iter().map(Text::of).collect())).collect()
}

/// Where several are in doubt each says what settles it.
fn told(doubt: &InDoubt) -> String {
    format!("{}; settled with {}", doubt.line(), doubt.options())
}

/// What to type.
fn ways(open: &LeftOpen, run: &str) -> Vec<String> {
    let settle = (!open.in_doubt.is_empty()).then(|| how_to_settle(open, run, ""));
    let resume = match (open.stands, settle.is_some()) {
        (Stands::Stuck, _) => None,
        (_, true) => Some(format!("or bowline resume {run}, which finds out or asks")),
        (Stands::CutOff, _) => Some(format!("bowline resume {run} goes on with it, and finds out or asks")),
        _ => Some(format!("bowline resume {run} goes on with it")),
    };
    let back = (open.stands == Stands::Stopped(Stopped::OnOrBack))
        .then(|| format!("or bowline cancel {run} --on-failure rollback, which undoes it"));
    settle.into_iter().chain(resume).chain(back).collect()
}
