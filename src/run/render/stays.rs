//! What would stay if a scope were undone now (or the run given up), each with the reason: for whoever decides about it.

use super::{Page, title_of};
use crate::event::{Claim, FrameId, Outcome, RunState, Slot, Status};
use crate::plan::{Answer, NodeId};
use crate::value::Expr;

/// So many are told; the rest is counted.
const MANY: usize = 20;

/// Said of a step of which nobody knows whether it was done.
const IN_DOUBT: &str = "nobody knows whether it was done; ";

impl Page<'_> {
    /// What would stay, in the order of the plan.
    pub(super) fn stays(self, scope: FrameId) -> Vec<String> {
        let mut told: Vec<(NodeId, String)> = self.open(scope);
        told.extend(self.stood(scope));
        told.extend(self.kept(scope));
        told.sort_by_key(|(node, _)| *node);
        let mut lines: Vec<String> = told.into_iter().map(|(_, line)| line).collect();
        let before = self.state.left_behind.iter().filter(|_| scope == RunState::ROOT);
        lines.extend(before.map(|one| format!("{}: {}", one.what, one.why)));
        let more = lines.len().saturating_sub(MANY);
        if more > 0 {
            lines.truncate(MANY);
            lines.push(format!("and {more} more"));
        }
        lines
    }

    /// Irreversible steps, and those under way that owe nothing.
    fn open(self, scope: FrameId) -> Vec<(NodeId, String)> {
        let mut seen = self.state.clone();
        let claims = self.state.not_owed_within(self.plan, scope);
        let told = claims.into_iter().filter_map(|Claim { debt, around }| {
            let why = self.why(debt.node)?;
            let from = seen.stand_in(around, &debt.turns);
            let title = title_of(self.plan, &seen, from, debt.node).unwrap_or_default();
            let doubt = if self.is_in_doubt(debt.step) { IN_DOUBT } else { "" };
            Some((debt.node, format!("{title}: {doubt}{why}")))
        });
        told.collect()
    }

    /// Steps that are over and owe no rollback.
    fn stood(self, scope: FrameId) -> Vec<(NodeId, String)> {
        let Some(around) = self.state.frame(scope).map(|frame| frame.node.0) else { return vec![] };
        let end = self.plan.ends().get(around as usize).copied().unwrap_or(around);
        let within = |node: &NodeId| (around..end).contains(&node.0);
        let those = self.state.stood.iter().filter(|(node, _)| within(node));
        let told = those.filter_map(|(node, times)| {
            let times = if *times > 1 { format!(" ({times} times)") } else { String::new() };
            Some((*node, format!("{}{times}: {}", self.title_or_form(*node), self.why(*node)?)))
        });
        told.collect()
    }

    /// What an unwinding before could not undo.
    fn kept(self, scope: FrameId) -> Vec<(NodeId, String)> {
        let kept = self.state.kept.iter().filter(|_| scope == RunState::ROOT);
        let told = kept.map(|debt| {
            let why = if debt.irreversible { None } else { Some("its undo failed, or was passed over") };
            let why = why.map(str::to_owned).or_else(|| self.why(debt.node)).unwrap_or_default();
            (debt.node, format!("{}: {why}", self.title_or_form(debt.node)))
        });
        told.collect()
    }

    /// Why a step is not undone; `None` where its restore is all that it needs.
    fn why(self, node: NodeId) -> Option<String> {
        let step = self.plan.step(node)?;
        Some(match &step.undo {
            Answer::Irreversible => "cannot be undone".to_owned(),
            Answer::Nothing(why) => why.clone(),
            Answer::Unanswered if step.restore.is_some() => return None,
            Answer::Unanswered => "it says nothing about undo".to_owned(),
            Answer::Rollback(_) if self.state.committed => "past the point of no return".to_owned(),
            Answer::Rollback(_) => "it leaves nothing to undo".to_owned(),
        })
    }

    fn title_or_form(self, node: NodeId) -> String {
        let title = title_of(self.plan, self.state, self.site.frame, node);
        let form = || self.plan.node(node).and_then(|node| node.title.as_ref()).map(Expr::fixed_text);
        title.or_else(form).unwrap_or_default()
    }

    /// Whether an outcome in a step that is under way is unknown.
    fn is_in_doubt(self, step: FrameId) -> bool {
        let unknown = |slot: &Slot| {
            let status = slot.effect().map(|run| &run.status);
            matches!(status, Some(Status::Failed(Outcome::Unknown | Outcome::Alive)))
        };
        let parts = self.state.frames().filter(|frame| frame.step == Some(step));
        parts.flat_map(|part| &part.slots).any(unknown)
    }
}
