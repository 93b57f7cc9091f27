//! What is left open in a run, in the words that a terminal and a report share. Knows no width, no colour and no markup.

use crate::run::{LeftOpen, OwedUndo};

/// What settles what is in doubt, and what to type; the command stands between these signs.
#[must_use]
pub fn how_to_settle(open: &LeftOpen, run: &str, sign: &str) -> String {
    let at = if open.in_doubt.len() > 1 { " --at STEP" } else { "" };
    let with = match open.in_doubt.first() {
        Some(doubt) if is_alike(open) => doubt.options(),
        _ => "one of its options".to_owned(),
    };
    format!("look at it, then {sign}bowline settle {run}{at}{sign} with {with}")
}

/// Whether all that is in doubt is settled by the same options.
#[must_use]
pub fn is_alike(open: &LeftOpen) -> bool {
    open.in_doubt.windows(2).all(|pair| matches!(pair, [one, other] if one.verbs == other.verbs))
}

/// What is owed, in the order in which it would be undone: so many, and of a long run how many more there are.
#[must_use]
pub fn owed(owed: &[OwedUndo], most: usize) -> Vec<String> {
    let more = owed.len().saturating_sub(most);
    let told = owed.iter().take(most).map(ToString::to_string);
    told.chain((more > 0).then(|| format!("and {more} more"))).collect()
}
