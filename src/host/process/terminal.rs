//! Programs that get the real terminal: the foreground group while they run, as a shell does it.
//!
//! Each on a thread of its own. They inherit our streams, so nothing they print is kept, and they share our session, so
//! that Ctrl-C and Ctrl-Z reach them and not us.

use std::io::IsTerminal;
use std::os::fd::AsFd;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, WaitId, WaitIdOptions};
use tokio::sync::mpsc::UnboundedSender;

use super::super::failed;
use super::birth::{self, Place, Stack};
use super::command::{self, Command, Refusal};
use super::group::{self, Stat};
use super::kin::{Kin, Mark};
use super::orphans::Awaited;
use super::{DEATH, Job, Setup, UNKNOWN_END, exit_code, how_stopped, still_alive};
use crate::run::{Failure, ProgramReply, Reply, Report};

/// How often its state is looked at; a person does not notice.
const LOOK_EVERY: Duration = Duration::from_millis(20);

/// Asks the loop to halt all that runs and then ourselves; answered when we go on.
pub(in super::super) type Halts = UnboundedSender<Sender<()>>;

/// What a program on the terminal needs besides itself.
pub(in super::super) struct Stage {
    pub setup: Setup,
    pub reports: UnboundedSender<Report>,
    pub halts: Halts,
    pub awaited: Awaited,
    /// Set to make it end.
    pub stop: Arc<AtomicBool>,
}

/// Runs a program on the terminal; blocks until it has ended.
pub(in super::super) fn run(stage: &Stage, job: &Job) -> Reply {
    let setup = &stage.setup;
    if !std::io::stdin().is_terminal() {
        return not_started("the step wants the real terminal, and there is none; run it at a terminal");
    }
    let before = rustix::termios::tcgetattr(std::io::stdin()).ok();
    let started = command::prepare(&setup.around, job.effect, &job.address, &job.program)
        .and_then(|command| Ok((start(stage, job, &command)?, command)));
    let (pid, _command) = match started {
        Ok(started) => started,
        Err(why) => return not_started(&setup.mask.text(&why)),
    };
    let kin = Kin { mark: Mark::new(&setup.around.run, job.effect), group: Some(pid), since: 0 };
    let number = pid.as_raw_nonzero().get().unsigned_abs();
    let spawned = Report::Spawned {
        effect: job.effect,
        pid: number,
        started: group::started(number),
        boot: group::boot_id(),
    };
    let _ = stage.reports.send(spawned);
    let mut watch = Watch {
        pid,
        kin,
        halts: &stage.halts,
        began: Instant::now(),
        asked: None,
        why: Failure::Stopped,
        killed: false,
        left: vec![],
    };
    watch.until_ended(setup.grace, job.timeout, &stage.stop);
    foreground(rustix::process::getpgrp());
    if let Some(before) = before {
        let now = rustix::termios::OptionalActions::Now;
        birth::with_signals_blocked(|| rustix::termios::tcsetattr(std::io::stdin(), now, &before)).ok();
    }
    let exit = reap(stage, pid);
    watch.end_the_rest(setup.grace);
    calm(exit.is_some_and(|exit| exit > 128));
    watch.reply(exit, setup.grace, job.timeout)
}

/// Takes back what a program on a terminal may have left behind: a hidden cursor, reports of the mouse, colours;
/// where a signal ended it, its own screen too.
fn calm(cut_off: bool) {
    use std::io::Write;
    let mut screen = std::io::stderr();
    if !screen.is_terminal() {
        return;
    }
    let own_screen = if cut_off { "\u{1b}[?1047l\u{1b}[?47l\r\n" } else { "" };
    let rest = "\u{1b}[0m\u{1b}[?25h\u{1b}[?7h\u{1b}[?1000l\u{1b}[?1002l\u{1b}[?1003l\u{1b}[?1006l\u{1b}[?2004l\u{1b}[?1l\u{1b}>";
    // A terminal that is gone needs nothing.
    let _ = screen.write_all(format!("{own_screen}{rest}").as_bytes()).and_then(|()| screen.flush());
}

fn not_started(why: &str) -> Reply {
    failed(Failure::NotStarted, why)
}

/// Starts it in front.
fn start(stage: &Stage, job: &Job, command: &Command) -> Result<Pid, Refusal> {
    let (stdin, stdout, stderr) = (std::io::stdin(), std::io::stdout(), std::io::stderr());
    let mark = Mark::new(&stage.setup.around.run, job.effect);
    let streams = [stdin.as_fd(), stdout.as_fd(), stderr.as_fd()];
    let mut awaited = stage.awaited.list();
    let born = birth::start(&mut Stack::new(), &command.image(streams, Place::Front, Some(mark.limit())));
    if born.is_err() {
        foreground(rustix::process::getpgrp());
    }
    let pid = born.map_err(|why| command.refused(why))?.pid;
    awaited.push(pid);
    Ok(pid)
}

/// Takes its status, which nobody else is to take.
fn reap(stage: &Stage, pid: Pid) -> Option<i32> {
    let status = rustix::process::waitid(WaitId::Pid(pid), WaitIdOptions::EXITED);
    stage.awaited.list().retain(|awaited| *awaited != pid);
    status.ok().flatten().as_ref().map(exit_code)
}

/// Makes a group the one that reads the terminal and gets its signals.
fn foreground(group: Pid) {
    // Where the terminal has just gone away there is nothing to give.
    let _ = birth::with_signals_blocked(|| rustix::termios::tcsetpgrp(std::io::stdin().as_fd(), group));
}

/// A program on the terminal, while it runs.
struct Watch<'a> {
    pid: Pid,
    kin: Kin,
    halts: &'a Halts,
    began: Instant,
    asked: Option<Instant>,
    why: Failure,
    killed: bool,
    left: Vec<Stat>,
}

impl Watch<'_> {
    fn until_ended(&mut self, grace: Duration, timeout: Option<Duration>, stop: &AtomicBool) {
        while !self.has_ended() {
            if self.is_halted() {
                self.halt();
            }
            let late = timeout.is_some_and(|timeout| self.began.elapsed() >= timeout);
            if self.asked.is_none() && (late || stop.load(Ordering::Relaxed)) {
                self.why = if late { Failure::TimedOut } else { Failure::Stopped };
                self.asked = Some(Instant::now());
                self.kin.signal(Signal::TERM);
                self.kin.signal(Signal::CONT);
            }
            if self.is_over(grace) {
                self.killed = true;
                self.kin.signal(Signal::KILL);
            }
            std::thread::sleep(LOOK_EVERY);
        }
    }

    fn is_over(&self, grace: Duration) -> bool {
        self.asked.is_some_and(|asked| asked.elapsed() >= grace)
    }

    /// Where it was asked to stop, what it started ends, too.
    fn end_the_rest(&mut self, grace: Duration) {
        let Some(asked) = self.asked else { return };
        while !self.kin.living().is_empty() && asked.elapsed() < grace + DEATH {
            if self.is_over(grace) {
                self.killed = true;
                self.kin.signal(Signal::KILL);
            }
            std::thread::sleep(LOOK_EVERY);
        }
        self.left = self.kin.living();
    }

    /// Leaves it to be reaped by its handle.
    fn has_ended(&self) -> bool {
        let options = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
        !matches!(rustix::process::waitid(WaitId::Pid(self.pid), options), Ok(None))
    }

    fn is_halted(&self) -> bool {
        let options = WaitIdOptions::STOPPED | WaitIdOptions::NOHANG;
        matches!(rustix::process::waitid(WaitId::Pid(self.pid), options), Ok(Some(_)))
    }

    /// Ctrl-Z: we stop with it, so that the operator is back in the shell, and go on with it.
    fn halt(&self) {
        foreground(rustix::process::getpgrp());
        let (done, going_on) = channel();
        let _ = self.halts.send(done);
        let _ = going_on.recv();
        foreground(self.pid);
        group::signal(self.pid, Signal::CONT);
    }

    fn reply(&self, exit: Option<i32>, grace: Duration, timeout: Option<Duration>) -> Reply {
        if self.asked.is_none() {
            return match exit {
                Some(exit) => Reply::Program(ProgramReply { exit, ..ProgramReply::default() }),
                None => failed(Failure::Lost, UNKNOWN_END),
            };
        }
        let stopped = how_stopped(self.why, timeout, self.killed.then_some(grace));
        failed(self.why, stopped + &still_alive(&self.left))
    }
}
