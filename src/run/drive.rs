//! The loop: fold, decide, record in one commit, start, wait for the world.

mod replies;

use std::collections::{HashMap, HashSet};

use jiff::{SignedDuration, Timestamp};

use super::approvals::{Taken, request_of, taken};
use super::decide::{Command, Intent, decide, unblocked};
use super::door::{Host, Journal, JournalError, Report, Request, StopHow, Work};
use super::ends::ExitCode;
use super::judge::{Judged, ended};
use super::look_again::{Looked, look_again};
use super::render::{Job, JobKind, LockName, path_of, render};
use super::seal::{Mask, masked_question, sealed};
use super::time::later;
use crate::event::{Begun, EffectId, Event, Fact, Holder, IllegalMove, Outcome, ReplyNote, RunState, Site};
use crate::plan::{Class, Plan};

/// So often it is looked whether something was handed in for an approval.
const LOOK_EVERY: SignedDuration = SignedDuration::from_millis(500);

/// The sooner of two times.
fn sooner(one: Option<Timestamp>, other: Timestamp) -> Timestamp {
    one.map_or(other, |one| one.min(other))
}

/// What watches a run: the terminal, a log. Called after the events are durable.
pub trait View {
    /// Something happened; the state is that after the whole commit.
    fn event(&mut self, event: &Event, state: &RunState);

    /// A running effect printed a line, masked.
    fn line(&mut self, effect: EffectId, line: &str);
}

/// Watches nothing.
impl View for () {
    fn event(&mut self, _: &Event, _: &RunState) {}
    fn line(&mut self, _: EffectId, _: &str) {}
}

/// Why a run could not be driven on.
#[derive(Debug, thiserror::Error)]
pub enum DriveError {
    /// The journal cannot be written; the run stops there.
    #[error("the journal cannot be written: {0}")]
    Journal(#[from] JournalError),
    /// The engine contradicts itself.
    #[error("this is a bug in bowline: {0}")]
    Bug(#[from] IllegalMove),
}

/// Drives a run until it ends or the process has to leave. `first` is recorded before anything else:
/// `Started`, or `Resumed` (its old processes being dead) with what was settled meanwhile.
///
/// # Errors
/// When the journal fails, or the engine contradicts itself.
pub async fn drive<'a, H: Host, J: Journal>(
    plan: &'a Plan,
    state: RunState,
    first: Vec<Fact>,
    world: World<'a, H, J>,
) -> Result<(ExitCode, RunState), DriveError> {
    let mut state = state;
    let looked =
        if state.has_gaps() { look_again(plan, &mut state, world.host).await } else { Looked::default() };
    let mut driver = Driver::new(plan, state, world);
    driver.tick();
    first.into_iter().try_for_each(|fact| driver.record(fact))?;
    let note = |text| Fact::Noted { frame: RunState::ROOT, text };
    looked.notes.into_iter().try_for_each(|text| driver.record(note(text)))?;
    unblocked(plan, &driver.state).into_iter().try_for_each(|fact| driver.record(fact))?;
    looked.others.into_iter().try_for_each(|report| driver.report(report))?;
    driver.run().await?;
    let code = ExitCode::of(plan, &driver.state);
    Ok((code, driver.state))
}

/// What a run is driven with.
pub struct World<'a, H, J> {
    /// The door to the world.
    pub host: &'a mut H,
    /// Where events are kept.
    pub journal: &'a mut J,
    /// What watches.
    pub view: &'a mut dyn View,
}

struct Driver<'a, H, J> {
    plan: &'a Plan,
    state: RunState,
    world: World<'a, H, J>,
    /// Applied, not yet durable.
    batch: Vec<Event>,
    /// Begun in this batch, started once it is durable.
    works: Vec<Work>,
    /// Work that starts once its artifacts are verified.
    verifying: HashMap<EffectId, Work>,
    /// Stopped already.
    stopped: HashSet<EffectId>,
    /// Replies that are still to come to effects that ended without them.
    stale: HashMap<EffectId, u32>,
    /// Started and not replied.
    flying: HashSet<EffectId>,
    hung_up: bool,
    /// The time of this turn of the loop. It is read before it is looked what was handed in, so that by the time at
    /// which an approval expires all is known that came before.
    now: Timestamp,
    /// How far the host's clock was set back behind the last event.
    behind: SignedDuration,
    /// Something handed in may not be whole yet: until then the run does not leave.
    half: Option<Timestamp>,
}

impl<H: Host> Mask for H {
    fn mask(&self, text: &str) -> String {
        Host::mask(self, text)
    }

    fn tainted(&self, text: &str) -> bool {
        Host::tainted(self, text)
    }

    fn learn(&self, secret: &str) {
        Host::learn(self, secret);
    }
}

impl<'a, H: Host, J: Journal> Driver<'a, H, J> {
    fn new(plan: &'a Plan, state: RunState, world: World<'a, H, J>) -> Self {
        Self {
            plan,
            state,
            world,
            batch: vec![],
            works: vec![],
            verifying: HashMap::new(),
            stopped: HashSet::new(),
            stale: HashMap::new(),
            flying: HashSet::new(),
            hung_up: false,
            now: Timestamp::UNIX_EPOCH,
            behind: SignedDuration::ZERO,
            half: None,
        }
    }

    async fn run(&mut self) -> Result<(), DriveError> {
        loop {
            self.tick();
            self.take_in()?;
            let until = if self.hung_up { self.leave_when_quiet()? } else { self.advance()? };
            self.commit()?;
            if self.state.finished.is_some() || self.state.suspended.is_some() {
                return Ok(());
            }
            for work in std::mem::take(&mut self.works) {
                self.flying.insert(work.effect);
                self.world.host.start(work);
            }
            let until = until.map(|until| until.checked_sub(self.behind).unwrap_or(until));
            let until = until.into_iter().chain(self.next_look()).min();
            if let Some(report) = self.world.host.next(until).await {
                self.report(report)?;
            }
        }
    }

    /// Takes in what was handed in for the approvals that are open: before anything of them is decided, so that
    /// what came in time counts however late it is looked at.
    fn take_in(&mut self) -> Result<(), DriveError> {
        if self.hung_up || !self.world.host.takes_votes() || self.state.ballots().is_empty() {
            return Ok(());
        }
        let mut half: Option<Timestamp> = None;
        for handed in self.world.host.handed_in() {
            let whole_from = handed.whole_from;
            match taken(self.plan, &self.state, handed, &*self.world.host) {
                Taken::Fact(fact) => self.record(*fact)?,
                Taken::Half => half = half.max(whole_from),
                Taken::Known => {}
            }
        }
        // Waited for once: who writes for ever does not keep the run.
        self.half = half.map(|half| self.half.unwrap_or(half));
        Ok(())
    }

    /// When to look again whether something was handed in.
    fn next_look(&self) -> Option<Timestamp> {
        let looks = self.world.host.takes_votes() && !self.state.ballots().is_empty();
        looks.then(|| later(self.world.host.now(), LOOK_EVERY))
    }

    /// Reads the time of the run. Where the host's clock was set back it goes on from the last event, so that nothing
    /// goes backwards and every pause ends.
    fn tick(&mut self) {
        let (host, last) = (self.world.host.now(), self.state.now);
        if later(host, self.behind) < last {
            self.behind = last.duration_since(host);
        } else if host >= last {
            self.behind = SignedDuration::ZERO;
        }
        self.now = later(host, self.behind);
    }

    /// Makes every move that can be made now. Gives the time of the next one.
    fn advance(&mut self) -> Result<Option<Timestamp>, DriveError> {
        loop {
            let mut moved = false;
            let mut until: Option<Timestamp> = None;
            for command in decide(self.plan, &self.state) {
                match command {
                    Command::At(time, _) if time > self.now => until = Some(sooner(until, time)),
                    Command::Record(Fact::Suspended { .. }) if self.whole_from().is_some() => {
                        until = self.whole_from().map(|half| sooner(until, half));
                    }
                    Command::At(_, command) => moved |= self.make(*command)?,
                    command => moved |= self.make(command)?,
                }
            }
            if !moved || self.state.finished.is_some() || self.state.suspended.is_some() {
                return Ok(until);
            }
        }
    }

    /// Until when something that was handed in may become whole.
    fn whole_from(&self) -> Option<Timestamp> {
        self.half.map(|half| later(half, self.behind)).filter(|half| *half > self.now)
    }

    /// After a hang-up nothing new begins; once nothing runs, the process leaves.
    fn leave_when_quiet(&mut self) -> Result<Option<Timestamp>, DriveError> {
        let asks: Vec<EffectId> = self.state.asking().collect();
        let running = self.state.running().filter(|(_, run)| run.class == Class::Asks).map(|(_, run)| run.id);
        let withdrawn: Vec<EffectId> = running.chain(asks).collect();
        withdrawn.into_iter().for_each(|effect| self.stop(effect, StopHow::Withdraw));
        if self.state.cancels > 1 {
            self.flying.clone().into_iter().for_each(|effect| self.stop(effect, StopHow::Gently));
        }
        if self.flying.is_empty() {
            self.record(Fact::Suspended { until: None, why: "the terminal went away".into() })?;
        }
        Ok(None)
    }

    /// When it came is recorded where something goes on behind it.
    fn hang_up(&mut self) -> Result<(), DriveError> {
        let works = self.state.running().any(|(_, run)| run.class != Class::Asks);
        if works && !self.hung_up {
            let text = "the terminal went away: what runs may end, nothing new begins".to_owned();
            self.record(Fact::Noted { frame: RunState::ROOT, text })?;
        }
        self.hung_up = true;
        Ok(())
    }

    /// Carries a command out; false if it changes nothing in the state.
    fn make(&mut self, command: Command) -> Result<bool, DriveError> {
        match command {
            Command::Record(fact) => self.record(fact)?,
            Command::Begin(intent) => self.begin(&intent)?,
            Command::At(_, inner) => return self.make(*inner),
            Command::Stop(effect, how) => {
                self.stop(effect, how);
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn stop(&mut self, effect: EffectId, how: StopHow) {
        if self.flying.contains(&effect) && self.stopped.insert(effect) {
            self.world.host.stop(effect, how);
        }
    }

    fn record(&mut self, fact: Fact) -> Result<(), DriveError> {
        let mut fact = sealed(self.plan, &*self.world.host, fact);
        if let Fact::Entered { frame, .. } = &mut fact {
            *frame = self.state.next_frame();
        }
        if let Fact::Ended { effect, .. } = &fact {
            self.give_up(*effect);
        }
        let event = Event { seq: self.state.seq + 1, at: self.now, fact };
        self.state.apply(self.plan, &event)?;
        self.batch.push(event);
        Ok(())
    }

    /// An effect ended without the reply to its work: that is not begun any more, or its reply will say nothing.
    fn give_up(&mut self, effect: EffectId) {
        self.works.retain(|work| work.effect != effect);
        if self.flying.remove(&effect) {
            self.world.host.stop(effect, StopHow::Withdraw);
            *self.stale.entry(effect).or_default() += 1;
        }
    }

    fn begin(&mut self, intent: &Intent) -> Result<(), DriveError> {
        let effect = intent.effect.unwrap_or(self.state.next_effect());
        let job = render(self.plan, &self.state, intent).map(|job| job.located(&*self.world.host));
        let shown = job.as_ref().map(|job| job.shown(&*self.world.host)).unwrap_or_default();
        let on = job.as_ref().ok().and_then(|job| job.on.clone());
        let Site { frame, node } = intent.site;
        self.record(Fact::Began(Begun { effect, frame, node, attempt: intent.attempt, shown, on }))?;
        self.stopped.remove(&effect);
        match job {
            Ok(job) => self.take_on(effect, intent, job),
            Err(why) => {
                let class = super::render::class_at(self.plan, intent.site);
                let outcome =
                    if class == Class::Looks { Outcome::Inconclusive } else { Outcome::FailedClean };
                let note = ReplyNote { message: why, ..ReplyNote::default() };
                self.record(ended(effect, Judged { outcome, values: vec![], note }))
            }
        }
    }

    fn take_on(&mut self, effect: EffectId, intent: &Intent, job: Job) -> Result<(), DriveError> {
        let done = |message: String| Judged {
            outcome: Outcome::Done,
            values: vec![],
            note: ReplyNote { message, ..ReplyNote::default() },
        };
        match job.work {
            JobKind::Timer => Ok(()),
            JobKind::Log(text) => self.record(ended(effect, done(text))),
            JobKind::Lock(name) => match self.lock(&name)? {
                Ok(()) => self.record(ended(effect, done(String::new()))),
                Err(by) => self.record(Fact::Held { effect, by }),
            },
            JobKind::Host(mut request) => {
                if let Request::Ask(question) = &mut request {
                    masked_question(&*self.world.host, question);
                    let fact = request_of(self.plan, &self.state, (effect, question), &*self.world.host);
                    fact.into_iter().try_for_each(|fact| self.record(fact))?;
                }
                let path = path_of(self.plan, &self.state, intent.site);
                let (class, timeout) = (job.class, job.timeout);
                let (node, address, target) = (intent.site.node, path.join(" / "), job.on);
                let work = Work { effect, node, address, class, timeout, target, request };
                self.queue(work, job.verify);
                Ok(())
            }
        }
    }

    fn lock(&mut self, name: &LockName) -> Result<Result<(), Holder>, JournalError> {
        let name = name.written();
        self.world.journal.lock(&Host::mask(self.world.host, &name))
    }

    fn queue(&mut self, work: Work, verify: Vec<crate::value::Artifact>) {
        if verify.is_empty() {
            return self.works.push(work);
        }
        let (effect, node, address) = (work.effect, work.node, work.address.clone());
        let request = Request::Verify(verify);
        self.verifying.insert(effect, work);
        let (class, timeout, target) = (Class::Looks, None, None);
        self.works.push(Work { effect, node, address, class, timeout, target, request });
    }

    fn commit(&mut self) -> Result<(), DriveError> {
        if self.batch.is_empty() {
            return Ok(());
        }
        self.world.journal.append(&self.batch)?;
        for event in self.batch.drain(..) {
            self.world.view.event(&event, &self.state);
        }
        Ok(())
    }

    fn report(&mut self, report: Report) -> Result<(), DriveError> {
        self.tick();
        match report {
            // Once more: what stood between the parts of a secret (colours) has been taken out of it.
            Report::Line { effect, line } => {
                self.world.view.line(effect, &Host::mask(self.world.host, &line));
            }
            Report::Spawned { effect, pid, started, boot } => self.spawned(effect, pid, started, boot)?,
            Report::Reply { effect, reply } => self.reply(effect, reply)?,
            Report::Cancel(by) => {
                self.record(Fact::CancelRequested { by })?;
                if self.state.cancels > 2 {
                    self.record(Fact::Suspended { until: None, why: "stopped at once".into() })?;
                }
            }
            Report::Note(text) => self.record(Fact::Noted { frame: RunState::ROOT, text })?,
            Report::HangUp => self.hang_up()?,
        }
        Ok(())
    }
}
