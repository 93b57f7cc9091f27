//! The reference model: what a run may start, what it owes and how it ends, as one small program.
//!
//! It knows an abstract plan ([`Tree`]) and the record of a run ([`Event`]s); it must not know the
//! engine. It was written from the design alone: `C1`–`C10` are the numbered rules of *Compensation* in
//! `ENGINE.md`, `O` is its *Outcomes of an effect*, `E` its *Ends and exit codes*, `R` is `RULINGS.md`, `Q1`…
//! a reading chosen where these leave something open (listed in `docs/decisions/`).
//!
//! How it works: [`next`] walks the plan from its beginning against the record. An effect with a recorded
//! outcome is replayed, one without is *wanted*. Nothing else is remembered, so each rule is written once,
//! in the order in which a person would say it. Side-by-side work needs one more idea, the **cut**: the
//! moment from which nothing new starts on a path (a cancel, a sibling's failure). On a cut path only what
//! had begun before the cut is replayed.
//!
//! Outside the model: time, people, guards, values other than "the rollback needs what effect i binds",
//! and handlers (C10): adding failing handlers to a plan must change nothing of what is compared here. Of them only
//! those around the unwinding are known: whether they run (Q27).

use super::walk::{Flow, Found, How, Known, NEVER, Owed, Record, Undo, Walk, each, keys};
use super::world::{Answer, End, Key, Outcome, Part, Script, Step, Tree, Verdict};
use std::mem::{replace, take};
use std::rc::Rc;

/// What the rules say at one moment of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Next {
    /// These may start, in the order of the plan. Empty: something runs and must end first.
    Start(Vec<Key>),
    End(Verdict),
}

/// C6: a rollback is retried three times.
const AGAIN: usize = 3;

/// What may start now, or how the run has ended. Of the script only `on_failure` is read.
pub(crate) fn next(run: &[Tree], script: &Script, record: &Record) -> Next {
    Walk::new(script, record).run(run)
}

impl<'a> Walk<'a> {
    // ---- the run ----

    fn run(&mut self, body: &'a [Tree]) -> Next {
        let mut flow = self.scope(body);
        if !matches!(flow.how, How::Pending | How::Failed | How::Stuck) && self.is_cut() {
            flow.how = How::Stopped; // C8, Q10: cancelled while the last effect ran, or beside what stands still
        }
        let committed = self.found.committed;
        if committed {
            // C5: commit never clears restores, nor (Q14) what an attempt after it still owes itself.
            flow.owed = each(&flow.owed, |undo| undo.rollback &= undo.inner); // Q23: nor those of later steps
        }
        match flow.how {
            How::Pending => Next::Start(take(&mut self.found.wanted)),
            How::Done | How::Ended if self.found.kept.is_empty() => self.end(End::Completed, &[]),
            How::Done | How::Ended => self.end(End::FailedKept, &[]), // C4, C6, Q15: an attempt left it
            How::Held => self.end(End::Waiting, &flow.owed),
            How::Doubt | How::Stuck => self.end(End::Stuck, &flow.owed),
            How::Stopped if committed || self.hold() => self.end(End::Waiting, &flow.owed), // C8, R, Q11
            How::Failed | How::Stopped => self.unwind_run(&flow.owed),
        }
    }

    /// C8: the unwinding is shielded: no cut reaches it. C9: a crash in it resumes it.
    fn unwind_run(&mut self, owed: &[Owed<'a>]) -> Next {
        self.cut = NEVER;
        self.found.handlers.0 = self.begins_unwinding(owed);
        let end = match self.unwind(owed).how {
            How::Pending => return Next::Start(take(&mut self.found.wanted)),
            How::Stuck => return self.end(End::Stuck, owed),
            _ if self.found.kept.is_empty() => End::RolledBack,
            _ => End::FailedKept, // C4, C6
        };
        self.found.handlers.1 = self.found.undid;
        self.end(end, owed)
    }

    /// Q27: where nothing is owed there is nothing to unwind.
    fn begins_unwinding(&mut self, owed: &[Owed<'a>]) -> bool {
        let owes = !keys(owed).is_empty();
        self.found.undid |= owes;
        owes
    }

    fn end(&mut self, end: End, owed: &[Owed<'a>]) -> Next {
        let Found { undone, kept, handlers, .. } = take(&mut self.found);
        let for_good = |key: &Key| key.part == Part::Rollback(0) && kept.contains(&key.step);
        let owed = keys(owed).into_iter().filter(|key| !undone.contains(key) && !for_good(key)).collect();
        Next::End(Verdict { end, owed, kept, handlers })
    }

    // ---- blocks ----

    fn block(&mut self, body: &'a [Tree]) -> Flow<'a> {
        self.sequence(body.len(), &mut |walk, i| walk.nth(body, i))
    }

    fn nth(&mut self, body: &'a [Tree], i: usize) -> Flow<'a> {
        body.get(i).map_or_else(|| Flow::of(How::Done), |tree| self.statement(tree))
    }

    fn statement(&mut self, tree: &'a Tree) -> Flow<'a> {
        if self.is_cut() && is_empty(tree) {
            return Flow::of(How::Stopped); // C8: nothing new starts, so what is around it is not left
        }
        match tree {
            Tree::Step(step) => self.step(step),
            Tree::Check(id) => self.check(id),
            Tree::Phase(body) | Tree::Call(body) => self.scope(body),
            Tree::Parallel { limit, branches } => {
                self.parallel(limit.unwrap_or(NEVER), branches.len(), &mut |walk, i| walk.nth(branches, i))
            }
            Tree::For { items, parallel: Some(limit), body } => {
                self.parallel(*limit, *items, &mut |walk, i| walk.item(body, i))
            }
            Tree::For { items, parallel: None, body } => {
                self.sequence(*items, &mut |walk, i| walk.item(body, i))
            }
            Tree::If { cond, then, otherwise } => self.block(if *cond { then } else { otherwise }),
            Tree::Attempt { body, otherwise } => self.attempt(body, otherwise.as_deref()),
            Tree::Commit | Tree::Fail | Tree::End if self.is_cut() => Flow::of(How::Stopped),
            Tree::Commit => {
                self.found.committed = true;
                Flow::of(How::Done)
            }
            // C7: a `fail` is already a decision, `hold` or not.
            Tree::Fail => self.failed(),
            Tree::End => Flow::of(How::Ended),
        }
    }

    fn item(&mut self, body: &'a [Tree], i: usize) -> Flow<'a> {
        let outer = self.items.clone();
        self.items = format!("{outer}[{i}]");
        let flow = self.block(body);
        self.items = outer;
        flow
    }

    fn sequence(&mut self, n: usize, part: &mut dyn FnMut(&mut Self, usize) -> Flow<'a>) -> Flow<'a> {
        let mut owed = Vec::new();
        for i in 0..n {
            let mut flow = part(self, i);
            owed.append(&mut flow.owed);
            if flow.how != How::Done {
                return Flow { owed, ..flow };
            }
        }
        Flow { owed, ..Flow::of(How::Done) }
    }

    /// C4: when a scope succeeds only its restores run, newest first, and its rollbacks pass to the
    /// parent. A failed restore is stuck, never a rollback of good work. R: phase, attempt, call, run.
    fn scope(&mut self, body: &'a [Tree]) -> Flow<'a> {
        let flow = self.block(body);
        if !matches!(flow.how, How::Done | How::Ended) {
            return flow; // on failure rollbacks and restores unwind together, by whoever unwinds
        }
        // Q19: on the way out of an `end`, too
        let restored = self.unwind(&each(&flow.owed, |undo| undo.rollback = false));
        match restored.how {
            How::Done => Flow { owed: each(&flow.owed, |undo| undo.restore = false), ..flow },
            _ => Flow { owed: flow.owed, ..restored },
        }
    }

    /// A nested saga: unwinds its own, then `otherwise`. Never for a cancel or another's failure: these
    /// cut it, and whoever cut it unwinds (Q18).
    fn attempt(&mut self, body: &'a [Tree], otherwise: Option<&'a [Tree]>) -> Flow<'a> {
        let outer = replace(&mut self.inside, true);
        let mut flow = self.scope(body);
        self.inside = outer;
        if flow.how != How::Done {
            flow.owed = each(&flow.owed, |undo| undo.inner = true);
        }
        match flow.how {
            How::Failed if self.is_cut() => Flow { how: How::Stopped, ..flow },
            How::Failed => {
                self.begins_unwinding(&flow.owed);
                let unwound = self.shielded(|walk| walk.unwind(&flow.owed)); // C8, Q18
                match (unwound.how, otherwise) {
                    (How::Done, Some(body)) => self.scope(body), // Q22; failing, it propagates with what it owes
                    (How::Done, None) => self.failed(), // C7: decided already; C5: after `commit` stuck
                    _ => Flow { owed: flow.owed, ..unwound },
                }
            }
            How::Pending => Flow { back: NEVER, ..flow }, // its own failure stops nobody outside
            _ => flow,
        }
    }

    /// C9: a failing branch lets its siblings' running effects end, nothing new starts (Q1: at once,
    /// however deep in the branch the failure is).
    fn parallel(
        &mut self,
        limit: usize,
        n: usize,
        branch: &mut dyn FnMut(&mut Self, usize) -> Flow<'a>,
    ) -> Flow<'a> {
        let before = self.found.clone();
        let mut flows = self.branches(limit, n, branch);
        let first = |of: fn(&Flow<'a>) -> usize| flows.iter().map(of).min().unwrap_or(NEVER);
        let (alarm, freeze) = (first(|flow| flow.back.min(flow.freeze)), first(|flow| flow.freeze));
        let stuck = first(|flow| flow.stuck);
        if alarm < self.cut || stuck < self.frost {
            self.found = before;
            let outer = (self.cut, self.ice, self.frost);
            if alarm < self.cut {
                (self.cut, self.ice) = (alarm, freeze);
            }
            self.frost = self.frost.min(stuck);
            flows = self.branches(limit, n, branch);
            (self.cut, self.ice, self.frost) = outer;
        }
        Flow {
            how: flows.iter().map(|flow| flow.how).max().unwrap_or(How::Done),
            back: flows.iter().map(|flow| flow.back).min().unwrap_or(NEVER),
            freeze: flows.iter().map(|flow| flow.freeze).min().unwrap_or(NEVER),
            stuck: flows.iter().map(|flow| flow.stuck).min().unwrap_or(NEVER),
            owed: vec![Owed::Parallel(limit, Rc::new(flows.into_iter().map(|flow| flow.owed).collect()))],
        }
    }

    /// Branches start in order, at most `limit` of them unfinished (Q17: one that is held, stuck or stopped is).
    fn branches(
        &mut self,
        limit: usize,
        n: usize,
        branch: &mut dyn FnMut(&mut Self, usize) -> Flow<'a>,
    ) -> Vec<Flow<'a>> {
        let begin = self.found.clock;
        let (mut flows, mut finished, mut last) = (Vec::new(), Vec::new(), begin);
        for i in 0..n {
            let free = if i < limit { Some(begin) } else { finished.get(i - limit).copied() };
            let Some(free) = free else { break };
            self.found.clock = free;
            let flow = branch(self, i);
            last = last.max(self.found.clock);
            if flow.how == How::Done {
                finished.push(self.found.clock);
                finished.sort_unstable();
            }
            flows.push(flow);
        }
        self.found.clock = last;
        flows
    }

    // ---- checks and steps ----

    fn check(&mut self, id: &str) -> Flow<'a> {
        let how = match self.look_or_hold(&self.key(id, Part::Check), &mut 0) {
            Ok(Outcome::Done) => How::Done,
            Ok(Outcome::Failed) => How::Failed,
            Ok(_) => How::Held,
            Err(how) => how,
        };
        self.came_to(how)
    }

    /// O: looking is done again when a crash cut it.
    fn look(&mut self, key: &Key, taken: &mut usize) -> Result<Outcome, How> {
        loop {
            let outcome = self.perform(key, *taken)?;
            *taken += 1;
            if outcome != Outcome::Cut {
                return Ok(outcome);
            }
        }
    }

    /// R: inconclusive never passes, it holds; one look is always taken after a resume (Q2).
    fn look_or_hold(&mut self, key: &Key, taken: &mut usize) -> Result<Outcome, How> {
        loop {
            let outcome = self.look(key, taken)?;
            let clear = matches!(outcome, Outcome::Done | Outcome::Failed);
            if clear || !self.record.resumed_since(self.found.clock) {
                return Ok(outcome);
            }
        }
    }

    fn step(&mut self, step: &'a Step) -> Flow<'a> {
        let mut known = Known::default();
        let how = match self.body(step, &mut known) {
            Ok(()) => How::Done,
            Err(how) => how,
        };
        // C2: owed from the first effect's start, unless all that started failed clean; `atomic`: a
        // failure leaves nothing behind (Q6: unless an unknown before it was never cleared up).
        let clean = !known.touched || (step.atomic && known.failed && !known.doubt);
        let id = self.key(&step.id, Part::Look).step;
        let (rollback, restore) = (step.answer != Answer::Nothing, step.restore > 0);
        let undo = Undo { step, id, rollback, restore, inner: false, known };
        Flow { owed: if clean { Vec::new() } else { vec![Owed::Step(Rc::new(undo))] }, ..self.came_to(how) }
    }

    fn body(&mut self, step: &Step, known: &mut Known) -> Result<(), How> {
        let look = self.key(&step.id, Part::Look);
        if step.done_when {
            match self.look_or_hold(&look, &mut known.looks)? {
                Outcome::Done => return Ok(()), // O: in place: satisfied, nothing owed (Q20)
                Outcome::Failed => {}
                _ => return Err(How::Held), // O, Q2: an error is neither yes nor no
            }
        }
        if step.takes_file && self.look(&self.key(&step.id, Part::Arm), &mut 0)? != Outcome::Done {
            return Err(How::Failed); // C1, Q21: it does not start
        }
        for i in 0..step.effects {
            if self.effect(step, i, known)? == Settled::Whole {
                break;
            }
        }
        Ok(())
    }

    /// O: the effect is the unit of retry; what ended well is not run again.
    fn effect(&mut self, step: &Step, i: usize, known: &mut Known) -> Result<Settled, How> {
        let key = self.key(&step.id, Part::Body(i));
        let (mut n, mut further) = (0, 0);
        loop {
            let outcome = self.perform(&key, n)?;
            known.note(outcome, i);
            match outcome {
                Outcome::Done => return Ok(Settled::Again),
                Outcome::Failed | Outcome::FailedClean if further >= step.retry => return Err(How::Failed),
                Outcome::Failed | Outcome::FailedClean => {}
                Outcome::Unknown | Outcome::Cut => {
                    let may = outcome == Outcome::Cut || further < step.retry.max(1); // Q7
                    if self.settle(step, may, known)? == Settled::Whole {
                        return Ok(Settled::Whole);
                    }
                }
            }
            n += 1;
            further += usize::from(outcome != Outcome::Cut); // Q7: a crash uses up no try
        }
    }

    /// O: an unknown going forward, in this order (Q26: beside others). Going back it counts as started.
    fn settle(&mut self, step: &Step, may: bool, known: &mut Known) -> Result<Settled, How> {
        let mut again = step.idempotent;
        if self.is_cut() {
            // Q25: what undoes it all needs no answer; where all stands still a person must give it.
            let alone = self.is_frozen() && !(again && may) && !step.done_when;
            return Err(if alone { How::Doubt } else { How::Stopped });
        }
        if step.done_when {
            match self.look(&self.key(&step.id, Part::Look), &mut known.looks)? {
                Outcome::Done => return Ok(Settled::Whole), // R: the whole step is done, owes its undo
                Outcome::Failed if step.atomic => {
                    (known.doubt, known.failed) = (false, true); // neither wholly nor partly done
                    again = true;
                }
                _ => {} // R: no: only if idempotent or atomic. An error is neither yes nor no.
            }
        }
        if again && may {
            return Ok(Settled::Again);
        }
        Err(if self.is_cut() && !self.is_frozen() { How::Stopped } else { How::Doubt })
    }

    // ---- back ----

    /// C4: reverse of the structure, parallel branches side by side (Q16: newest first). C6: stuck right
    /// there, later ones do not run.
    fn unwind(&mut self, owed: &[Owed<'a>]) -> Flow<'a> {
        self.sequence(owed.len(), &mut |walk, i| match owed.iter().rev().nth(i) {
            Some(Owed::Step(undo)) => {
                let how = walk.undo(undo).map_or_else(|how| how, |()| How::Done);
                walk.came_to(how)
            }
            Some(Owed::Parallel(limit, branches)) => {
                walk.parallel(*limit, branches.len(), &mut |walk, i| match branches.iter().rev().nth(i) {
                    Some(branch) => walk.unwind(branch),
                    None => Flow::of(How::Done),
                })
            }
            None => Flow::of(How::Done),
        })
    }

    /// C3, Q10: an undo that has begun is done whole, though what comes after it is cut.
    fn undo(&mut self, undo: &Undo<'a>) -> Result<(), How> {
        let first = if undo.rollback { Part::Rollback(0) } else { Part::Restore(0) };
        if self.record.tries(&undo.key(first)).first().is_some_and(|tried| tried.start < self.cut) {
            return self.shielded(|walk| walk.undo_step(undo));
        }
        self.undo_step(undo)
    }

    /// Only what is stuck stops what is being undone.
    fn shielded<T>(&mut self, undo: impl FnOnce(&mut Self) -> T) -> T {
        let cut = replace(&mut self.cut, self.frost);
        let undone = undo(self);
        self.cut = cut;
        undone
    }

    /// C4: of one step the rollback comes first, then the restore.
    fn undo_step(&mut self, undo: &Undo<'a>) -> Result<(), How> {
        if undo.rollback {
            self.rollback(undo)?;
        }
        if undo.restore {
            for i in 0..undo.step.restore {
                self.undo_effect(&undo.key(Part::Restore(i)), &mut 0, false)?;
            }
            self.found.undone.insert(undo.key(Part::Restore(0)));
        }
        Ok(())
    }

    fn rollback(&mut self, undo: &Undo<'a>) -> Result<(), How> {
        let goes_on = match undo.step.answer {
            Answer::Rollback { effects, once, best_effort, needs } => {
                // C3: whole or not at all.
                let armed = needs.is_none_or(|effect| undo.known.bound.contains(&effect));
                match if armed { self.verified(undo, effects, once) } else { Err(How::Stuck) } {
                    Ok(()) => {
                        self.found.undone.insert(undo.key(Part::Rollback(0)));
                        return Ok(());
                    }
                    Err(How::Stuck) => best_effort, // C6, Q9
                    Err(how) => return Err(how),
                }
            }
            Answer::Irreversible => true, // C4: it started: failed, kept
            Answer::Nothing => return Ok(()),
        };
        if !goes_on {
            return Err(How::Stuck);
        }
        self.found.kept.insert(undo.id.clone());
        Ok(())
    }

    /// O: after the rollback `done when` must no longer hold. R: unverified counts as failed (Q4, Q5).
    fn verified(&mut self, undo: &Undo<'a>, effects: usize, once: bool) -> Result<(), How> {
        let (mut tries, mut looks) = (vec![0; effects], undo.known.looks);
        for _ in 0..=(if once { 0 } else { AGAIN }) {
            for (i, tried) in tries.iter_mut().enumerate() {
                self.undo_effect(&undo.key(Part::Rollback(i)), tried, once)?;
            }
            if !undo.step.done_when || self.look(&undo.key(Part::Look), &mut looks)? == Outcome::Failed {
                return Ok(());
            }
        }
        Err(How::Stuck)
    }

    /// C6: retried three times. R: unknown is run again; `once`: failed or unknown is stuck at once (Q8).
    fn undo_effect(&mut self, key: &Key, tried: &mut usize, once: bool) -> Result<(), How> {
        let mut further = 0;
        loop {
            let outcome = self.perform(key, *tried)?;
            *tried += 1;
            match outcome {
                Outcome::Done => return Ok(()),
                Outcome::Failed | Outcome::Unknown | Outcome::Cut if once => return Err(How::Stuck),
                Outcome::Cut => {} // Q7: a crash uses up no try
                _ if further == AGAIN => return Err(How::Stuck),
                _ => further += 1,
            }
        }
    }

    // ---- trouble ----

    /// Nothing outside an attempt can be rolled back any more.
    fn past_return(&self) -> bool {
        self.found.committed && !self.inside
    }

    /// A failure that needs no question. C5, E, Q13: after `commit` the run is stuck.
    fn failed(&self) -> Flow<'a> {
        let now = self.found.clock + 1;
        match self.past_return() {
            true => Flow { freeze: now, stuck: now, ..Flow::of(How::Stuck) },
            false => Flow { back: now, ..Flow::of(How::Failed) },
        }
    }

    /// A path that came to `how` just now, with the alarm that this raises.
    fn came_to(&self, how: How) -> Flow<'a> {
        let now = self.found.clock + 1;
        match how {
            How::Held if self.is_cut() => Flow::of(How::Stopped),
            // C7, R: nothing is undone unasked (Q12: by an attempt neither).
            How::Failed if self.hold() && !self.past_return() => Flow { freeze: now, ..Flow::of(How::Held) },
            How::Failed => self.failed(),
            How::Doubt | How::Stuck => Flow { freeze: now, stuck: now, ..Flow::of(how) }, // Q3
            _ => Flow::of(how),
        }
    }
}

/// What settling an unknown, or performing an effect, leads to.
#[derive(PartialEq, Eq)]
enum Settled {
    /// Run it again; of an effect: it is done, go on.
    Again,
    /// The whole step is done.
    Whole,
}

/// Whether a statement holds nothing that could begin.
fn is_empty(tree: &Tree) -> bool {
    match tree {
        Tree::For { items, .. } => *items == 0,
        Tree::If { cond, then, otherwise } => {
            if *cond {
                then.is_empty()
            } else {
                otherwise.is_empty()
            }
        }
        _ => false,
    }
}
