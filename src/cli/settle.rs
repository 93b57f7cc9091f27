//! `bowline settle`: a person says how something in doubt stands.

use super::args::SettleArgs;
use super::drive::{find, open_store, operator};
use super::resume::Stored;
use super::{Done, Stop};
use crate::event::{Fact, Settlement};
use crate::run::decide::standing;

/// Settles what is stuck, one thing at a time, and goes on.
pub(super) fn settle(args: &SettleArgs) -> Done {
    let how = settlement(args)?;
    let store = open_store(&args.drive.journal)?;
    let stored = Stored::read(&store, find(&store, Some(&args.run))?)?;
    if stored.ended().is_some() {
        return Err(Stop::usage(format!("run {} has ended; there is nothing to settle", stored.info.id)));
    }
    let state = stored.taken_up(&args.drive)?;
    let stands = standing(&stored.plan, &state);
    let Some(stuck) = stands.stuck.first() else {
        let waits = state.suspended.map_or_else(String::new, |(_, why)| format!("; it waits: {why}"));
        return Err(Stop::usage(format!("run {} is not stuck{waits}", stored.info.id)));
    };
    let spot = stuck.spot;
    let fact = Fact::Settled { frame: spot.frame, node: spot.node, how, by: operator() };
    stored.go_on(&store, &args.drive, vec![fact])
}

fn settlement(args: &SettleArgs) -> Result<Settlement, Stop> {
    match (args.again, &args.done, &args.skip, args.rollback, &args.give_up) {
        (true, ..) => Ok(Settlement::Again),
        (_, Some(why), ..) => Ok(Settlement::Done(why.clone())),
        (_, _, Some(why), ..) => Ok(Settlement::Skip(why.clone())),
        (_, _, _, true, _) => Ok(Settlement::Rollback),
        (.., Some(why)) => Ok(Settlement::GiveUp(why.clone())),
        _ => Err(Stop::usage("say how: --again, --done WHY, --skip WHY, --rollback or --give-up WHY")),
    }
}
