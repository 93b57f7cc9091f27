//! The one long-lived thread that starts all programs and polls all their pipes.
//!
//! One thread, because a child is told to end when the *thread* that started it does; one for both
//! jobs, so that a step costs two hops between threads.

use std::os::fd::{AsFd, OwnedFd};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, TryRecvError};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec};
use rustix::process::Signal;

use super::birth::{self, Image, Stack, Stillborn};
use super::child::{Child, Ends, Feed, Limits, Made, Port};
use super::command::{self, Command};
use super::group;
use super::output::Output;
use super::{Job, Setup};
use crate::event::EffectId;
use crate::run::{ArgText, Failure, Reply, Report};

/// What is read at once; as much as a pipe holds.
const BUFFER_BYTES: usize = 64 * 1024;

/// On leaving, children get so long between TERM and KILL.
const LEAVING: Duration = Duration::from_secs(1);

/// What the thread is asked to do.
pub(super) enum Order {
    Start(Box<Job>),
    Stop(EffectId),
    Signal(Signal),
    Leave,
}

/// The thread's state.
pub(super) struct Worker {
    setup: Setup,
    orders: Receiver<Order>,
    wake: Arc<OwnedFd>,
    null: OwnedFd,
    stack: Stack,
    children: Vec<Child>,
    held: Vec<OwnedFd>,
    buffer: Vec<u8>,
    boot: String,
}

/// A descriptor that was ready.
enum Ready {
    Wake,
    Child(usize, Port),
    Held(usize),
}

impl Worker {
    pub(super) fn new(setup: Setup, orders: Receiver<Order>, wake: Arc<OwnedFd>, null: OwnedFd) -> Self {
        let boot = group::boot_id();
        let buffer = vec![0; BUFFER_BYTES];
        Self { setup, orders, wake, null, stack: Stack::new(), children: vec![], held: vec![], buffer, boot }
    }

    /// Until the host is dropped; then all children are stopped, quickly.
    pub(super) fn serve(mut self) {
        while self.take_orders() {
            for ready in self.wait() {
                self.handle(&ready);
            }
            self.held.retain(|pipe| !is_closed(pipe));
            self.advance();
        }
        self.leave();
    }

    /// False when it is time to leave.
    fn take_orders(&mut self) -> bool {
        loop {
            match self.orders.try_recv() {
                Ok(Order::Start(job)) => self.start(*job),
                Ok(Order::Stop(effect)) => self.stop(effect),
                Ok(Order::Signal(signal)) => {
                    self.children.iter().for_each(|child| child.signal_group(signal));
                }
                Err(TryRecvError::Empty) => return true,
                Ok(Order::Leave) | Err(TryRecvError::Disconnected) => return false,
            }
        }
    }

    fn stop(&mut self, effect: EffectId) {
        let now = Instant::now();
        for child in self.children.iter_mut().filter(|child| child.effect == effect) {
            child.stop(Failure::Stopped, now);
        }
    }

    fn start(&mut self, job: Job) {
        let effect = job.effect;
        match self.try_start(job) {
            Ok(child) => self.children.push(child),
            Err(message) => {
                let message = self.setup.mask.text(&message);
                let reply = Reply::Failed {
                    failure: Failure::NotStarted,
                    message,
                    tail: String::new(),
                    output: None,
                };
                self.report(Report::Reply { effect, reply });
            }
        }
    }

    fn try_start(&mut self, job: Job) -> Result<Child, String> {
        let around = &self.setup.around;
        let program = job.program;
        let command = command::prepare(around, job.effect, &job.address, &program)?;
        let no_pipe = |error: std::io::Error| format!("no pipe for the program: {error}");
        let (stdout, child_out) = os_pipe::pipe().map_err(no_pipe)?;
        let (stderr, child_err) = os_pipe::pipe().map_err(no_pipe)?;
        let (stdin, child_in) = feed(program.stdin).map_err(no_pipe)?;
        let child_in = child_in.as_ref().map_or(self.null.as_fd(), AsFd::as_fd);
        let image = Image {
            program: &command.program,
            words: &command.words,
            env: &command.env,
            dir: &command.dir,
            streams: [child_in, child_out.as_fd(), child_err.as_fd()],
        };
        let begun = Instant::now();
        let born = birth::start(&mut self.stack, &image).map_err(|why| refusal(why, &command))?;
        let ends = Ends { stdin, stdout: stdout.into(), stderr: stderr.into() };
        let output = Output::new(&self.setup.outputs, job.effect, &self.setup.mask, program.capture);
        let limits = Limits { timeout: job.timeout, begun, grace: self.setup.grace };
        let run = around.run.clone();
        Ok(Child::new(Made { effect: job.effect, run, born, ends, output, limits, script: command.script }))
    }

    fn wait(&self) -> Vec<Ready> {
        let mut which = vec![Ready::Wake];
        let mut polled = vec![PollFd::from_borrowed_fd(self.wake.as_fd(), PollFlags::IN)];
        for (at, child) in self.children.iter().enumerate() {
            for (port, descriptor) in child.ports() {
                let flags = if port == Port::Stdin { PollFlags::OUT } else { PollFlags::IN };
                polled.push(PollFd::from_borrowed_fd(descriptor, flags));
                which.push(Ready::Child(at, port));
            }
        }
        for (at, pipe) in self.held.iter().enumerate() {
            polled.push(PollFd::from_borrowed_fd(pipe.as_fd(), PollFlags::IN));
            which.push(Ready::Held(at));
        }
        // An interrupted or failed poll is a look at the clock.
        let _ = rustix::event::poll(&mut polled, self.patience().as_ref());
        let ready = polled.iter().map(|polled| !polled.revents().is_empty());
        ready.zip(which).filter_map(|(ready, which)| ready.then_some(which)).collect()
    }

    /// Until the next thing is due; `None` is for ever.
    fn patience(&self) -> Option<Timespec> {
        let due = self.children.iter().filter_map(Child::due).min()?;
        // A millisecond more, so that it is due when we wake.
        let left = due.saturating_duration_since(Instant::now()) + Duration::from_millis(1);
        Timespec::try_from(left).ok()
    }

    fn handle(&mut self, ready: &Ready) {
        match *ready {
            Ready::Wake => {
                let _ = rustix::io::read(&self.wake, &mut [0; 8]);
            }
            Ready::Child(at, port) => {
                if let Some(child) = self.children.get_mut(at) {
                    child.ready(port, Instant::now(), &mut self.buffer);
                }
            }
            Ready::Held(at) => {
                if let Some(pipe) = self.held.get(at) {
                    let _ = rustix::io::read(pipe, &mut *self.buffer);
                }
            }
        }
    }

    fn advance(&mut self) {
        let now = Instant::now();
        let mut at = 0;
        while let Some(child) = self.children.get_mut(at) {
            let reports = [child.announce(now).then(|| spawned(child, &self.boot)), line(child, now)];
            for report in reports.into_iter().flatten() {
                let _ = self.setup.reports.send(report);
            }
            if child.advance(now) {
                let child = self.children.swap_remove(at);
                self.end(child);
            } else {
                at += 1;
            }
        }
    }

    fn end(&mut self, child: Child) {
        let effect = child.effect;
        let (reply, held) = child.finish();
        self.held.extend(held);
        self.report(Report::Reply { effect, reply });
    }

    /// The receiver is gone only when the host is being dropped.
    fn report(&self, report: Report) {
        let _ = self.setup.reports.send(report);
    }

    fn leave(&mut self) {
        self.children.iter().for_each(|child| child.signal_all(Signal::TERM));
        let end = Instant::now() + LEAVING;
        while Instant::now() < end && !self.children.is_empty() {
            for child in &mut self.children {
                child.ready(Port::End, Instant::now(), &mut self.buffer);
            }
            self.children.retain(|child| !group::is_empty(child.pid));
            std::thread::sleep(Duration::from_millis(5));
        }
        self.children.iter().for_each(|child| child.signal_all(Signal::KILL));
    }
}

fn spawned(child: &Child, boot: &str) -> Report {
    let pid = child.pid.as_raw_nonzero().get().unsigned_abs();
    Report::Spawned { effect: child.effect, pid, started: group::started(pid), boot: boot.to_owned() }
}

fn line(child: &mut Child, now: Instant) -> Option<Report> {
    child.line(now).map(|line| Report::Line { effect: child.effect, line })
}

/// A pipe whose other end is gone and that holds nothing more.
fn is_closed(pipe: &OwnedFd) -> bool {
    let mut polled = [PollFd::from_borrowed_fd(pipe.as_fd(), PollFlags::IN)];
    let now = Timespec { tv_sec: 0, tv_nsec: 0 };
    let _ = rustix::event::poll(&mut polled, Some(&now));
    polled
        .iter()
        .any(|polled| polled.revents().contains(PollFlags::HUP) && !polled.revents().contains(PollFlags::IN))
}

/// Standard input: our end with what is to be written, and the child's.
fn feed(stdin: Option<ArgText>) -> std::io::Result<(Option<Feed>, Option<OwnedFd>)> {
    let Some(stdin) = stdin else { return Ok((None, None)) };
    let (reader, writer) = os_pipe::pipe()?;
    let pipe = OwnedFd::from(writer);
    rustix::fs::fcntl_setfl(&pipe, rustix::fs::OFlags::NONBLOCK)?;
    Ok((Some(Feed { pipe, bytes: stdin.clear.into_bytes(), at: 0 }), Some(reader.into())))
}

/// In words, with what to do next.
fn refusal(why: Stillborn, command: &Command) -> String {
    use rustix::io::Errno;
    let program = command.program.to_string_lossy();
    match why {
        Stillborn::Folder(errno) => {
            format!("the working folder {} cannot be entered: {errno}", command.dir.to_string_lossy())
        }
        Stillborn::NoProcess(errno) => {
            format!("the system could not make a process for `{program}`: {errno}")
        }
        Stillborn::Program(Errno::NOENT) => {
            format!("there is no program `{program}`, or the interpreter in its first line is missing")
        }
        Stillborn::Program(Errno::ACCESS) => {
            format!("`{program}` may not be executed; `chmod +x` it if it should be")
        }
        Stillborn::Program(Errno::NOEXEC) => {
            format!("`{program}` is no program: give it a first line with `#!`, or name the interpreter")
        }
        Stillborn::Program(Errno::TOOBIG) => format!(
            "the arguments of `{program}` are too long for the system; hand large values over by `stdin`"
        ),
        Stillborn::Program(errno) => format!("`{program}` could not be started: {errno}"),
    }
}
