//! What comes back from the world, as facts.

use super::super::choices::is_open;
use super::super::decide::trouble_at;
use super::super::door::{Failure, Host, Journal, PersonReply, Reply};
use super::super::judge::{Case, choice, ended, judge};
use super::super::render::path_of;
use super::super::settle::apply;
use super::{DriveError, Driver};
use crate::event::{Asked, Choice, EffectId, Event, Fact, RunState, Site, Slot};
use crate::plan::Class;

impl<H: Host, J: Journal> Driver<'_, H, J> {
    pub(super) fn spawned(
        &mut self,
        effect: EffectId,
        pid: u32,
        started: u64,
        boot: String,
    ) -> Result<(), DriveError> {
        if self.state.site(effect).is_none() {
            return Ok(());
        }
        let fact = Fact::Spawned { effect, pid, started, boot };
        let event = Event { seq: self.state.seq + 1, at: self.now, fact };
        self.state.apply(self.plan, &event)?;
        self.world.journal.note(&event)?;
        self.world.view.event(&event, &self.state);
        Ok(())
    }

    pub(super) fn reply(&mut self, effect: EffectId, mut reply: Reply) -> Result<(), DriveError> {
        if let Some(late) = self.stale.get_mut(&effect).filter(|late| **late > 0) {
            *late -= 1;
            return Ok(());
        }
        if let Some(work) = self.verifying.remove(&effect) {
            match &mut reply {
                Reply::Done { .. } if !self.stopped.contains(&effect) => {
                    self.world.host.start(work);
                    return Ok(());
                }
                Reply::Done { .. } | Reply::Failed { failure: Failure::Stopped, .. } => {
                    reply = taken_back(work.class);
                }
                // A file that it takes is not there any more: it never started.
                Reply::Failed { failure: failure @ Failure::Missing, .. } => *failure = Failure::NotStarted,
                _ => {}
            }
        }
        if !self.flying.remove(&effect) {
            return Ok(());
        }
        let Some(site) = self.state.site(effect) else { return Ok(()) };
        let asked = self.state.slot(site).is_some_and(|slot| slot.question == Asked::Open(effect));
        let fact = match reply {
            Reply::Nobody => Fact::Unanswered { effect, why: self.waits_for(site) },
            // What is no answer answers nothing: only a person's no may fail what is asked.
            Reply::Failed { failure: Failure::Unreadable, message, .. }
                if asked || self.plan.question(site.node).is_some() =>
            {
                if asked {
                    // What failed has its own words for why it waits; these would be told nowhere.
                    self.record(Fact::Noted { frame: RunState::ROOT, text: message.clone() })?;
                }
                Fact::Unanswered { effect, why: message }
            }
            Reply::Person(reply) if asked => self.decided(site, &reply),
            reply => {
                let case = Case { plan: self.plan, state: &self.state, site, mask: &*self.world.host };
                let mut judged = judge(case, reply);
                judged.note.took_ms = self.took(site);
                ended(effect, judged)
            }
        };
        self.record(fact)
    }

    /// Milliseconds since the attempt began.
    fn took(&self, site: Site) -> u64 {
        let began = self.state.slot(site).and_then(Slot::effect).map(|run| run.began);
        let took = began.map(|began| self.now.duration_since(began).as_millis());
        took.and_then(|took| u64::try_from(took).ok()).unwrap_or_default()
    }

    /// What a person decided; words that decide nothing here leave it as it is.
    fn decided(&self, site: Site, reply: &PersonReply) -> Fact {
        let decided = |choice: Choice| Fact::Decided {
            frame: site.frame,
            node: site.node,
            note: Some(reply.note.clone()).filter(|note| !note.is_empty() && choice.why().is_none()),
            choice,
            by: Some(reply.by.clone()),
        };
        let open = trouble_at(self.plan, &self.state, site);
        let chosen =
            choice(reply).ok().filter(|choice| open.is_some_and(|open| is_open(&self.state, &open, choice)));
        let fact = decided(chosen.unwrap_or(Choice::Leave));
        let fits = apply(self.plan, &mut self.state.clone(), fact.clone()).is_ok();
        if fits { fact } else { decided(Choice::Leave) }
    }

    fn waits_for(&self, site: Site) -> String {
        let mut path = path_of(self.plan, &self.state, site);
        // A manual and its question go by one title.
        path.dedup();
        path.join(" / ")
    }
}

/// Stopped before it started: what would have changed something failed clean.
fn taken_back(class: Class) -> Reply {
    let failure = if class == Class::Changes { Failure::NotStarted } else { Failure::Stopped };
    Reply::Failed { failure, message: "stopped before it started".into(), tail: String::new(), output: None }
}
