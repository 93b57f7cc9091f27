//! Gates: every item is evaluated, a "no" holds, only a rejection or expiry fails.

use super::children::Next;
use super::{Command, Pass};
use crate::event::{
    Choice, Fact, Fault, Frame, GateState, Open, Outcome, RunState, Slot, Status, Verdict, Waiver,
};
use crate::plan::{Act, QuestionKind};
use crate::value::show;

impl<'a> Pass<'a> {
    pub(super) fn gate(&mut self, frame: &'a Frame, state: &'a GateState) {
        if let Some(why) = &state.rejected {
            return self.tear(frame, Verdict::Failed(why.clone()));
        }
        if let Some(own) = frame.slot(frame.node) {
            return self.trouble(frame, own);
        }
        let begin = self.out.len();
        let (mut noes, mut waived) = (0, vec![]);
        for slot in &frame.slots {
            let no = self.item(frame, slot);
            noes += usize::from(no);
            waived.extend(self.state.waiver(slot.node).filter(|_| no));
        }
        // People who sign elsewhere are all asked at once.
        let asked = frame.slots.iter().filter(|slot| self.is_signed_elsewhere(slot)).count();
        let moved = self.out.iter().skip(begin).any(|command| !matches!(command, Command::At(..)));
        if moved || noes + asked < frame.slots.len() {
            return;
        }
        if self.more_items(frame) || asked > 0 {
            return;
        }
        if let Some(refused) = frame.slots.iter().find(|slot| self.is_refused(slot)) {
            let by = refused.effect().and_then(|run| run.note.by.clone());
            return self.choose(frame, refused, Choice::Rollback, by);
        }
        match noes - waived.len() {
            0 => self.pass_gate(frame, &waived),
            noes => {
                self.fail(
                    frame,
                    frame.node,
                    Fault::Inconclusive,
                    format!("{noes} of its items did not pass"),
                );
            }
        }
    }

    /// Opens the gate. What was waived before, elsewhere in the run, is told.
    fn pass_gate(&mut self, frame: &'a Frame, waived: &[&Waiver]) {
        for waiver in waived.iter().filter(|waiver| waiver.frame != frame.id) {
            let title = self.plan.node(waiver.node).and_then(|node| node.title.as_ref());
            let title = title.and_then(|title| self.eval(frame.id, title).ok()).map(|title| show(&title));
            let title = title.unwrap_or_default();
            let text = format!("\"{title}\" did not pass; it is waived until {:.0}", waiver.until);
            self.record(Fact::Noted { frame: RunState::ROOT, text });
        }
        self.leave(frame, Verdict::Passed);
    }

    /// Moves an item on; true if it is evaluated and did not pass.
    fn item(&mut self, frame: &'a Frame, slot: &'a Slot) -> bool {
        match &slot.open {
            Open::Nothing => true,
            Open::Effect(run) => match run.status {
                Status::Failed(Outcome::Unknown) => {
                    self.open(frame, slot);
                    false
                }
                Status::Failed(outcome) => !self.retries(frame, slot, run, outcome),
                _ => {
                    self.open(frame, slot);
                    false
                }
            },
            _ => {
                self.open(frame, slot);
                false
            }
        }
    }

    /// Opens the next item; false when all have been evaluated.
    fn more_items(&mut self, frame: &'a Frame) -> bool {
        let Some(group) = self.group(frame.node) else { return false };
        let mut rest = group.children.iter().skip(frame.next);
        rest.any(|child| !matches!(self.next_child(frame, *child), Next::Silent))
    }

    /// Whether it is an approval that is open and that nobody can give at this terminal.
    pub(super) fn is_signed_elsewhere(&self, slot: &Slot) -> bool {
        slot.ballot().is_some() && self.state.roster.as_ref().is_some_and(|roster| roster.signed)
    }

    /// A rejected or expired approval fails its gate.
    fn is_refused(&self, slot: &Slot) -> bool {
        let Some(Act::Person(question)) = self.act(slot).map(|effect| &effect.act) else { return false };
        matches!(question.kind, QuestionKind::Approval { .. }) && slot.effect().is_some()
    }
}
