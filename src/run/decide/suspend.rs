//! The end of a walk: what may happen together, and when the process leaves.

use jiff::SignedDuration;

use super::{Command, Doing, Pass, Standing, Trouble};
use crate::event::{Fact, Verdict};
use crate::plan::Class;
use crate::run::door::StopHow;

/// What is due within so long is waited for in the process.
const NEAR: SignedDuration = SignedDuration::from_mins(5);

impl Pass<'_> {
    pub(super) fn finish(mut self) -> (Vec<Command>, Standing) {
        self.standing.due = self.timers.iter().min().copied();
        if self.state.root().is_none() || self.state.finished.is_some() || self.state.suspended.is_some() {
            return (vec![], self.standing);
        }
        if let Some(first) = self.out.iter().position(turns_everything) {
            let only = self.out.swap_remove(first);
            return (vec![only], self.standing);
        }
        if !self.standing.stuck.is_empty() {
            self.out.retain(|command| !starts_something(command));
        } else if self.frozen {
            self.out.retain(|command| !starts_something(command) || asks(command));
        }
        let moves = |command: &Command| !matches!(command, Command::At(..));
        if !self.out.iter().any(moves) && !self.is_flying() && !self.keeps_waiting() {
            self.out = vec![Command::Record(self.suspension())];
        }
        (self.out, self.standing)
    }

    /// Something could not be ended: nothing is begun, repeated or undone beside it. What else runs may end, questions
    /// are taken back, and the run is stuck until it is taken up again, which sees to it that nothing lives.
    pub(super) fn wait_for_the_end_of_what_lives(&mut self) {
        for (site, _) in self.state.alive() {
            self.standing.stuck.extend(self.trouble_at(site));
        }
        let questions =
            self.state.running().filter(|(_, run)| run.class == Class::Asks).map(|(_, run)| run.id);
        let mut stops: Vec<_> =
            questions.chain(self.state.asking()).map(|id| Command::Stop(id, StopHow::Withdraw)).collect();
        if self.state.cancels > 1 {
            let working = self
                .state
                .running()
                .filter(|(site, run)| run.class != Class::Asks && !self.plan.is_timer(site.node));
            stops.extend(working.map(|(_, run)| Command::Stop(run.id, StopHow::Gently)));
        }
        self.out.append(&mut stops);
    }

    fn is_flying(&self) -> bool {
        self.is_working() || self.state.asking().next().is_some()
    }

    /// Whether an effect is on, a pause aside.
    pub(super) fn is_working(&self) -> bool {
        self.state.running().any(|(site, _)| !self.plan.is_timer(site.node))
    }

    /// Whether the process stays for what is due, or for votes.
    fn keeps_waiting(&self) -> bool {
        let stay = self.state.settings.as_ref().is_some_and(|settings| settings.stay);
        if !self.standing.stuck.is_empty() {
            return false;
        }
        if stay && !self.state.ballots().is_empty() {
            return true;
        }
        let Some(due) = self.standing.due else { return false };
        let waiting = !self.standing.waiting.is_empty();
        let near = due.duration_since(self.state.now) <= NEAR;
        near || stay || (!waiting && (self.state.is_attended() || self.watched))
    }

    fn suspension(&self) -> Fact {
        let why = |troubles: &[Trouble]| troubles.first().map(|trouble| trouble.why.clone());
        let stuck = why(&self.standing.stuck);
        let until = self.standing.due.filter(|_| stuck.is_none());
        let why = stuck.or_else(|| why(&self.standing.waiting)).or_else(|| self.wait_title());
        Fact::Suspended { until, why: why.unwrap_or_else(|| "a time".into()) }
    }

    /// What the wait that is under way is called.
    fn wait_title(&self) -> Option<String> {
        let waits = self.state.running().filter(|(site, _)| self.plan.is_timer(site.node));
        let mut titles = waits.filter_map(|(site, _)| {
            let title = self.plan.node(site.node)?.title.as_ref()?;
            self.eval(site.frame, title).ok()
        });
        titles.next().map(|title| crate::value::show(&title))
    }
}

/// Facts after which everything else has to be looked at anew.
fn turns_everything(command: &Command) -> bool {
    let Command::Record(fact) = command else { return false };
    matches!(
        fact,
        Fact::Left { verdict: Verdict::Failed(_), .. }
            | Fact::Failed { .. }
            | Fact::Decided { .. }
            | Fact::Committed { .. }
            | Fact::Concluded { .. }
            | Fact::Unwinding { .. }
            | Fact::Finished { .. }
    )
}

/// Whether somebody is to be asked how it goes on.
fn asks(command: &Command) -> bool {
    matches!(command, Command::Begin(intent) if matches!(intent.what, Doing::Question(_)))
}

/// Whether something new begins: nothing does while a person must settle something.
pub(super) fn starts_something(command: &Command) -> bool {
    match command {
        Command::At(_, inner) => starts_something(inner),
        Command::Begin(_) => true,
        Command::Record(fact) => {
            matches!(
                fact,
                Fact::Entered { .. } | Fact::Bound { .. } | Fact::Listed { .. } | Fact::Retrying { .. }
            )
        }
        Command::Stop(..) => false,
    }
}
