//! Facts about the run as a whole: who drives it and holds its roles, where it begins, how it is stopped and ends.

use super::apply::Move;
use super::{Actor, Ending, FrameId, Late, OPERATOR, RunState, Settings};
use crate::plan::{NodeId, Plan};
use crate::value::VarId;

impl RunState {
    pub(super) fn driven(&mut self, settings: &Settings) {
        self.operators.insert(settings.operator.name.clone());
        self.settings = Some(settings.clone());
    }

    pub(super) fn role_bound(&mut self, role: &str, person: &str, by: &str) {
        if role == OPERATOR {
            self.operators.extend([person.to_owned(), by.to_owned()]);
        }
        self.roles.insert(role.to_owned(), person.to_owned());
    }

    pub(super) fn started_late(&mut self, plan: &Plan, node: NodeId, why: &str, by: &Actor) -> Move {
        if self.next_frame > 1 || self.next_effect > 0 || self.late.is_some() {
            return Err("the run has begun already".into());
        }
        let start = plan.late_start(node).map_err(|_| "a run cannot begin there")?;
        self.late = Some(Late { left_out: start.left_out, why: why.to_owned(), by: by.clone() });
        Ok(())
    }

    pub(super) fn secret_changed(&mut self, var: VarId, fingerprint: &str) -> Move {
        let input = self.inputs.iter_mut().find(|input| input.var == var && input.fingerprint.is_some());
        input.ok_or("that is no secret input")?.fingerprint = Some(fingerprint.to_owned());
        Ok(())
    }

    pub(super) fn resumed(&mut self, plan: &Plan, settings: &Settings) {
        self.driven(settings);
        self.taken_up = Some(self.now);
        self.resume(plan);
    }

    pub(super) fn cancel_requested(&mut self, by: &str) {
        self.cancels += 1;
        self.cancelled_by = Some(by.to_owned());
    }

    /// An `end` was reached.
    pub(super) fn concluded(&mut self, plan: &Plan, frame: FrameId, node: NodeId, name: &str) -> Move {
        self.concluded = Some(name.to_owned());
        self.advance(plan, frame, node).map(|_| ())
    }

    pub(super) fn finished(&mut self, ending: Ending, name: Option<&str>) {
        self.finished = Some((ending, name.map(str::to_owned)));
        self.frames.clear();
        self.effects.clear();
    }
}
