//! `bowline show`: a stored run through the same view as a live one.

use super::args::{Format, ShowArgs};
use super::drive::{find, open_store};
use super::out::Console;
use super::screen::{DATED, Teller, plain};
use super::{Done, Exit, Stop};
use crate::event::Event;
use crate::journal::event_line;
use crate::plan::Plan;
use crate::run::decide::standing;

/// Tells what happened.
pub(super) fn show(args: &ShowArgs) -> Done {
    let store = open_store(&args.journal)?;
    let info = find(&store, args.run.as_deref())?;
    let internal = |error: crate::journal::StoreError| Stop::internal(error.to_string());
    let plan = store.plan(&info).map_err(internal)?;
    let events = store.events(&info).map_err(internal)?;
    match args.format {
        Format::Text => tell(&plan, &events)?,
        Format::Json => events.iter().for_each(|event| Console.result(&format!("{}\n", event_line(event)))),
    }
    Ok(Exit::Completed)
}

fn tell(plan: &Plan, events: &[Event]) -> Result<(), Stop> {
    let mut teller = Teller::new(plan, "x", crate::view::Detail::All);
    for event in events {
        let lines = teller.event(event).map_err(|error| Stop::internal(error.to_string()))?;
        Console.result(&teller.drawn(&lines, event.at, DATED, plain(Console.result_style())));
    }
    for stuck in standing(plan, &teller.state).stuck {
        Console.result(&format!("stuck: {}\n", stuck.why));
    }
    Ok(())
}
