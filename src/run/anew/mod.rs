//! A run goes on under another plan: what it did is told again, fact by fact, in the new plan's numbers.
//!
//! Pure. What stands in both plans keeps its facts and their times. What was touched and is another now needs a word of
//! a person. Whether what comes out of it can have happened under the new plan, the fold says: a run that it does not
//! take is refused, with the place.

mod carrier;
mod effects;
mod frames;
mod history;
mod names;
mod news;
mod parts;
mod undos;
mod values;
mod words;

use self::carrier::Carrier;
use self::history::History;
use crate::plan::Anew;

pub use self::words::{CarriedOver, Choose, NotCarried, Replan, Touched, Words};

/// Tells a run again under a new plan.
///
/// # Errors
/// When all is said, and it cannot be.
pub fn carry_over(replan: &Replan<'_>, words: &Words) -> Result<CarriedOver, NotCarried> {
    let anew = Anew::of(replan.old, replan.new);
    let history = History::of(replan.old, replan.events)?;
    let mut carrier = Carrier::new(replan, &anew, &history, words);
    let told = replan.events.iter().try_for_each(|event| carrier.event(event));
    let told = told.and_then(|()| carrier.check_values());
    if !carrier.is_open {
        told?;
    }
    Ok(carrier.over())
}
