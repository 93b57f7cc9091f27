//! Watches a run for approvals that it asks for, and has the people told whose yes it waits for: on the channel that goes by
//! the name of their group.

use crate::cli::out::Console;
use crate::event::{EffectId, Event, Fact, RunState};
use crate::host::Telling;
use crate::plan::Plan;
use crate::run::{View, open_approvals};

/// A view, and beside it what is told.
pub(in crate::cli) struct Told<'a, V> {
    pub(in crate::cli) view: V,
    pub(in crate::cli) plan: &'a Plan,
    pub(in crate::cli) run: &'a str,
    /// `None` with an answers file: it says yes before anybody could, and nobody is called for that.
    pub(in crate::cli) telling: Option<Telling>,
}

impl<V: View> View for Told<'_, V> {
    fn event(&mut self, event: &Event, state: &RunState) {
        if let Fact::Requested { effect, .. } = &event.fact {
            self.asked(*effect, state);
        }
        self.view.event(event, state);
    }

    fn line(&mut self, effect: EffectId, line: &str) {
        self.view.line(effect, line);
    }
}

impl<V> Told<'_, V> {
    fn asked(&mut self, effect: EffectId, state: &RunState) {
        let open = open_approvals(self.plan, state);
        let Some(approval) = open.iter().find(|open| open.effect == effect) else { return };
        let (id, title, version) = (self.run, &self.plan.title, &self.plan.version);
        let path = approval.path.join(" / ");
        let until = approval.expires.map(|until| format!(", until {until:.0}")).unwrap_or_default();
        let text = format!(
            "Run {id} ({title} {version}) waits for \"{path}\": {}{until}. `bowline approve {id} {path:?}` shows what is to be signed.",
            approval.needed
        );
        let Some(telling) = &mut self.telling else { return };
        approval.needed.quorum.iter().for_each(|one| telling.tell(&one.from, &text));
    }

    /// Waits until all is told, and says who was and who was not.
    pub(in crate::cli) async fn finish(self) {
        let Self { view, telling, run, .. } = self;
        // It gives the terminal back.
        drop(view);
        let Some(telling) = telling else { return };
        for (group, taken) in telling.finish().await {
            Console.tell(&match taken {
                Ok(()) => format!("{group}: told that run {run} waits\n"),
                Err(why) => format!("{group}: not told that run {run} waits: {why}\n"),
            });
        }
    }
}
