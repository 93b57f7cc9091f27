//! One running program: its pipes, its limit, and how it is stopped.
//!
//! Driven by [`super::programs`], which polls; everything here returns at once.

mod carried;
mod replies;

use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::time::{Duration, Instant};

use rustix::io::Errno;
use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, WaitIdStatus};

use super::birth::Born;
use super::command::ScriptFile;
use super::group::{self, Stat};
use super::kin::{Kin, Mark};
use super::orphans;
use super::output::{Output, Stream};
use super::{DEATH, runs_on};
use crate::event::EffectId;
use crate::host::target::Link;
use crate::run::{Failure, Reply};

/// After a program has ended, what its own children print is waited for as long as it comes in
/// steps shorter than this...
const SILENCE: Duration = Duration::from_millis(200);

/// ...but no longer than this.
const LINGER: Duration = Duration::from_secs(2);

/// While a program is being stopped, its group is looked at so often.
const LOOK_EVERY: Duration = Duration::from_millis(20);

/// Reads of a pipe in one turn.
const READS: usize = 16;

/// A program that has ended before this is not announced: nobody will have to look for it.
const ANNOUNCED_AFTER: Duration = Duration::from_millis(2);

/// The descriptors of a child that are polled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Port {
    Stdin = 0,
    Stdout = 1,
    Stderr = 2,
    End = 3,
}

/// A program that runs.
#[derive(Debug)]
pub(super) struct Child {
    pub effect: EffectId,
    /// Where it stands in the run, for messages.
    pub address: String,
    pub pid: Pid,
    kin: Kin,
    pidfd: OwnedFd,
    stdin: Option<Feed>,
    stdout: Option<OwnedFd>,
    stderr: Option<OwnedFd>,
    output: Output,
    limits: Limits,
    ended: Option<Ended>,
    last_read: Instant,
    announced: bool,
    stopping: Option<Stopping>,
    /// Where it only carries a program that runs on a target.
    link: Option<Link>,
    /// Removed when the child is.
    _script: Option<ScriptFile>,
}

/// What is written to standard input, and how far it is.
#[derive(Debug)]
pub(super) struct Feed {
    pub pipe: OwnedFd,
    pub bytes: Vec<u8>,
    pub at: usize,
}

/// Our ends of its streams.
pub(super) struct Ends {
    pub stdin: Option<Feed>,
    pub stdout: OwnedFd,
    pub stderr: OwnedFd,
}

/// When it is stopped, and how patiently.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    pub timeout: Option<Duration>,
    pub begun: Instant,
    pub grace: Duration,
}

impl Limits {
    /// When its time is up.
    fn end(self) -> Option<Instant> {
        self.begun.checked_add(self.timeout?)
    }
}

#[derive(Debug)]
struct Ended {
    /// Nothing where somebody else has taken it.
    status: Option<WaitIdStatus>,
    at: Instant,
}

#[derive(Debug)]
struct Stopping {
    why: Failure,
    since: Instant,
    next_look: Instant,
    killed: Option<Instant>,
    /// What did not die.
    left: Vec<Stat>,
}

/// What a new child is made of.
pub(super) struct Made {
    pub effect: EffectId,
    pub address: String,
    pub mark: Mark,
    pub born: Born,
    pub ends: Ends,
    pub output: Output,
    pub limits: Limits,
    pub script: Option<ScriptFile>,
    pub link: Option<Link>,
}

impl Child {
    pub(super) fn new(made: Made) -> Self {
        Self {
            effect: made.effect,
            address: made.address,
            pid: made.born.pid,
            kin: Kin { mark: made.mark, group: Some(made.born.pid), since: 0 },
            pidfd: made.born.pidfd,
            stdin: made.ends.stdin,
            stdout: Some(made.ends.stdout),
            stderr: Some(made.ends.stderr),
            output: made.output,
            limits: made.limits,
            ended: None,
            last_read: made.limits.begun,
            announced: false,
            stopping: None,
            link: made.link,
            _script: made.script,
        }
    }

    /// What to poll.
    pub(super) fn ports(&self) -> impl Iterator<Item = (Port, BorrowedFd<'_>)> {
        let stdin = self.stdin.as_ref().map(|feed| (Port::Stdin, feed.pipe.as_fd()));
        let stdout = self.stdout.as_ref().map(|pipe| (Port::Stdout, pipe.as_fd()));
        let stderr = self.stderr.as_ref().map(|pipe| (Port::Stderr, pipe.as_fd()));
        let end = self.ended.is_none().then(|| (Port::End, self.pidfd.as_fd()));
        [stdin, stdout, stderr, end].into_iter().flatten()
    }

    /// The descriptor that tells its end.
    pub(super) fn end(&self) -> BorrowedFd<'_> {
        self.pidfd.as_fd()
    }

    /// A descriptor is ready.
    pub(super) fn ready(&mut self, port: Port, now: Instant, buffer: &mut [u8]) {
        match port {
            Port::Stdin => self.write(),
            Port::Stdout => self.read(Stream::Out, now, buffer),
            Port::Stderr => self.read(Stream::Err, now, buffer),
            Port::End => self.reap(now),
        }
    }

    /// Reads what is there, but not for ever: others wait too.
    fn read(&mut self, stream: Stream, now: Instant, buffer: &mut [u8]) {
        for _ in 0..READS {
            let pipe = match stream {
                Stream::Out => &mut self.stdout,
                Stream::Err => &mut self.stderr,
            };
            let Some(open) = pipe else { return };
            match rustix::io::read(&*open, &mut *buffer) {
                Err(Errno::INTR | Errno::AGAIN) => return,
                Ok(0) | Err(_) => return *pipe = None,
                Ok(count) => {
                    self.last_read = now;
                    let bytes = buffer.get(..count).unwrap_or_default();
                    match &mut self.link {
                        None => self.output.take(stream, bytes),
                        Some(link) => carried::feed(link, &mut self.output, stream, bytes),
                    }
                    if count < buffer.len() {
                        return;
                    }
                }
            }
        }
    }

    /// A program that does not read all of its input (EPIPE) is no error.
    fn write(&mut self) {
        let Some(feed) = &mut self.stdin else { return };
        match rustix::io::write(&feed.pipe, feed.bytes.get(feed.at..).unwrap_or_default()) {
            Ok(count) => feed.at += count,
            Err(Errno::INTR | Errno::AGAIN) => {}
            Err(_) => feed.at = feed.bytes.len(),
        }
        if feed.at >= feed.bytes.len() {
            self.stdin = None;
        }
    }

    fn reap(&mut self, now: Instant) {
        if self.ended.is_some() {
            return;
        }
        let options = WaitIdOptions::EXITED | WaitIdOptions::NOHANG;
        let status = match rustix::process::waitid(WaitId::PidFd(self.pidfd.as_fd()), options) {
            Ok(Some(status)) => Some(status),
            Err(Errno::CHILD) => None,
            Ok(None) | Err(_) => return,
        };
        self.ended = Some(Ended { status, at: now });
        self.stdin = None;
    }

    /// Asks it to stop, unless it has ended or is being stopped already.
    pub(super) fn stop(&mut self, why: Failure, now: Instant) {
        if self.ended.is_some() {
            // Its own end came first; what its children still print is not waited for.
            self.stdout = None;
            self.stderr = None;
        } else if self.stopping.is_none() {
            self.ask_to_end();
            self.stopping = Some(Stopping { why, since: now, next_look: now, killed: None, left: vec![] });
        }
    }

    fn ask_to_end(&self) {
        if !self.carried_asked_to_end() {
            self.signal_all(Signal::TERM);
            // A stopped process takes TERM only once it goes on.
            self.signal_all(Signal::CONT);
        }
    }

    /// Sends a signal to all that belongs to the effect, wherever it is.
    pub(super) fn signal_all(&self, signal: Signal) {
        self.kin.signal(signal);
    }

    /// Sends a signal to the group alone.
    pub(super) fn signal_group(&self, signal: Signal) {
        self.kin.signal_group(signal);
    }

    /// Whether it was asked to stop.
    pub(super) fn is_stopping(&self) -> bool {
        self.stopping.is_some()
    }

    /// Whether nothing of the effect is left.
    pub(super) fn is_gone(&self) -> bool {
        self.kin.is_gone()
    }

    /// What of it runs on by itself; `alone` where no other program of the run is there.
    pub(super) fn left_behind(&self, alone: bool) -> Vec<Stat> {
        if group::is_empty(self.pid) && alone && orphans::are_none() {
            vec![]
        } else {
            self.kin.left_behind()
        }
    }

    /// Whether its pid is to be told now; true once. Short programs are not worth waking anybody for.
    pub(super) fn announce(&mut self, now: Instant) -> bool {
        let told = self.announced;
        self.announced |= self.ended.is_none() && now >= self.limits.begun + ANNOUNCED_AFTER;
        self.announced && !told
    }

    /// The next line for the screen.
    pub(super) fn line(&mut self, now: Instant) -> Option<String> {
        self.link.as_mut().and_then(Link::notice).or_else(|| self.output.line(now))
    }

    /// When [`Self::advance`] or [`Self::line`] has something to do without a descriptor being ready.
    pub(super) fn due(&self) -> Option<Instant> {
        let lingers = self.ended.as_ref().map(|ended| self.lingers_until(ended));
        let stops = self.stopping.as_ref().map(|stopping| stopping.next_look);
        let next = match &self.link {
            None => stops.or(lingers).or(self.limits.end()),
            Some(link) => self.carried_due(link),
        };
        let announce = (!self.announced && self.ended.is_none()).then(|| self.limits.begun + ANNOUNCED_AFTER);
        [next, announce, self.output.line_due()].into_iter().flatten().min()
    }

    fn lingers_until(&self, ended: &Ended) -> Instant {
        (self.last_read.max(ended.at) + SILENCE).min(ended.at + LINGER)
    }

    /// Goes on by time; true once it has ended and there is nothing left to wait for.
    pub(super) fn advance(&mut self, now: Instant) -> bool {
        if self.ended.is_none() && self.limits.end().is_some_and(|end| now >= end) {
            self.stop(Failure::TimedOut, now);
        }
        match (&self.stopping, &self.ended) {
            _ if self.link.is_some() => self.advance_carried(now),
            (Some(_), _) => self.is_stopped(now),
            (None, Some(_)) => self.is_read(now),
            (None, None) => false,
        }
    }

    /// Whether it has ended and nothing more of its output is waited for.
    fn is_read(&self, now: Instant) -> bool {
        let closed = self.stdout.is_none() && self.stderr.is_none();
        self.ended.as_ref().is_some_and(|ended| closed || now >= self.lingers_until(ended))
    }

    fn is_stopped(&mut self, now: Instant) -> bool {
        if self.ended.is_none() {
            self.reap(now);
        }
        let Some(stopping) = self.stopping.as_mut().filter(|stopping| now >= stopping.next_look) else {
            return false;
        };
        stopping.next_look = now + LOOK_EVERY;
        let late = now >= stopping.since + self.limits.grace;
        let killed = stopping.killed;
        if self.is_read(now) && self.is_gone() {
            return true;
        }
        if killed.is_some_and(|killed| now >= killed + DEATH) {
            self.give_up();
            return true;
        }
        if late {
            // Again and again: what is killed may have started something in the meantime.
            self.signal_all(Signal::KILL);
            self.stopping.iter_mut().for_each(|stopping| stopping.killed = killed.or(Some(now)));
        }
        false
    }

    /// What is alive now stays so.
    fn give_up(&mut self) {
        let left = self.kin.living();
        self.stopping.iter_mut().for_each(|stopping| stopping.left.clone_from(&left));
    }

    /// What is to be said of it beside its reply; `left` runs on.
    pub(super) fn remarks(&self, left: &[Stat]) -> Vec<String> {
        let runs_on = (!left.is_empty()).then(|| runs_on(left));
        runs_on.into_iter().chain(self.output.trouble()).collect()
    }

    /// Its reply, and the pipes that somebody else still holds: to be read on, so that a program
    /// left in the background is not killed by writing to a closed pipe.
    pub(super) fn finish(mut self, mut remarks: Vec<String>) -> (Reply, Vec<(Port, OwnedFd)>) {
        let stdout = self.stdout.take().map(|pipe| (Port::Stdout, pipe));
        let stderr = self.stderr.take().map(|pipe| (Port::Stderr, pipe));
        let held = stdout.into_iter().chain(stderr).collect();
        if let Some(link) = self.link.take() {
            return (self.carried_reply(link), held);
        }
        let reply = match (self.stopping, self.ended) {
            (Some(stopping), _) => replies::stopped(&stopping, self.limits, self.output.finish(&remarks)),
            (None, Some(Ended { status: Some(status), .. })) => {
                remarks.extend(replies::by_signal(&status));
                replies::exited(&status, self.output.finish(&remarks))
            }
            (None, Some(Ended { status: None, .. })) => replies::lost(self.output.finish(&remarks)),
            (None, None) => replies::stopped_unseen(self.output.finish(&remarks)),
        };
        (reply, held)
    }
}
