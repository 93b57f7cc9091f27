//! Approvals that votes decide, and those that nobody gave in time: a no, which a bound one takes as its value.

use jiff::Timestamp;

use super::super::votes::{Verdict, decided, expiry};
use super::{Command, Pass};
use crate::event::{Actor, EffectRun, Fact, Frame, Outcome, ReplyNote, Site, Slot, Vars};
use crate::plan::{Effect, ResponsePart};
use crate::value::{EvalError, Layered, Value, VarId, eval};

impl Pass<'_> {
    /// When the time of a question is over, if it has one. Of a request it runs from when people were asked.
    pub(super) fn expiry(&self, frame: &Frame, slot: &Slot, run: &EffectRun) -> Option<Timestamp> {
        let asked = match (&run.ballot, &self.state.roster) {
            (Some(ballot), _) => ballot.asked,
            (None, Some(_)) => return None,
            (None, None) => run.first,
        };
        let site = Site { frame: frame.id, node: slot.node };
        expiry(self.plan, self.state, site, asked)
    }

    /// Ends an approval that is decided by votes.
    pub(super) fn decided_by_votes(&mut self, frame: &Frame, slot: &Slot, run: &EffectRun) -> bool {
        let decided = decided(self.plan, self.state, slot.node, run);
        let Some((effect, Verdict { yes, by, message })) = self.act(slot).zip(decided) else { return false };
        let by = Some(Actor { name: by, from_file: false });
        let note = ReplyNote { message, by, ..ReplyNote::default() };
        let (outcome, values) = self.answered(frame, effect, yes);
        self.out.push(Command::Record(Fact::Ended { effect: run.id, outcome, values, note }));
        true
    }

    /// The outcome of a yes or no, with what it binds: a bound no is a value.
    fn answered(&self, frame: &Frame, effect: &Effect, yes: bool) -> (Outcome, Vec<(VarId, Value)>) {
        let answers = effect.response.iter().filter(|(part, _)| *part == ResponsePart::Answer);
        let said: Vars = answers.map(|(_, var)| (*var, Value::Bool(yes))).collect();
        let scope = Layered { inner: &said, outer: &self.state.seen_from(frame.id) };
        let bound: Result<Vec<_>, EvalError> =
            effect.binds.iter().map(|bind| Ok((bind.var, eval(&bind.value, &scope)?))).collect();
        match bound {
            Ok(values) if yes || !values.is_empty() => (Outcome::Done, values),
            _ => (Outcome::Failed, vec![]),
        }
    }

    /// Ends a question once its time is over.
    pub(super) fn expire(&mut self, frame: &Frame, slot: &Slot, run: &EffectRun) {
        let Some((effect, at)) = self.act(slot).zip(self.expiry(frame, slot, run)) else { return };
        let note = ReplyNote { message: "nobody decided in time".into(), ..ReplyNote::default() };
        let (outcome, values) = self.answered(frame, effect, false);
        self.at(at, Command::Record(Fact::Ended { effect: run.id, outcome, values, note }));
    }
}
