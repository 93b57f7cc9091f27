//! Approvals that nobody gave in time: a no, which a bound one takes as its value.

use jiff::Timestamp;

use super::{Command, Pass};
use crate::event::{EffectRun, Fact, Frame, Outcome, ReplyNote, Slot, Vars};
use crate::plan::{Act, Effect, QuestionKind, ResponsePart};
use crate::run::time::later;
use crate::value::{EvalError, Layered, Value, VarId, eval};

impl Pass<'_> {
    /// When the time of a question is over, if it has one.
    pub(super) fn expiry(&self, frame: &Frame, slot: &Slot, run: &EffectRun) -> Option<Timestamp> {
        let Act::Person(question) = &self.act(slot)?.act else { return None };
        let QuestionKind::Approval { within: Some(within), .. } = &question.kind else { return None };
        Some(later(run.first, self.duration(frame.id, Some(within))?))
    }

    /// Ends a question once its time is over.
    pub(super) fn expire(&mut self, frame: &Frame, slot: &Slot, run: &EffectRun) {
        let Some((effect, at)) = self.act(slot).zip(self.expiry(frame, slot, run)) else { return };
        let note = ReplyNote { message: "nobody decided in time".into(), ..ReplyNote::default() };
        let (outcome, values) = match self.refused(frame, effect) {
            Ok(values) if !values.is_empty() => (Outcome::Done, values),
            _ => (Outcome::Failed, vec![]),
        };
        self.at(at, Command::Record(Fact::Ended { effect: run.id, outcome, values, note }));
    }

    /// What a question binds when the answer is no.
    fn refused(&self, frame: &Frame, effect: &Effect) -> Result<Vec<(VarId, Value)>, EvalError> {
        let answers = effect.response.iter().filter(|(part, _)| *part == ResponsePart::Answer);
        let no: Vars = answers.map(|(_, var)| (*var, Value::Bool(false))).collect();
        let scope = Layered { inner: &no, outer: &self.state.seen_from(frame.id) };
        effect.binds.iter().map(|bind| Ok((bind.var, eval(&bind.value, &scope)?))).collect()
    }
}
