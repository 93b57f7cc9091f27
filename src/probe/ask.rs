//! One look, asked: a run in memory of a plan with nothing else in it.

use std::collections::HashMap;
use std::path::PathBuf;

use super::unit::alone;
use crate::event::{
    Actor, Attended, Event, Fact, FrameId, OnFailure, Outcome, RunState, Settings, StoredInput, Verdict,
};
use crate::plan::{Loop, NodeId, Op, Plan};
use crate::run::{Host, Tape, World, drive};
use crate::value::{Value, VarId, holds_secret};

/// What a look answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// It is as it should be, or gave a value.
    Passed,
    /// Of a step: what it does is done already, so that a run passes over it.
    InPlace,
    /// Of a step: what it does is not done.
    NotInPlace,
    /// It is not as it should be, and why.
    Failed(String),
    /// No answer: unreachable, over its time, not understood.
    Inconclusive(String),
    /// It was not asked, and why.
    NotAsked(String),
}

/// How looks are asked.
pub struct Asking<'a, F> {
    /// Opens a door to the world, a new one for each look.
    pub door: F,
    /// The folder that relative paths mean.
    pub dir: PathBuf,
    /// The folders where programs are found, as in `PATH`.
    pub path: String,
    /// What is asked.
    pub plan: &'a Plan,
}

/// What came of asking.
pub(super) struct Asked {
    pub(super) answer: Answer,
    pub(super) values: Vec<(VarId, Value)>,
}

impl<F, H> Asking<'_, F>
where
    F: FnMut() -> Result<H, String>,
    H: Host,
{
    /// Asks a look; `known` holds all that it needs.
    pub(super) async fn ask(&mut self, unit: NodeId, known: &HashMap<VarId, Value>) -> Asked {
        let plan = alone(self.plan, unit, known);
        let mut tape = Tape::default();
        let went = match (self.door)() {
            Ok(mut host) => {
                let world = World { host: &mut host, journal: &mut tape, view: &mut () };
                let first = vec![self.started(&plan, known)];
                drive(&plan, RunState::default(), first, world)
                    .await
                    .map(drop)
                    .map_err(|error| error.to_string())
            }
            Err(why) => Err(why),
        };
        let answer = match went {
            Ok(()) => answer(&plan, unit, &tape.0),
            Err(why) => Answer::Inconclusive(why),
        };
        let values =
            if answer == Answer::Passed || answer == Answer::InPlace { values(&tape.0) } else { vec![] };
        Asked { answer, values }
    }

    fn started(&self, plan: &Plan, known: &HashMap<VarId, Value>) -> Fact {
        let input = |(var, value): (&VarId, &Value)| StoredInput {
            var: *var,
            value: value.clone(),
            fingerprint: None,
        };
        Fact::Started {
            digest: plan.digest.clone(),
            dir: self.dir.display().to_string(),
            path: self.path.clone(),
            salt: String::new(),
            sources: vec![],
            inputs: known.iter().map(input).collect(),
            settings: Settings {
                operator: Actor { name: "plan --probe".into(), from_file: false },
                attended: Attended::Nobody,
                on_failure: OnFailure::Rollback,
                stay: false,
                bowline: String::new(),
                step: false,
            },
        }
    }
}

/// The answer that the events tell: of the look as a whole, else of the last thing in it that was not well.
fn answer(plan: &Plan, unit: NodeId, events: &[Event]) -> Answer {
    let body = match plan.op(unit) {
        Some(Op::Loop(looped)) => match &**looped {
            Loop::Poll { body, .. } => Some(*body),
            _ => None,
        },
        _ => None,
    };
    let mut frames: HashMap<FrameId, NodeId> = HashMap::new();
    let (mut whole, mut part) = (None, None);
    for event in events {
        match &event.fact {
            Fact::Entered { frame, node, .. } => _ = frames.insert(*frame, *node),
            Fact::Left { frame, verdict } => match frames.get(frame) {
                Some(node) if *node == unit || Some(*node) == body => whole = Some(verdict.clone()),
                _ => {}
            },
            Fact::Ended { outcome, note, .. } if *outcome != Outcome::Done => {
                part = Some(effect(*outcome, &note.message));
            }
            Fact::Failed { why, .. } => part = Some(Answer::Failed(why.clone())),
            _ => {}
        }
    }
    let is_step = plan.step(unit).is_some();
    match whole {
        Some(Verdict::Passed) if is_step => match part {
            Some(Answer::Inconclusive(why)) => Answer::Inconclusive(why),
            _ => Answer::NotInPlace,
        },
        Some(Verdict::Passed) => Answer::Passed,
        Some(Verdict::InPlace) => Answer::InPlace,
        Some(Verdict::Failed(why)) => Answer::Failed(why),
        Some(Verdict::Inconclusive(why)) => Answer::Inconclusive(why),
        Some(Verdict::Stopped) => Answer::Inconclusive("it was stopped".into()),
        None => part.unwrap_or(Answer::Passed),
    }
}

fn effect(outcome: Outcome, message: &str) -> Answer {
    match outcome {
        Outcome::Failed => Answer::Failed(message.to_owned()),
        _ => Answer::Inconclusive(message.to_owned()),
    }
}

/// What was bound, the last of each. A secret is not kept.
fn values(events: &[Event]) -> Vec<(VarId, Value)> {
    let mut all: Vec<(VarId, Value)> = vec![];
    for event in events {
        match &event.fact {
            Fact::Ended { values, .. } => all.extend(values.iter().cloned()),
            Fact::Bound { var, value, .. } => all.push((*var, value.clone())),
            _ => {}
        }
    }
    let mut last: Vec<(VarId, Value)> = vec![];
    for (var, value) in all.into_iter().rev() {
        if !holds_secret(&value) && !last.iter().any(|(known, _)| *known == var) {
            last.push((var, value));
        }
    }
    last.reverse();
    last
}
