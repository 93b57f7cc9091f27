//! What an open run needs before it goes on, and from whom. Pure: says how things stand, not what to do.

use jiff::Timestamp;

use super::approvals::open_approvals;
use super::decide::{Trouble, TroubleKind, standing, trouble_at};
use super::render::path_of;
use super::settle::{InDoubt, Stopped, as_taken_up, in_doubt, stopped};
use super::votes::{decided, needed};
use crate::approval::{Quorum, so_far};
use crate::event::{Asked, EffectId, Holder, RunState, Site};
use crate::plan::{Class, Plan, Question, QuestionKind};

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
    /// People have decided an approval; a process goes on from that.
    Decided {
        /// What, and how.
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

/// What a run that a process drives waits for at this moment from people, or from another run.
#[must_use]
pub fn asked(plan: &Plan, state: &RunState) -> Vec<Need> {
    let approvals = open_approvals(plan, state);
    let open = |effect: &EffectId| approvals.iter().find(|open| open.effect == *effect);
    let voting = state.ballots().into_iter().map(|(site, run, _)| (site, run.id));
    let others =
        state.running().filter(|(_, run)| run.class == Class::Asks || state.wanted.contains_key(&run.id));
    let others = others.map(|(site, run)| (site, run.id)).filter(|(_, effect)| open(effect).is_none());
    let all = voting.chain(others);
    let mut needs: Vec<Need> =
        all.filter_map(|at| of_effect(plan, state, at, open(&at.1).and_then(|open| open.expires))).collect();
    let frames = state.frames().flat_map(|frame| frame.slots.iter().map(|slot| (frame.id, slot)));
    let troubles = frames.filter(|(_, slot)| matches!(slot.question, Asked::Open(_)));
    let troubles =
        troubles.filter_map(|(frame, slot)| trouble_at(plan, state, Site { frame, node: slot.node }));
    needs.extend(troubles.map(|trouble| Need::Decision {
        place: titles(plan, state, trouble.site),
        why: trouble.why,
        stopped: None,
    }));
    needs
}

/// No process drives it, and none said why: taken up, it may turn out that somebody has to say how things stand.
fn after_a_crash(plan: &Plan, state: &RunState) -> Vec<Need> {
    let why = if is_busy(state) { "cut off" } else { "nobody drives it" };
    let mut needs = vec![Need::Process { why: why.to_owned() }];
    needs.extend(as_taken_up(plan, state).iter().flat_map(|probe| doubts(plan, probe)));
    needs
}

/// Whether something is at work in it, or lives on.
pub(super) fn is_busy(state: &RunState) -> bool {
    state.running().chain(state.alive()).next().is_some()
}

fn doubts(plan: &Plan, state: &RunState) -> Vec<Need> {
    let doubts = in_doubt(plan, state).into_iter();
    let need = |doubt: InDoubt| Need::Settle { options: doubt.options(), place: doubt.place, why: doubt.why };
    doubts.map(need).collect()
}

fn need(plan: &Plan, state: &RunState, trouble: &Trouble, due: Option<Timestamp>) -> Need {
    let asked = trouble.effect.and_then(|effect| of_effect(plan, state, (trouble.site, effect), due));
    asked.unwrap_or_else(|| {
        let stopped = stopped(plan, state).filter(|_| trouble.kind == TroubleKind::Cancelled);
        Need::Decision { place: titles(plan, state, trouble.site), why: trouble.why.clone(), stopped }
    })
}

/// What an effect waits for: a lock, people who approve, a person who answers.
fn of_effect(
    plan: &Plan,
    state: &RunState,
    (site, effect): (Site, EffectId),
    until: Option<Timestamp>,
) -> Option<Need> {
    if let Some(held) = holder(state, effect) {
        return Some(Need::Lock(held));
    }
    let question = plan.question(site.node)?;
    let title = titles(plan, state, site);
    Some(match question {
        Question { kind: QuestionKind::Approval { .. }, .. } => {
            Need::Approval { title, from: approvers(plan, state, site), until }
        }
        Question { by, .. } => {
            let by = by.as_ref().map(|role| (role.clone(), state.roles.get(role).cloned()));
            Need::Answer { title, by }
        }
    })
}

/// Where something is, in one line. A manual and its question go by one title.
fn titles(plan: &Plan, state: &RunState, site: Site) -> String {
    let mut path = path_of(plan, state, site);
    path.dedup();
    path.join(" / ")
}

/// Approvals that people have decided, and nobody has gone on from.
fn given(plan: &Plan, state: &RunState) -> Vec<Need> {
    let each = state.ballots().into_iter().filter_map(|(site, run, _)| {
        let verdict = decided(plan, state, site.node, run)?;
        let title = path_of(plan, state, site).join(" / ");
        let how = if verdict.yes { format!("given by {}", verdict.by) } else { verdict.message };
        Some(Need::Decided { why: format!("approval `{title}` is decided: {how}") })
    });
    each.collect()
}

/// Who approves what is waited for, and who has.
fn approvers(plan: &Plan, state: &RunState, site: Site) -> Vec<(Quorum, Vec<String>)> {
    let Some(needed) = needed(plan, site.node) else { return vec![] };
    let ballot = state.slot(site).and_then(|slot| slot.ballot());
    let votes = ballot.map(|ballot| ballot.votes.as_slice()).unwrap_or_default();
    let roster = state.roster.clone().unwrap_or_default();
    so_far(votes, &needed, &roster, state.operators())
}

fn holder(state: &RunState, effect: EffectId) -> Option<Holder> {
    state.wanted.get(&effect)?.clone()
}
