//! What is on at this moment, for a screen that moves.

use jiff::Timestamp;

use super::Live;
use super::effects::{Running, Sort as Effect, due, duration};
use super::frames::{FrameTold, Seen, Sort};
use super::index::{Coming, is_poll, step};
use crate::event::{Context, EffectId, Frame, FrameId, RunState, Slot, Status};
use crate::plan::{DueSince, Loop, NodeId, Op, Plan};
use crate::value::{Value, eval};

/// So many of what comes next are told.
const AHEAD: usize = 5;

/// What is on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Now {
    /// `3 of 8 steps`, or what is left to undo.
    pub head: String,
    /// What runs or waits, the oldest first.
    pub moving: Vec<Moving>,
    /// What comes next.
    pub next: Vec<Ahead>,
    /// How many more come behind that.
    pub more: usize,
}

/// A step, a check, a gate or the point of no return that is still to come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ahead {
    /// What it is and its title, as far as its values are known.
    pub title: String,
    /// When it has to be done.
    pub due: Option<Timestamp>,
}

/// Something that runs or waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moving {
    /// The effect whose output belongs to it.
    pub effect: Option<EffectId>,
    /// Its title.
    pub title: String,
    /// What it does, or what its last look said; one line.
    pub text: String,
    /// Since when.
    pub since: Timestamp,
    /// Until when at most, or when it is over.
    pub until: Option<Timestamp>,
    /// When the step that it belongs to has to be done.
    pub due: Option<Timestamp>,
}

impl Live {
    /// What is on now.
    #[must_use]
    pub fn now(&self, plan: &Plan, state: &RunState) -> Now {
        let checks = self.frames.iter().filter(|(_, known)| {
            known.sort == Sort::Check && known.heading.is_some() && is_poll(plan, known.node)
        });
        let mut moving: Vec<_> =
            checks.map(|(frame, known)| (frame.0, check(plan, state, *frame, known))).collect();
        let effects = self.effects.iter().filter(|(_, running)| running.sort != Effect::About);
        let open = effects.filter(|(_, running)| !self.polls(plan, running.site.frame));
        moving
            .extend(open.map(|(effect, running)| (effect.0, self.working(plan, state, (*effect, running)))));
        moving.extend(self.pausing(plan, state));
        moving.sort_by_key(|(number, moving)| (moving.since, *number));
        let moving = moving.into_iter().map(|(_, moving)| moving).collect();
        let undoing =
            state.frames().filter_map(|frame| frame.unwind.as_ref()).find(|unwind| !unwind.is_empty());
        let Some(unwind) = undoing else {
            let head = format!("{} of {} steps", self.books.done(), self.index.steps.len());
            let (next, more) = self.ahead(plan, state);
            return Now { head, moving, next, more };
        };
        let mut left = unwind.outstanding();
        // What stays is not undone.
        left.retain(|debt| debt.rollback || debt.restore);
        let head = format!("undoing, {} left", left.len());
        let titles = left.iter().skip(1).map(|debt| self.books.title(debt.step).to_owned());
        let next = titles.take(AHEAD).map(|title| Ahead { title, due: None }).collect();
        Now { head, moving, next, more: left.len().saturating_sub(AHEAD + 1) }
    }

    /// What failed and is tried again after a pause.
    fn pausing(&self, plan: &Plan, state: &RunState) -> Vec<(u64, Moving)> {
        let mut pausing = vec![];
        // Once stop is asked for, nothing that goes forward is begun again.
        let goes_on = |frame: &&Frame| state.cancels == 0 || frame.context != Context::Forward;
        for frame in state.frames().filter(goes_on).filter(|frame| !self.polls(plan, frame.id)) {
            let waits = |slot: &&Slot| slot.retrying && slot.fault.is_none();
            let runs = frame.slots.iter().filter(waits).filter_map(Slot::effect);
            for run in runs.filter(|run| matches!(run.status, Status::Failed(_))) {
                let text = format!("{}; it is tried again", one_line(&run.note.message));
                let (title, since) = (self.titled(frame.id), run.ended.unwrap_or(run.began));
                let due = self.due_of(plan, state, frame.id);
                pausing.push((run.id.0, Moving { effect: None, title, text, since, until: None, due }));
            }
        }
        pausing
    }

    /// When the step around a frame has to be done.
    fn due_of(&self, plan: &Plan, state: &RunState, frame: FrameId) -> Option<Timestamp> {
        let around = self.up(frame).find(|(_, known)| known.sort == Sort::Step)?;
        due_at(plan, state, (around.0, around.1.node))
    }

    /// Whether a frame is within a check that looks again and again, or a guard: that is told as one thing.
    fn polls(&self, plan: &Plan, frame: FrameId) -> bool {
        self.up(frame).any(|(_, known)| {
            (known.sort == Sort::Check && is_poll(plan, known.node))
                || self.index.watches.contains_key(&known.node)
        })
    }

    fn working(&self, plan: &Plan, state: &RunState, (effect, running): (EffectId, &Running)) -> Moving {
        let frame = running.site.frame;
        let own = plan.node(running.site.node).and_then(|node| node.title.as_ref());
        let own = own.and_then(|title| eval(title, &state.seen_from(frame)).ok());
        let title = own.map_or_else(|| self.titled(frame), |own| own.to_text());
        let until = due(Seen { plan, state }, running.site, running.began);
        let text = if running.shown == title { String::new() } else { one_line(&running.shown) };
        let due = self.due_of(plan, state, frame);
        Moving { effect: Some(effect), title, text, since: running.began, until, due }
    }

    /// The title of the nearest thing around that has one.
    fn titled(&self, frame: FrameId) -> String {
        let titled = self.up(frame).find(|(_, known)| known.heading.is_some() && !known.title.is_empty());
        titled.map(|(_, known)| known.title.clone()).unwrap_or_default()
    }

    /// What a suspended run waits for: its open times, and the checks that look again.
    pub(super) fn waits(&self, plan: &Plan, state: &RunState) -> Vec<String> {
        let now = self.now(plan, state);
        now.moving.into_iter().filter(|one| one.until.is_some()).map(|one| one.title).collect()
    }

    /// What comes behind the last thing that began, as far as titles are fixed or their values known; and how many come
    /// behind that.
    fn ahead(&self, plan: &Plan, state: &RunState) -> (Vec<Ahead>, usize) {
        let coming = &self.index.coming;
        let after = self.reached.map_or(0, |last| coming.partition_point(|one| one.node <= last));
        let is_on = |node: NodeId| self.frames.values().any(|known| known.node == node);
        let comes = |one: &&Coming| !is_on(one.node) && one.within.is_none_or(is_on);
        let mut coming = coming.iter().skip(after).filter(comes);
        let told: Vec<Ahead> = coming.by_ref().take(AHEAD).map(|one| ahead(plan, state, one)).collect();
        (told, coming.count())
    }
}

fn ahead(plan: &Plan, state: &RunState, coming: &Coming) -> Ahead {
    let title = plan.node(coming.node).and_then(|node| node.title.as_ref());
    let title = title.and_then(|title| eval(title, &state.seen_from(RunState::ROOT)).ok());
    let title = title.map_or_else(|| "…".to_owned(), |title| title.to_text());
    Ahead {
        title: format!("{}{title}", coming.word),
        due: due_at(plan, state, (RunState::ROOT, coming.node)),
    }
}

/// When a step has to be done, as far as that is known by now.
fn due_at(plan: &Plan, state: &RunState, (frame, node): (FrameId, NodeId)) -> Option<Timestamp> {
    let due = step(plan, node)?.due.as_ref()?;
    let values = state.seen_from(frame);
    let since = match &due.since {
        DueSince::Step(step) => state.step_ends.get(step).copied(),
        DueSince::Time(time) => match eval(time, &values) {
            Ok(Value::Time(time)) => Some(time),
            _ => None,
        },
    };
    since?.checked_add(duration(values, &due.after)?).ok()
}

/// A check that looks again and again; its own looks are not told.
fn check(plan: &Plan, state: &RunState, frame: FrameId, known: &FrameTold) -> Moving {
    let limit = match plan.node(known.node).map(|node| &node.op) {
        Some(Op::Loop(looping)) => match &**looping {
            Loop::Poll { within, soak, .. } => within.as_ref().or(soak.as_ref()),
            _ => None,
        },
        _ => None,
    };
    let length = limit.and_then(|limit| duration(state.seen_from(frame), limit));
    let text = if known.last.is_empty() {
        format!("look {}", known.looks)
    } else {
        let last = known.last.strip_prefix("not yet: ").unwrap_or(&known.last);
        format!("{}, look {}", one_line(last), known.looks)
    };
    let until = length.and_then(|length| known.began.checked_add(length).ok());
    Moving { effect: None, title: known.title.clone(), text, since: known.began, until, due: None }
}

fn one_line(text: &str) -> String {
    let mut lines = text.lines();
    let first = lines.next().unwrap_or_default();
    let command =
        first.strip_prefix("on ").and_then(|rest| rest.split_once(": ")).map_or(first, |(_, rest)| rest);
    match (command.starts_with("script "), lines.next()) {
        (true, Some(line)) => format!("{first}: {} …", line.trim_start_matches([' ', '│'])),
        (false, Some(_)) => format!("{first} …"),
        (_, None) => first.to_owned(),
    }
}
