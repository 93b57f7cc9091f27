//! Effects as a reader knows them: what begins, how it ends.

use jiff::{SignedDuration, Timestamp};

use super::answers::{Answer, answered};
use super::frames::{Seen, Sort as Frame};
use super::index::{act, effect, question, step};
use super::{Detail, Line, Live};
use crate::event::{Begun, EffectId, FrameId, Holder, Outcome, ReplyNote, SeenFrom, Site, Slot};
use crate::plan::{Act, Class, Plan, QuestionKind, WaitFor};
use crate::value::{Expr, Value, VarId, eval};
use crate::view::moment::{ago, took};
use crate::view::paint::Ink;

/// Said where a program gets the terminal.
const OWN_TERMINAL: &str = "it has the terminal: what it prints is neither masked nor recorded";

/// An effect that has begun.
pub(super) struct Running {
    pub(super) site: Site,
    pub(super) shown: String,
    /// Whether that was told.
    told: bool,
    pub(super) began: Timestamp,
    pub(super) sort: Sort,
    /// Whether it was told who is asked for it, and how they answer.
    pub(super) requested: bool,
}

/// What an effect is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sort {
    /// A program, a request, a file.
    Work,
    /// A notice: its way is told at its end.
    Notice,
    /// A question of the runbook; its answer is a yes or no.
    Decision,
    /// A question of the runbook that is answered by a value.
    Question,
    /// A question about what failed: the terminal shows it, what was decided is told.
    About,
    /// A time.
    Wait,
}

impl Live {
    pub(super) fn began(&mut self, seen: Seen<'_>, at: Timestamp, begun: &Begun) -> Vec<Line> {
        let plan = seen.plan;
        let sort = sort(plan, begun);
        let shown = shown(plan, begun);
        let site = Site { frame: begun.frame, node: begun.node };
        let wanted = sort == Sort::Work && self.detail == Detail::All;
        let on_terminal = has_terminal(plan, begun);
        let wanted = wanted || on_terminal || matches!(act(plan, begun.node), Some(Act::Log(_)));
        let told = wanted && !shown.is_empty() && !self.is_quiet(begun.frame);
        if let Some(step) = self.changed(plan, site, sort) {
            self.books.changes(step);
        }
        let requested = self.effects.get(&begun.effect).is_some_and(|running| running.requested);
        self.effects
            .insert(begun.effect, Running { site, shown: shown.clone(), told, began: at, sort, requested });
        if sort == Sort::Wait {
            return self.wait(seen, at, site);
        }
        let mut lines = vec![];
        if told {
            let again =
                if begun.attempt > 1 { format!("(attempt {}) ", begun.attempt) } else { String::new() };
            lines.extend(self.told(begun.frame, again + &shown, None));
        }
        if on_terminal {
            lines.extend(self.told(begun.frame, OWN_TERMINAL, Some(Ink::Alert)));
        }
        lines
    }

    /// A time that is waited for: which, and for what.
    fn wait(&mut self, seen: Seen<'_>, at: Timestamp, site: Site) -> Vec<Line> {
        let title =
            self.title(seen, site.frame, site.node).map(|title| format!(": {title}")).unwrap_or_default();
        let until = due(seen, site, at).map_or_else(|| "waiting".to_owned(), |until| self.until(at, until));
        self.told(site.frame, format!("{until}{title}"), None)
    }

    pub(super) fn ended(
        &mut self,
        seen: Seen<'_>,
        effect: EffectId,
        (outcome, note): (Outcome, &ReplyNote),
        values: &[(VarId, Value)],
    ) -> Vec<Line> {
        let Some(running) = self.effects.remove(&effect) else { return vec![] };
        let frame = running.site.frame;
        if let Some(step) = self.changed(seen.plan, running.site, running.sort) {
            self.books.ended(step, outcome);
        }
        if matches!(running.sort, Sort::Decision | Sort::Question) && note.by.is_some() {
            let answer = Answer {
                node: running.site.node,
                shown: &running.shown,
                is_value: running.sort == Sort::Question,
                outcome,
                note,
                values,
            };
            let (text, yes) = answered(seen, &answer);
            return self.told(frame, text, Some(if yes { Ink::Good } else { Ink::Bad }));
        }
        if running.sort == Sort::Notice && outcome == Outcome::Done && !note.message.is_empty() {
            return self.told(frame, &note.message, None);
        }
        let withdrawn = running.sort == Sort::About;
        if outcome == Outcome::Done || withdrawn || self.is_quiet(frame) {
            return vec![];
        }
        // A question that was taken back did nothing, and nobody need find out what.
        if matches!(running.sort, Sort::Decision | Sort::Question) && outcome == Outcome::Unknown {
            let asked = running.shown.lines().next().unwrap_or_default();
            return self.told(frame, format!("{asked}: {}", note.message), Some(Ink::Alert));
        }
        self.failed(seen, &running, outcome, note)
    }

    /// What failed, in which way, what it said last, and what the runbook knows about that.
    fn failed(&mut self, seen: Seen<'_>, running: &Running, outcome: Outcome, note: &ReplyNote) -> Vec<Line> {
        let frame = running.site.frame;
        let mut lines = vec![];
        if !running.told && !running.shown.is_empty() {
            lines.extend(self.told(frame, &running.shown, None));
        }
        lines.extend(self.told(frame, format!("! {}: {}", outcome.told(), note.message), Some(Ink::Bad)));
        // Somebody who is asked what to do about it sees the rest with the question.
        let forward = !self.up(frame).any(|(_, known)| matches!(known.sort, Frame::Undo(_)));
        if self.detail == Detail::Ends && forward && seen.state.is_attended() {
            return lines;
        }
        for line in note.tail.lines() {
            lines.extend(self.told(frame, format!("  | {line}"), None));
        }
        if let Some(remedy) = self.remedy(seen.plan, frame, note) {
            lines.extend(self.told(frame, format!("  hint: {remedy}"), Some(Ink::Alert)));
        }
        lines
    }

    /// The step that a changing effect belongs to; none for a part of an undo, nor for a question about what failed.
    fn changed(&self, plan: &Plan, site: Site, sort: Sort) -> Option<FrameId> {
        effect(plan, site.node).filter(|effect| effect.class == Class::Changes && sort != Sort::About)?;
        let unit = |sort: Frame| matches!(sort, Frame::Step | Frame::Undo(_));
        let (id, known) = self.up(site.frame).find(|(_, known)| unit(known.sort))?;
        (known.sort == Frame::Step).then_some(id)
    }

    /// The hint of the step around that fits what was printed.
    fn remedy(&self, plan: &Plan, frame: FrameId, note: &ReplyNote) -> Option<String> {
        let around = self.up(frame).find_map(|(_, known)| step(plan, known.node))?;
        let fits = |pattern: &str| {
            let Ok(pattern) = regex::Regex::new(pattern) else { return false };
            pattern.is_match(&note.tail) || pattern.is_match(&note.message)
        };
        around.hints.iter().find(|hint| fits(&hint.pattern)).map(|hint| hint.remedy.clone())
    }

    /// What failed is tried again: which time, when, and because of what.
    pub(super) fn retrying(
        &mut self,
        seen: Seen<'_>,
        site: Site,
        (number, of): (u32, u32),
        at: Timestamp,
    ) -> Vec<Line> {
        if self.is_quiet(site.frame) {
            return vec![];
        }
        let slot = seen.state.slot(site);
        let run = slot.and_then(Slot::effect);
        let said = slot.and_then(|slot| slot.fault.as_ref().map(|(_, why)| why));
        let why = said.or(run.map(|run| &run.note.message)).map(|why| format!(": {why}")).unwrap_or_default();
        let pause = at.duration_since(run.and_then(|run| run.ended).unwrap_or(seen.state.now));
        let pause = if pause.is_positive() { format!("in {}", took(pause)) } else { "now".to_owned() };
        self.told(site.frame, format!("↻ retry {number} of {of} {pause}{why}"), Some(Ink::Alert))
    }

    pub(super) fn unanswered(&mut self, effect: EffectId, why: &str) -> Vec<Line> {
        let site = self.effects.get(&effect).map(|running| (running.site.frame, running.sort));
        let Some((frame, sort)) = site else { return vec![] };
        let text = match sort {
            Sort::About => return vec![],
            _ if self.effects.get(&effect).is_some_and(|running| running.requested) => return vec![],
            Sort::Decision | Sort::Question => format!("nobody is there to answer: {why}"),
            _ => format!("waits: {why}"),
        };
        self.told(frame, text, Some(Ink::Alert))
    }

    /// Another run has the lock: which one, and for how long by now.
    pub(super) fn held(&mut self, at: Timestamp, effect: EffectId, by: &Holder) -> Vec<Line> {
        let Some(frame) = self.effects.get(&effect).map(|running| running.site.frame) else { return vec![] };
        let (since, age) = (self.clock(at, by.since), ago(at.duration_since(by.since)));
        let text = format!("waits: run {} holds `{}` since {since}, {age}", by.run, by.lock);
        self.told(frame, text, Some(Ink::Alert))
    }
}

/// Whether a program gets the real terminal.
fn has_terminal(plan: &Plan, begun: &Begun) -> bool {
    let terminal = matches!(
        act(plan, begun.node),
        Some(Act::Run { terminal: true, .. } | Act::Script { terminal: true, .. })
    );
    terminal && begun.attempt > 0
}

/// When a wait that began then is over.
pub(super) fn due(seen: Seen<'_>, site: Site, began: Timestamp) -> Option<Timestamp> {
    let values = seen.state.seen_from(site.frame);
    match act(seen.plan, site.node)? {
        Act::Wait(WaitFor::Duration(length)) => began.checked_add(duration(values, length)?).ok(),
        Act::Wait(WaitFor::Time(time)) => match eval(time, &values) {
            Ok(Value::Time(time)) => Some(time),
            _ => None,
        },
        _ => None,
    }
}

/// A length of time.
pub(super) fn duration(values: SeenFrom<'_>, length: &Expr) -> Option<SignedDuration> {
    match eval(length, &values) {
        Ok(Value::Duration(length)) => SignedDuration::try_from(length).ok(),
        _ => None,
    }
}

fn sort(plan: &Plan, begun: &Begun) -> Sort {
    if begun.attempt == 0 {
        return Sort::About;
    }
    match (act(plan, begun.node), question(plan, begun.node)) {
        (_, Some(QuestionKind::Ask { .. } | QuestionKind::Choose { .. })) => Sort::Question,
        (_, Some(_)) => Sort::Decision,
        (Some(Act::Notify { .. }), _) => Sort::Notice,
        (Some(Act::Wait(_)), _) => Sort::Wait,
        _ => Sort::Work,
    }
}

/// What is shown: a script under the name of its interpreter, marked as in a plan.
fn shown(plan: &Plan, begun: &Begun) -> String {
    let text = begun.shown.trim_end();
    let on = begun.on.as_ref().map(|on| format!("on {on}: ")).unwrap_or_default();
    match act(plan, begun.node) {
        Some(Act::Script { interpreter, .. }) if begun.attempt > 0 => {
            let name = interpreter.first().map_or("script", String::as_str);
            text.lines().fold(format!("{on}script {name}"), |all, line| all + "\n  │ " + line)
        }
        _ => on + text,
    }
}
