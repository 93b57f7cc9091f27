//! What an open run needs before it goes on, and from whom. Pure: says how things stand, not what to do.

use jiff::Timestamp;

use super::decide::{Trouble, TroubleKind, standing};
use super::render::path_of;
use super::settle::{InDoubt, Stopped, in_doubt, stopped};
use super::votes::{decided, needed};
use crate::approval::{Quorum, so_far};
use crate::event::{EffectId, Fact, Holder, RunState};
use crate::plan::{Plan, Question, QuestionKind};

/// Something that an open run needs.
#[derive(Clone, Debug, PartialEq)]
pub enum Need {
    /// A person says how something in doubt stands.
    Settle {
        /// Its path.
        place: String,
        /// What is wrong.
        why: String,
        /// The options of `bowline settle` that it takes, in words.
        options: String,
    },
    /// People approve.
    Approval {
        /// Its title.
        title: String,
        /// How many of which group, with who has approved so far; one of several ways is enough.
        from: Vec<(Quorum, Vec<String>)>,
        /// Until when, if it expires.
        until: Option<Timestamp>,
    },
    /// A person answers a question, or does something by hand.
    Answer {
        /// What is asked.
        title: String,
        /// The role that is asked, and who holds it.
        by: Option<(String, Option<String>)>,
    },
    /// A person decides how it goes on.
    Decision {
        /// Where; empty for the run itself.
        place: String,
        /// What is wrong, or what it waits for.
        why: String,
        /// What is open to it, where somebody stopped it.
        stopped: Option<Stopped>,
    },
    /// A lock that another run holds.
    Lock(Holder),
    /// A time comes.
    Time {
        /// When.
        due: Timestamp,
        /// What for.
        why: String,
    },
    /// A process takes it up.
    Process {
        /// Why none drives it.
        why: String,
    },
}

/// What a run needs that no process drives; nothing if it has ended.
#[must_use]
pub fn needs(plan: &Plan, state: &RunState) -> Vec<Need> {
    if state.finished.is_some() {
        return vec![];
    }
    let Some((until, why)) = &state.suspended else { return after_a_crash(plan, state) };
    let now = standing(plan, state);
    let mut needs: Vec<Need> = doubts(plan, state);
    let due = now.due.or(*until);
    let doubtful: Vec<_> = now.in_doubt().into_iter().map(|trouble| trouble.site).collect();
    let other = now.waiting.iter().filter(|trouble| !doubtful.contains(&trouble.site));
    needs.extend(other.map(|trouble| need(plan, state, trouble, due)));
    let given = given(plan, state);
    let approving =
        !given.is_empty() || now.waiting.iter().any(|trouble| plan.is_approval(trouble.site.node));
    needs.extend(given);
    match due {
        Some(due) if !approving && now.stuck.is_empty() => {
            needs.push(Need::Time { due, why: why.clone() });
        }
        _ if needs.is_empty() => needs.push(Need::Process { why: why.clone() }),
        _ => {}
    }
    needs
}

/// No process drives it, and none said why: taken up, it may turn out that somebody has to say how things stand.
fn after_a_crash(plan: &Plan, state: &RunState) -> Vec<Need> {
    let mut needs = vec![Need::Process { why: "cut off".to_owned() }];
    let Some(settings) = state.settings.clone() else { return needs };
    let mut probe = state.clone();
    if super::settle::apply(plan, &mut probe, Fact::Resumed { settings }).is_ok() {
        needs.extend(doubts(plan, &probe));
    }
    needs
}

fn doubts(plan: &Plan, state: &RunState) -> Vec<Need> {
    let doubts = in_doubt(plan, state).into_iter();
    let need = |doubt: InDoubt| Need::Settle { options: doubt.options(), place: doubt.place, why: doubt.why };
    doubts.map(need).collect()
}

fn need(plan: &Plan, state: &RunState, trouble: &Trouble, due: Option<Timestamp>) -> Need {
    let mut path = path_of(plan, state, trouble.site);
    // A manual and its question go by one title.
    path.dedup();
    if let Some(held) = trouble.effect.and_then(|effect| holder(state, effect)) {
        return Need::Lock(held);
    }
    match plan.question(trouble.site.node).filter(|_| trouble.effect.is_some()) {
        Some(Question { kind: QuestionKind::Approval { .. }, .. }) => {
            Need::Approval { title: path.join(" / "), from: approvers(plan, state, trouble), until: due }
        }
        Some(Question { by, .. }) => {
            let by = by.as_ref().map(|role| (role.clone(), state.roles.get(role).cloned()));
            Need::Answer { title: path.join(" / "), by }
        }
        None => {
            let stopped = stopped(plan, state).filter(|_| trouble.kind == TroubleKind::Cancelled);
            Need::Decision { place: path.join(" / "), why: trouble.why.clone(), stopped }
        }
    }
}

/// Approvals that people have decided, and nobody has gone on from.
fn given(plan: &Plan, state: &RunState) -> Vec<Need> {
    let each = state.ballots().into_iter().filter_map(|(site, run, _)| {
        let verdict = decided(plan, state, site.node, run)?;
        let title = path_of(plan, state, site).join(" / ");
        let how = if verdict.yes { format!("given by {}", verdict.by) } else { verdict.message };
        Some(Need::Process { why: format!("approval `{title}` is decided: {how}") })
    });
    each.collect()
}

/// Who approves what is waited for, and who has.
fn approvers(plan: &Plan, state: &RunState, trouble: &Trouble) -> Vec<(Quorum, Vec<String>)> {
    let Some(needed) = needed(plan, trouble.site.node) else { return vec![] };
    let ballot = state.slot(trouble.site).and_then(|slot| slot.ballot());
    let votes = ballot.map(|ballot| ballot.votes.as_slice()).unwrap_or_default();
    let roster = state.roster.clone().unwrap_or_default();
    so_far(votes, &needed, &roster, state.operators())
}

fn holder(state: &RunState, effect: EffectId) -> Option<Holder> {
    state.wanted.get(&effect)?.clone()
}
