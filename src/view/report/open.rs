//! What is open in a run that is not over, as rows at the head of its report: what is in doubt, what is owed, what to type.

use super::text::Text;
use crate::event::RunState;
use crate::plan::Plan;
use crate::run::{InDoubt, Open, OwedUndo, Stands, Stopped};

/// So many undos are listed; the rest is counted.
const OWED_MOST: usize = 200;

/// What needs a person, each a word with what belongs to it; nothing of a run that has ended.
pub(super) fn rows(plan: &Plan, state: &RunState, run: &str) -> Vec<(&'static str, Vec<Text>)> {
    let open = Open::of(plan, state);
    if let Stands::Ended(_) = open.stands {
        return vec![];
    }
    let next = ways(&open, run);
    let word = if open.stands == Stands::Stuck { "stuck" } else { "in doubt" };
    let rows = [
        (word, open.in_doubt.iter().map(told).collect()),
        ("went wrong", open.wrong.into_iter().map(|wrong| wrong.told).collect()),
        ("still owed", owed(&open.owed)),
        ("next", next),
    ];
    let rows = rows.into_iter().filter(|(_, texts): &(_, Vec<String>)| !texts.is_empty());
    rows.map(|(word, texts)| (word, texts.into_iter().map(Text::of).collect())).collect()
}

/// Where several are in doubt each says what settles it.
fn told(doubt: &InDoubt) -> String {
    format!("{}; settled with {}", doubt.line(), doubt.options())
}

/// What is owed, in the order in which it would be undone.
fn owed(owed: &[OwedUndo]) -> Vec<String> {
    let more = owed.len().saturating_sub(OWED_MOST);
    let told = owed.iter().take(OWED_MOST).map(ToString::to_string);
    told.chain((more > 0).then(|| format!("and {more} more"))).collect()
}

/// What to type.
fn ways(open: &Open, run: &str) -> Vec<String> {
    let settle = match open.in_doubt.as_slice() {
        [] => None,
        [one] => Some(format!("look at it, then bowline settle {run} with {}", one.options())),
        _ => Some(format!("look at it, then bowline settle {run} --at STEP with one of its options")),
    };
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
