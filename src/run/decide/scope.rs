//! Runs, phases, attempts and calls: their watches, their restores, their unwinding, their end.

use std::ops::Range;

use super::suspend::starts_something;
use super::tear::Questions;
use super::{Command, Doing, Pass, TroubleKind};
use crate::event::{
    Asked, Ending, Fact, Fault, Frame, Key, RunState, ScopeState, Site, Slot, Undoing, Unwind, Verdict,
    has_restores,
};
use crate::plan::{Answer, Handler, HandlerWhen, NodeId, Role, Watch, WatchKind};
use crate::run::time::later;

impl<'a> Pass<'a> {
    pub(super) fn scope(&mut self, frame: &'a Frame, state: &'a ScopeState) {
        if frame.unwound {
            return self.after_unwinding(frame, state);
        }
        if let Some(own) = frame.slot(frame.node) {
            if self.quiet(frame, false) || self.state.cancels == 0 {
                self.trouble(frame, own);
            }
            return;
        }
        if state.handler.is_some() || !state.handled.is_empty() {
            return self.finish_run(frame, state); // the outcome is settled: a cancel comes too late
        }
        if self.cancelled(frame) {
            return;
        }
        let root = frame.id == RunState::ROOT;
        if root && self.state.concluded.is_some() {
            if self.empty(frame) {
                self.put_back(frame, state);
            }
            return;
        }
        let before = self.out.len();
        if self.watches(frame, state) {
            return;
        }
        let looking = before..self.out.len();
        if self.children(frame) && self.stop_watches(looking, state) {
            self.put_back(frame, state);
        }
    }

    /// The body is through: what was paused is put back, then the scope ends.
    fn put_back(&mut self, frame: &'a Frame, state: &'a ScopeState) {
        let branches = frame.branches.iter().any(|(_, owed)| has_restores(owed));
        if branches || has_restores(&frame.owed) {
            self.record(Fact::Unwinding { frame: frame.id, what: Undoing::Restores });
        } else {
            self.ends(frame, state);
        }
    }

    fn ends(&mut self, frame: &'a Frame, state: &'a ScopeState) {
        if frame.id == RunState::ROOT {
            self.finish_run(frame, state);
        } else {
            self.leave(frame, Verdict::Passed);
        }
    }

    /// Stop was asked for: nothing new begins; once all is quiet it is a question for the run.
    fn cancelled(&mut self, frame: &'a Frame) -> bool {
        let ends = self.state.concluded.is_some() && frame.unwind.is_none();
        if self.state.cancels == 0 || frame.id != RunState::ROOT || ends {
            return false;
        }
        let quiet = self.quiet(frame, self.state.cancels > 1);
        let moves = self.out.len();
        if quiet && frame.unwind.is_none() && self.state.concluded.is_none() {
            self.children(frame); // what ended comes to its verdict; nothing new begins
        }
        let still = quiet && self.out.len() == moves && !self.is_asked_about_a_failure();
        if still && frame.as_scope().is_some_and(|scope| scope.handler.is_none()) {
            self.fail(frame, frame.node, Fault::Failed, self.stopped());
        }
        true
    }

    /// Moves guards and beats on. True when the body must not go on now.
    fn watches(&mut self, frame: &'a Frame, state: &'a ScopeState) -> bool {
        let watches = self.plan.watches_of(frame.node);
        if watches.is_empty() {
            return false;
        }
        self.watched = true;
        let broken = watches
            .iter()
            .zip(&state.watches)
            .find_map(|(watch, seen)| seen.broken.as_ref().map(|why| (watch, why)));
        if let Some((watch, why)) = broken {
            self.broken(frame, watch, why);
            return true;
        }
        self.note_gap(frame, state);
        let mut blind = false;
        for (at, watch) in watches.iter().enumerate() {
            blind |= self.watch(frame, state, at, watch);
        }
        blind
    }

    fn broken(&mut self, frame: &'a Frame, watch: &Watch, why: &str) {
        let interrupts = matches!(watch.kind, WatchKind::Guard { interrupts: true, .. });
        if self.quiet(frame, interrupts) {
            let why = format!("guard {}: {why}", self.title(frame, watch));
            self.fail(frame, frame.node, Fault::Failed, why);
        }
    }

    fn title(&self, frame: &Frame, watch: &Watch) -> String {
        self.eval(frame.id, &watch.title).map_or_else(|_| String::new(), |title| crate::value::show(&title))
    }

    /// After a resume: for how long nobody looked.
    fn note_gap(&mut self, frame: &Frame, state: &ScopeState) {
        let gap = state.watches.iter().filter(|watch| watch.unnoted).find_map(|watch| watch.blind);
        if let Some(from) = gap {
            let text = format!("guards were blind from {from} to {}", self.state.now);
            self.record(Fact::Noted { frame: frame.id, text });
        }
    }

    /// Moves one watch on; true while a guard has not looked since the resume.
    fn watch(&mut self, frame: &'a Frame, state: &'a ScopeState, at: usize, watch: &'a Watch) -> bool {
        let Some(seen) = state.watches.get(at) else { return false };
        let guard = matches!(watch.kind, WatchKind::Guard { .. });
        if self.state.cancels > 0 {
            return guard && seen.blind.is_some();
        }
        if let Some(look) = seen.frame {
            self.kid(look);
            return guard && seen.blind.is_some();
        }
        let every = self.duration(frame.id, Some(&watch.every)).unwrap_or_default();
        let first = guard && (seen.looks == 0 || seen.blind.is_some());
        let next = if first { self.state.now } else { later(seen.since, every) };
        let key = Key::Turn(seen.looks + 1);
        let fact = self.enter(frame.id, watch.body, Some(key));
        let timers = self.timers.len();
        self.at(next, Command::Record(fact));
        self.timers.truncate(timers);
        guard && seen.blind.is_some()
    }

    /// The phase is through: no look of its watches begins or goes on; one that just ended comes to its verdict.
    fn stop_watches(&mut self, looking: Range<usize>, state: &'a ScopeState) -> bool {
        let moves: Vec<_> = self.out.drain(looking).filter(leaves).collect();
        let ending = !moves.is_empty();
        self.out.extend(moves);
        if ending {
            return false;
        }
        let looks = state.watches.iter().filter_map(|watch| watch.frame);
        let looks: Vec<&Frame> = looks.filter_map(|look| self.state.frame(look)).collect();
        looks.iter().for_each(|look| self.tear(look, Verdict::Stopped));
        looks.is_empty()
    }

    /// A scope that failed: what runs ends, frames are left, then it unwinds.
    pub(super) fn fall(&mut self, frame: &'a Frame) {
        let handling = frame.as_scope().and_then(|scope| scope.handler).and_then(|id| self.state.frame(id));
        if let Some(handler) = handling {
            return self.handle(handler);
        }
        if !self.empty(frame) {
            return;
        }
        let root = frame.id == RunState::ROOT;
        let unwinds = root && !self.state.committed && self.state.owes_undo(frame.id);
        if unwinds && self.handler(frame, &[HandlerWhen::BeforeRollback]) {
            return;
        }
        let what = if root && self.state.committed { Undoing::Restores } else { Undoing::All };
        self.record(Fact::Unwinding { frame: frame.id, what });
    }

    /// Whether a scope that ended well is to put nothing more back by itself: stop was asked for, or a
    /// failure around it will undo all that is owed. A restore that has begun is done whole first.
    pub(super) fn is_interrupted(&self, frame: &Frame) -> bool {
        let root = frame.id == RunState::ROOT;
        let left = |unwind: &Unwind| unwind.is_between_restores() && (root || !unwind.is_empty());
        let given_up = root && frame.failing.is_some() && self.state.committed;
        let stops = self.state.cancels > 0
            || self.state.is_failing(frame.id)
            || (frame.failing.is_some() && !frame.unwound);
        frame.unwind.as_ref().is_some_and(left) && !given_up && stops
    }

    /// Undoes what is owed, newest first, branches side by side.
    pub(super) fn unwind(&mut self, frame: &'a Frame) {
        let Some(unwind) = &frame.unwind else { return };
        if unwind.is_empty() {
            if !self.withdraw(frame, Questions::All) {
                self.record(Fact::Unwound { frame: frame.id });
            }
            return;
        }
        let (moves, timers) = (self.out.len(), self.timers.len());
        unwind.frames().into_iter().for_each(|kid| self.kid(kid));
        if self.state.cancels > 1 {
            let ends = self.out.split_off(moves).into_iter().filter(|command| !starts_something(command));
            self.out.extend(ends.collect::<Vec<_>>());
            self.timers.truncate(timers);
            // What undoes may end first: a person is not asked about something that is on.
            if !self.is_working() {
                self.ask_to_go_on(frame);
            }
            return;
        }
        if self.hold && unwind.what == Undoing::Restores && (frame.failing.is_none() || frame.unwound) {
            return;
        }
        self.ready_undos(frame, unwind);
    }

    /// The second signal while undoing: whether it goes on is asked; with nobody to ask it is left.
    fn ask_to_go_on(&mut self, frame: &'a Frame) {
        const WHY: &str = "stopped while undoing";
        let site = Site { frame: frame.id, node: frame.node };
        let asks = frame.is_undoing() && self.state.is_attended();
        match frame.slot(frame.node) {
            None if asks => self.fail(frame, frame.node, Fault::Failed, WHY.into()),
            Some(Slot { question: Asked::Open(_), .. }) => {}
            Some(own) if asks && own.question == Asked::No => {
                let trouble = self.describe(frame, own, TroubleKind::Cancelled);
                let command = self.begin(site, None, 0, Doing::Question(trouble));
                self.out.push(command);
            }
            _ => self.wait_for(site, None, WHY),
        }
    }

    fn ready_undos(&mut self, frame: &Frame, unwind: &Unwind) {
        for debt in unwind.ready() {
            let Some(step) = self.plan.step(debt.node) else { continue };
            let body = match &step.undo {
                Answer::Rollback(undo) if debt.rollback => Some(undo.body),
                _ => step.restore.as_ref().map(|undo| undo.body),
            };
            if let Some(body) = body {
                let fact = self.enter(frame.id, body, Some(Key::Undo(debt.step)));
                self.record(fact);
            }
        }
    }

    fn after_unwinding(&mut self, frame: &'a Frame, state: &'a ScopeState) {
        let Some(why) = &frame.failing else { return self.ends(frame, state) };
        if frame.id == RunState::ROOT {
            return self.finish_run(frame, state);
        }
        let otherwise = match self.group(frame.node).map(|group| &group.role) {
            Some(Role::Attempt { otherwise }) => *otherwise,
            _ => None,
        };
        match (otherwise, &state.otherwise) {
            (_, Some(_)) if frame.slots.is_empty() => self.after_otherwise(frame),
            (Some(body), None) if frame.slots.is_empty() => self.begin_otherwise(frame, body),
            (None, _) => self.leave(frame, Verdict::Failed(why.clone())),
            _ => frame.slots.iter().filter_map(crate::event::Slot::frame).for_each(|kid| self.kid(kid)),
        }
    }

    fn begin_otherwise(&mut self, frame: &Frame, body: NodeId) {
        if !self.is_held(frame) {
            let fact = self.enter(frame.id, body, None);
            self.record(fact);
        }
    }

    fn after_otherwise(&mut self, frame: &Frame) {
        if has_restores(&frame.owed) {
            self.record(Fact::Unwinding { frame: frame.id, what: Undoing::Restores });
        } else {
            self.leave(frame, Verdict::Passed);
        }
    }

    fn finish_run(&mut self, frame: &'a Frame, state: &'a ScopeState) {
        use HandlerWhen::{AfterFailure, AfterRollback, AfterRun, AfterSuccess};
        if let Some(handler) = state.handler.and_then(|id| self.state.frame(id)) {
            return self.handle(handler);
        }
        let nothing_stays =
            self.state.kept.is_empty() && (self.state.left_behind.is_empty() || frame.failing.is_none());
        let ending = match (&frame.failing, nothing_stays) {
            (None, true) => Ending::Completed,
            (Some(_), true) if self.state.given_up.is_none() => Ending::RolledBack,
            _ => Ending::FailedKept,
        };
        let unwound = frame.failing.is_some() && !self.state.committed && self.state.undid;
        let whens: &[HandlerWhen] = match (ending, unwound) {
            (Ending::Completed, _) => &[AfterSuccess, AfterRun],
            (_, true) => &[AfterRollback, AfterFailure, AfterRun],
            (_, false) => &[AfterFailure, AfterRun],
        };
        if !self.handler(frame, whens) {
            let name = frame.failing.clone().or_else(|| self.state.concluded.clone());
            self.record(Fact::Finished { ending, name });
        }
    }

    /// Moves a handler on. The first wish to stop comes too late for it, the second ends it.
    fn handle(&mut self, handler: &'a Frame) {
        if self.state.cancels > 1 {
            self.tear(handler, Verdict::Failed(self.stopped()));
        } else {
            self.frame(handler);
        }
    }

    /// In words that stop was asked for.
    fn stopped(&self) -> String {
        format!("stopped by {}", self.state.cancelled_by.as_deref().unwrap_or("somebody"))
    }

    /// Begins the next handler of those kinds; false when none is left.
    fn handler(&mut self, frame: &Frame, whens: &[HandlerWhen]) -> bool {
        let Some(Role::Run(scope)) = self.group(frame.node).map(|group| &group.role) else { return false };
        let handled = frame.as_scope().map(|scope| scope.handled.as_slice()).unwrap_or_default();
        let all = || scope.handlers.iter().enumerate();
        let fits = |when: &HandlerWhen, (at, handler): &(usize, &Handler)| {
            handler.when == *when && !handled.contains(at)
        };
        let next = whens.iter().find_map(|when| all().find(|candidate| fits(when, candidate)));
        let Some((_, found)) = next else { return false };
        let fact = match self.bars(found.body) {
            Some(why) => Fact::Skipped { frame: frame.id, node: found.body, why, by: None },
            None => self.enter(frame.id, found.body, None),
        };
        self.record(fact);
        true
    }

    /// Why a handler must not begin: what runs was to be stopped, or it would touch the world, and a lock that the run
    /// asked for was never its own.
    fn bars(&self, handler: NodeId) -> Option<String> {
        if self.state.cancels > 1 {
            return Some(self.stopped());
        }
        let wanted = self.state.wanted.values().next().filter(|_| self.plan.touches_world(handler))?;
        let lock = wanted.as_ref().map_or("its `exclusive`".to_owned(), |by| format!("`{}`", by.lock));
        Some(format!("the run never had {lock}"))
    }
}

/// Whether a command leaves a frame.
fn leaves(command: &Command) -> bool {
    matches!(command, Command::Record(Fact::Left { .. }))
}
