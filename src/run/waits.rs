//! For what a run waits that is neither stuck nor failed: for which answer, and whose; for which time. Pure.

use jiff::Timestamp;

use super::decide::{Trouble, standing};
use super::render::path_of;
use crate::event::{RunState, Site};
use crate::plan::{Act, Op, Plan, QuestionKind};

/// Something that is waited for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waits {
    /// For what, in words.
    pub what: String,
    /// Who has to answer, where that is not the operator.
    pub whom: Option<String>,
    /// Until when at most, or when it is over.
    pub until: Option<Timestamp>,
}

/// All that a run waits for, in the order of the plan; where it waits for nothing but a time, that.
#[must_use]
pub fn waits(plan: &Plan, state: &RunState) -> Vec<Waits> {
    let standing = standing(plan, state);
    let told: Vec<Waits> = standing.waiting.iter().map(|trouble| waited(plan, state, trouble)).collect();
    match &state.suspended {
        Some((until, why)) if told.is_empty() => {
            vec![Waits { what: why.clone(), whom: None, until: *until }]
        }
        _ => told,
    }
}

fn waited(plan: &Plan, state: &RunState, trouble: &Trouble) -> Waits {
    let mut path = path_of(plan, state, trouble.site);
    // A manual and its question go by one title.
    path.dedup();
    let place = path.join(" / ");
    // Of a question that nobody answered the reason is its place.
    let what = match (place.is_empty(), trouble.why == place) {
        (true, _) | (_, true) => trouble.why.clone(),
        _ => format!("{place}: {}", trouble.why),
    };
    Waits { what, whom: whom(plan, state, trouble.site), until: None }
}

/// Whose answer a question takes.
fn whom(plan: &Plan, state: &RunState, site: Site) -> Option<String> {
    let Some(Op::Do(effect)) = plan.op(site.node) else { return None };
    let Act::Person(question) = &effect.act else { return None };
    if let QuestionKind::Approval { quorum, .. } = &question.kind {
        let named: Vec<_> =
            quorum.iter().map(|quorum| format!("{} from {}", quorum.need, quorum.from)).collect();
        return Some(named.join(" or "));
    }
    let role = question.by.as_ref()?;
    let holder = state.roles.get(role).map(|holder| format!(" ({holder})")).unwrap_or_default();
    Some(format!("{role}{holder}"))
}
