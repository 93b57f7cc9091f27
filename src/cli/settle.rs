//! `bowline settle`: a person says how something in doubt stands.

use super::args::SettleArgs;
use super::drive::{find, open_store, operator, settings};
use super::resume::Stored;
use super::{Done, Stop};
use crate::event::Settlement;
use crate::run::{Word, settlement};

/// Settles what is stuck, one thing at a time, and goes on.
pub(super) fn settle(args: &SettleArgs) -> Done {
    let how = asked(args)?;
    let store = open_store(&args.drive.journal)?;
    let stored = Stored::read(&store, find(&store, Some(&args.run))?)?;
    if stored.ended().is_some() {
        return Err(Stop::usage(format!("run {} has ended; there is nothing to settle", stored.info.id)));
    }
    let word = Word { effect: None, how, by: operator() };
    let facts = settlement(&stored.plan, &stored.state, settings(&args.drive), word);
    let facts = facts.map_err(|error| Stop::usage(format!("run {}: {error}", stored.info.id)))?;
    stored.go_on(&store, &args.drive, facts)
}

fn asked(args: &SettleArgs) -> Result<Settlement, Stop> {
    match (args.again, &args.done, &args.skip, args.rollback, &args.give_up) {
        (true, ..) => Ok(Settlement::Again),
        (_, Some(why), ..) => Ok(Settlement::Done(why.clone())),
        (_, _, Some(why), ..) => Ok(Settlement::Skip(why.clone())),
        (_, _, _, true, _) => Ok(Settlement::Rollback),
        (.., Some(why)) => Ok(Settlement::GiveUp(why.clone())),
        _ => Err(Stop::usage("say how: --again, --done WHY, --skip WHY, --rollback or --give-up WHY")),
    }
}
