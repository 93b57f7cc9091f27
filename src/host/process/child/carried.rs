//! A child that only carries a program of a target: the client's end is not the program's end.
//!
//! Stopping it means asking the target; the client itself is stopped only when it is of no use any
//! more. A reply about a change waits until what runs there is certainly dead.

use std::time::Instant;

use rustix::process::Signal;

use super::super::output::{Output, Stream};
use super::super::{DEATH, how_stopped};
use super::replies::failed;
use super::{Child, LOOK_EVERY, SILENCE};
use crate::host::target::{Fate, Link};
use crate::run::{Failure, ProgramReply, Reply};

/// What a client printed: what is the program's goes where its output goes.
pub(super) fn feed(link: &mut Link, output: &mut Output, stream: Stream, bytes: &[u8]) {
    let number = usize::from(stream == Stream::Err);
    link.feed(number, bytes, &mut |number, bytes| {
        output.take(if number == 0 { Stream::Out } else { Stream::Err }, bytes);
    });
}

impl Child {
    /// Asks the target to end the program; false where there is none, or it has not begun.
    pub(super) fn carried_asked_to_end(&self) -> bool {
        let begun = self.link.as_ref().filter(|link| link.may_have_begun());
        begun.inspect(|link| link.ask_to_end()).is_some()
    }

    /// Halts the program, wherever it is, or lets it go on: it has no terminal that could.
    pub(in super::super) fn suspend(&self, halts: bool) {
        match &self.link {
            Some(link) if halts => link.halt(),
            Some(link) => link.go_on(),
            None => self.signal_group(if halts { Signal::STOP } else { Signal::CONT }),
        }
    }

    /// When [`Self::advance_carried`] has something to do.
    pub(super) fn carried_due(&self, link: &Link) -> Option<Instant> {
        if let Some(ended) = &self.ended {
            let waits = link.certain_at().filter(|_| !link.has_notice());
            return Some(self.lingers_until(ended).max(waits.unwrap_or(ended.at)));
        }
        let over = link.is_over().then(|| self.last_read + SILENCE);
        let stops = self.stopping.as_ref().map(|stopping| stopping.next_look);
        over.into_iter().chain(stops.or(self.limits.end())).min()
    }

    /// Goes on by time; true once there is nothing left to wait for.
    pub(super) fn advance_carried(&mut self, now: Instant) -> bool {
        let Some(link) = &mut self.link else { return true };
        if self.ended.is_some() {
            let certain = link.certain_at().is_none_or(|certain| now >= certain);
            if !certain {
                link.say_waiting(now);
            }
            return certain && self.is_read(now);
        }
        if link.is_over() && now >= self.last_read + SILENCE {
            // It stays while something on the target holds its streams.
            self.signal_group(Signal::TERM);
            self.last_read = now;
        }
        if self.is_given_up(now) {
            self.signal_group(Signal::KILL);
        }
        false
    }

    /// Whether the client is of no use any more: the target was asked to stop and says nothing.
    fn is_given_up(&mut self, now: Instant) -> bool {
        let (Some(stopping), Some(link)) = (&mut self.stopping, &self.link) else { return false };
        if now < stopping.next_look {
            return false;
        }
        stopping.next_look = now + LOOK_EVERY;
        match stopping.killed {
            None if now >= stopping.since + self.limits.grace => {
                stopping.killed = Some(now);
                link.kill();
                false
            }
            None => false,
            // Twice as long as here: an order takes its time.
            Some(killed) => now >= killed + 2 * DEATH,
        }
    }

    /// What became of the program.
    pub(super) fn carried_reply(mut self, mut link: Link) -> Reply {
        let output = &mut self.output;
        link.finish(&mut |number, bytes| {
            output.take(if number == 0 { Stream::Out } else { Stream::Err }, bytes);
        });
        let killed = self.stopping.as_ref().and_then(|stopping| stopping.killed);
        let why = self.stopping.as_ref().map(|stopping| stopping.why);
        let printed = self.output.finish(&[]);
        match (link.fate(), why) {
            (Fate::Exited(exit), _) => {
                let super::super::output::Printed { stdout, stderr, tail, output } = printed;
                Reply::Program(ProgramReply { exit, stdout, stderr, tail, output })
            }
            (Fate::NotBegun(why), None) => failed(Failure::NotStarted, why, printed),
            (Fate::NotBegun(message), Some(why)) => {
                let stopped = how_stopped(why, self.limits.timeout, None);
                failed(Failure::NotStarted, format!("{stopped}, before it had begun: {message}"), printed)
            }
            (Fate::Stopped, why) => {
                let grace = killed.map(|_| self.limits.grace);
                let why = why.unwrap_or(Failure::Stopped);
                failed(why, how_stopped(why, self.limits.timeout, grace), printed)
            }
            (Fate::Lost(message), None) => failed(Failure::Lost, message, printed),
            (Fate::Lost(message), Some(why)) => {
                let stopped = how_stopped(why, self.limits.timeout, killed.map(|_| self.limits.grace));
                failed(why, format!("{stopped}; {message}"), printed)
            }
        }
    }
}
