//! The run as a whole as a reader knows it: who drives it, from where, how it is stopped and left.

use jiff::Timestamp;

use super::frames::Seen;
use super::{Line, Live};
use crate::event::{Actor, Context, EffectId, Ending, FrameId, Injection, OPERATOR, RunState};
use crate::plan::{NodeId, Plan};
use crate::value::VarId;
use crate::view::paint::Ink;

impl Live {
    pub(super) fn started(&mut self, plan: &Plan, at: Timestamp) -> Vec<Line> {
        self.books.begin(at);
        of_run(format!("{} {}, run {}", plan.title, plan.version, self.run), Ink::Strong)
    }

    pub(super) fn resumed(&mut self, seen: Seen<'_>, by: &Actor) -> Vec<Line> {
        // What people were asked for they may have decided meanwhile.
        let open: Vec<EffectId> = seen.state.ballots().iter().map(|(_, run, _)| run.id).collect();
        self.effects.retain(|effect, _| open.contains(effect));
        let (title, version, run) = (&seen.plan.title, &seen.plan.version, &self.run);
        let (done, steps) = (self.books.done(), self.index.steps.len());
        let by = &by.name;
        of_run(
            format!("{title} {version}, run {run}, taken up by {by}: {done} of {steps} steps done"),
            Ink::Alert,
        )
    }

    pub(super) fn injected(&mut self, place: &str, kind: Injection) -> Vec<Line> {
        let told = format!("\"{place}\" {}: {}", kind.name(), kind.told());
        self.books.injected(&told);
        of_run(format!("injected: {told}"), Ink::Bad)
    }

    /// `the run is taken over by bo from olga (says olga: end of shift)`.
    pub(super) fn handed_over(
        &mut self,
        role: &str,
        (from, to): (Option<&str>, &str),
        by: &Actor,
        note: &str,
    ) -> Vec<Line> {
        let what = if role == OPERATOR { "the run".to_owned() } else { format!("the role {role}") };
        let from = from.map(|from| format!(" from {from}")).unwrap_or_default();
        let note = if note.is_empty() { String::new() } else { format!(": {note}") };
        let told = format!("{what} is taken over by {to}{from} (says {}{note})", by.name);
        self.books.handed_over(told.clone());
        of_run(told, Ink::Alert)
    }

    pub(super) fn committed(&mut self, seen: Seen<'_>, frame: FrameId, node: NodeId) -> Vec<Line> {
        self.reaches(node);
        let title = self.title(seen, frame, node).unwrap_or_default();
        of_run(format!("━━━ point of no return: \"{title}\" ━━━"), Ink::Alert)
    }

    pub(super) fn finished(
        &mut self,
        seen: Seen<'_>,
        at: Timestamp,
        ending: Ending,
        name: Option<&str>,
    ) -> Vec<Line> {
        self.books.told(seen, &self.index, at, (ending, name))
    }

    /// The process leaves; what it waits for, and until when.
    pub(super) fn suspended(
        &self,
        seen: Seen<'_>,
        at: Timestamp,
        until: Option<Timestamp>,
        why: &str,
    ) -> Vec<Line> {
        let Some(until) = until else { return of_run(format!("stopped here: {why}"), Ink::Alert) };
        let waits = self.waits(seen.plan, seen.state);
        let why = if waits.is_empty() { why.to_owned() } else { waits.join(", ") };
        of_run(format!("stopped here until {}: {why}", self.clock(at, until)), Ink::Alert)
    }
}

/// A line about the run itself.
pub(super) fn of_run(text: impl AsRef<str>, ink: Ink) -> Vec<Line> {
    vec![Line::new(0, text).ink(ink)]
}

pub(super) fn started_late(place: &str, why: &str, by: &Actor) -> Vec<Line> {
    of_run(format!("begins at \"{place}\" ({}): {why}", by.name), Ink::Alert)
}

pub(super) fn secret_changed(plan: &Plan, var: VarId, by: &Actor) -> Vec<Line> {
    let name = plan.var(var).map_or("", |var| var.name.as_str());
    of_run(format!("the secret `{name}` is another one from here on ({})", by.name), Ink::Alert)
}

/// Who holds a role, and who says so where that is not the same person.
pub(super) fn bound(role: &str, person: &str, by: &Actor) -> String {
    // Who acts in the operator's name.
    let says = if role == OPERATOR { format!(", says {}", by.name) } else { String::new() };
    format!("{role}: {person}{says}")
}

/// What a wish to stop does, said at once.
pub(super) fn stop(state: &RunState, by: &Actor) -> String {
    let undoing = state.frames().any(|frame| frame.unwind.is_some());
    let handler = state.frames().any(|frame| frame.context == Context::Handler);
    let what = match (state.cancels, undoing) {
        (0 | 1, _) if handler => {
            "it comes too late for handlers, which go on; once more ends the one that runs and passes over the rest"
        }
        (2, _) if handler => {
            "the handler that runs is being stopped, the rest is passed over; once more leaves at once, resumable"
        }
        (0 | 1, false) => "nothing new starts, what runs may end; once more stops that too",
        (2, false) => "what runs is being stopped; once more leaves at once, resumable",
        (0 | 1, true) => "the undoing goes on; once more leaves it after what runs now, resumable",
        (2, true) => "what runs may end, then the undoing is left, resumable; once more leaves at once",
        (_, _) => "leaving at once; the run can be resumed",
    };
    format!("stop asked for by {}: {what}", by.name)
}
