//! `bowline settle`: a person says how something in doubt stands.

use super::args::SettleArgs;
use super::drive::{attended, find, open_store, settings};
use super::resume::Stored;
use super::{Done, Stop, people};
use crate::event::{Attended, Settlement};
use crate::run::{Word, settlement};

/// Settles what is stuck, one thing at a time, and goes on. Somebody at a terminal who does not say how is asked.
pub(super) fn settle(args: &SettleArgs) -> Done {
    let how = asked(args);
    if how.is_none() && (attended() == Attended::Nobody || args.no_resume) {
        return Err(Stop::usage("say how: --again, --done WHY, --skip WHY, --rollback or --give-up WHY"));
    }
    let store = open_store(&args.drive.journal)?;
    let stored = Stored::read(&store, find(&store, Some(&args.run))?)?;
    if stored.ended().is_some() {
        return Err(Stop::usage(format!("run {} has ended; there is nothing to settle", stored.info.id)));
    }
    let Some(how) = how else {
        let first = stored.taken_up(&args.drive)?;
        return stored.go_on(&store, &args.drive, first);
    };
    let by = stored.operator(&args.drive)?;
    let settings = settings(&args.drive, by.clone());
    let name = people::in_the_name_of(&by);
    let facts = settlement(&stored.plan, &stored.state, settings, Word { place: args.at.clone(), how, by });
    let mut facts = facts.map_err(|error| Stop::usage(format!("run {}: {error}", stored.info.id)))?;
    facts.extend(name);
    if args.no_resume { stored.record(&store, facts) } else { stored.go_on(&store, &args.drive, facts) }
}

fn asked(args: &SettleArgs) -> Option<Settlement> {
    match (args.again, &args.done, &args.skip, args.rollback, &args.give_up) {
        (true, ..) => Some(Settlement::Again),
        (_, Some(why), ..) => Some(Settlement::Done(why.clone())),
        (_, _, Some(why), ..) => Some(Settlement::Skip(why.clone())),
        (_, _, _, true, _) => Some(Settlement::Rollback),
        (.., Some(why)) => Some(Settlement::GiveUp(why.clone())),
        _ => None,
    }
}
