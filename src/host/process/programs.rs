//! Starts all programs of a run, reads them and stops them, on the thread that asks.
//!
//! Everything here returns at once; whoever owns it waits on [`Programs::events`] until
//! [`Programs::due`] and then takes a [`Programs::turn`]. No thread of its own: a hop to another
//! thread and back costs a tenth of a short program. The thread that starts programs must outlive
//! them, because they are told to end when it does.

use std::collections::VecDeque;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, epoll};
use rustix::process::{Pid, Signal};

use super::super::failed;
use super::super::target::{Link, Whose, Wrapped};
use super::birth::{self, Place, Stack};
use super::child::{Child, Ends, Feed, Limits, Made, Port};
use super::command;
use super::group;
use super::kin::Mark;
use super::orphans::{self, Awaited};
use super::output::Output;
use super::{Job, Setup};
use crate::event::EffectId;
use crate::run::{ArgText, Failure, Reply, Report};

/// What is read at once; as much as a pipe holds.
const BUFFER_BYTES: usize = 64 * 1024;

/// Descriptors that are served in one turn.
const EVENTS: usize = 32;

/// Adopted processes that have ended are reaped so often.
const REAP_EVERY: Duration = Duration::from_secs(1);

/// On leaving, children get so long between TERM and KILL.
const LEAVING: Duration = Duration::from_secs(1);

/// The programs of a run. Dropping it stops them, quickly.
pub(in super::super) struct Programs {
    setup: Setup,
    epoll: OwnedFd,
    null: OwnedFd,
    stack: Stack,
    children: Vec<(u64, Child)>,
    /// Programs of the run that are on the terminal.
    awaited: Awaited,
    /// Pipes of programs that have ended, still held by somebody else.
    held: Vec<(u64, OwnedFd)>,
    born: u64,
    buffer: Vec<u8>,
    boot: String,
    next_reaping: Instant,
    reports: VecDeque<Report>,
}

impl Programs {
    /// # Errors
    /// When the system gives no descriptor.
    pub(in super::super) fn new(setup: Setup) -> std::io::Result<Self> {
        orphans::adopt();
        Ok(Self {
            setup,
            epoll: epoll::create(epoll::CreateFlags::CLOEXEC)?,
            null: std::fs::File::open("/dev/null")?.into(),
            stack: Stack::new(),
            children: vec![],
            awaited: Awaited::default(),
            held: vec![],
            born: 0,
            buffer: vec![0; BUFFER_BYTES],
            boot: group::boot_id(),
            next_reaping: Instant::now(),
            reports: VecDeque::new(),
        })
    }

    /// Readable when there is something for [`Self::turn`].
    pub(in super::super) fn events(&self) -> BorrowedFd<'_> {
        self.epoll.as_fd()
    }

    /// Where children are named that are not reaped here.
    pub(in super::super) fn awaited(&self) -> &Awaited {
        &self.awaited
    }

    /// Whether there is an event now.
    pub(in super::super) fn is_ready(&self) -> bool {
        let mut polled = [PollFd::new(&self.epoll, PollFlags::IN)];
        let at_once = Timespec { tv_sec: 0, tv_nsec: 0 };
        rustix::event::poll(&mut polled, Some(&at_once)).is_ok_and(|ready| ready > 0)
    }

    /// When [`Self::turn`] has something to do without an event.
    pub(in super::super) fn due(&self) -> Option<Instant> {
        self.children.iter().filter_map(|(_, child)| child.due()).min()
    }

    /// The next report.
    pub(in super::super) fn report(&mut self) -> Option<Report> {
        self.reports.pop_front()
    }

    /// Serves what is ready and what is due.
    pub(in super::super) fn turn(&mut self) {
        let mut ready = Vec::with_capacity(EVENTS);
        let at_once = Timespec { tv_sec: 0, tv_nsec: 0 };
        // An interrupted look is one that found nothing; the next one finds it.
        let _ = epoll::wait(&self.epoll, rustix::buffer::spare_capacity(&mut ready), Some(&at_once));
        for event in &ready {
            let event: &epoll::Event = event;
            self.handle(event.data.u64());
        }
        self.advance();
    }

    /// Stops a program; its reply follows.
    pub(in super::super) fn stop(&mut self, effect: EffectId) {
        let now = Instant::now();
        for (_, child) in self.children.iter_mut().filter(|(_, child)| child.effect == effect) {
            child.stop(Failure::Stopped, now);
        }
    }

    /// Halts all groups, because the operator suspended us: they have no terminal that could.
    pub(in super::super) fn suspend(&self) {
        self.children.iter().for_each(|(_, child)| child.suspend(true));
    }

    /// Lets all groups go on.
    pub(in super::super) fn resume(&self) {
        self.children.iter().for_each(|(_, child)| child.suspend(false));
    }

    /// Starts a program; its reports follow.
    pub(in super::super) fn start(&mut self, job: Job) {
        let effect = job.effect;
        match self.try_start(job) {
            Ok(child) => self.watch(child),
            Err(message) => {
                let reply = failed(Failure::NotStarted, self.setup.mask.text(&message));
                self.reports.push_back(Report::Reply { effect, reply });
            }
        }
    }

    /// What the system has no room to watch is stopped: that goes by time.
    fn watch(&mut self, mut child: Child) {
        self.born += 1;
        let add = |(port, descriptor)| {
            let flags = if port == Port::Stdin { epoll::EventFlags::OUT } else { epoll::EventFlags::IN };
            epoll::add(&self.epoll, descriptor, epoll::EventData::new_u64(key(self.born, port)), flags)
        };
        let watched: Result<Vec<()>, _> = child.ports().map(add).collect();
        if watched.is_err() {
            child.stop(Failure::Stopped, Instant::now());
        }
        self.children.push((self.born, child));
    }

    fn try_start(&mut self, job: Job) -> Result<Child, String> {
        let around = &self.setup.around;
        let Job { effect, address, program, timeout, aim } = job;
        let whose = Whose { around, effect, address: &address };
        let wrapped = aim.as_ref().map(|aim| Wrapped::new(aim, &whose, &program)).transpose()?;
        let command = match &wrapped {
            None => command::prepare(around, effect, &address, &program)?,
            Some(wrapped) => command::client(around, &wrapped.words)?,
        };
        let no_pipe = |error: std::io::Error| format!("no pipe for the program: {error}");
        let (stdout, child_out) = pipe().map_err(no_pipe)?;
        let (stderr, child_err) = pipe().map_err(no_pipe)?;
        let Input { stdin, child_in, voice } =
            Input::of(program.stdin, wrapped.is_some()).map_err(no_pipe)?;
        let child_in = child_in.as_ref().map_or(self.null.as_fd(), AsFd::as_fd);
        let mark = Mark::new(&around.run, effect);
        // A client may leave a shared connection behind, which others use.
        let limit = wrapped.is_none().then(|| mark.limit());
        let image = command.image([child_in, child_out.as_fd(), child_err.as_fd()], Place::Aside, limit);
        let begun = Instant::now();
        let born = birth::start(&mut self.stack, &image).map_err(|why| command.refused(why))?;
        let ends = Ends { stdin, stdout, stderr };
        let output = Output::new(&self.setup.outputs, effect, &self.setup.mask, program.capture);
        let limits = Limits { timeout, begun, grace: self.setup.grace };
        let script = command.script;
        let carried = aim.zip(wrapped).zip(voice);
        let link = carried.map(|((aim, wrapped), voice)| Link::new(aim, wrapped, voice));
        Ok(Child::new(Made { effect, address, mark, born, ends, output, limits, script, link }))
    }

    fn handle(&mut self, key: u64) {
        let (number, port) = (key >> 2, port(key));
        if let Some((_, child)) = self.children.iter_mut().find(|(born, _)| *born == number) {
            child.ready(port, Instant::now(), &mut self.buffer);
            if port == Port::End {
                // It stays readable; once is enough.
                let _ = epoll::delete(&self.epoll, child.end());
            }
        } else if let Some(at) = self.held.iter().position(|(held, _)| *held == key)
            && let Some((_, pipe)) = self.held.get(at)
            && matches!(rustix::io::read(pipe, &mut *self.buffer), Ok(0))
        {
            self.held.swap_remove(at);
        }
    }

    /// What was adopted is reaped now and then, and while something is stopped: its group is not empty before.
    fn reap_orphans(&mut self, now: Instant) {
        if now >= self.next_reaping || self.children.iter().any(|(_, child)| child.is_stopping()) {
            self.next_reaping = now + REAP_EVERY;
            self.reap();
        }
    }

    /// Those that run, or have ended and are not told yet.
    pub(super) fn pids(&self) -> impl Iterator<Item = Pid> {
        self.children.iter().map(|(_, child)| child.pid)
    }

    pub(super) fn reap(&self) {
        let awaited = self.awaited.list();
        let known: Vec<Pid> = self.pids().chain(awaited.iter().copied()).collect();
        orphans::reap(&self.setup.around.run, &known);
    }

    fn advance(&mut self) {
        let now = Instant::now();
        self.reap_orphans(now);
        let mut at = 0;
        while let Some((_, child)) = self.children.get_mut(at) {
            let reports = [child.announce(now).then(|| spawned(child, &self.boot)), line(child, now)];
            self.reports.extend(reports.into_iter().flatten());
            if child.advance(now) {
                let (number, child) = self.children.swap_remove(at);
                self.end(number, child);
            } else {
                at += 1;
            }
        }
    }

    fn end(&mut self, number: u64, child: Child) {
        let effect = child.effect;
        let left = child.left_behind(self.children.is_empty());
        let remarks = child.remarks(&left);
        let told = format!("{}: {}", child.address, remarks.join("; "));
        let noted = !remarks.is_empty();
        let (mut reply, held) = child.finish(remarks);
        if noted && matches!(&reply, Reply::Program(program) if program.exit == 0) {
            // Whoever reads of a failure sees it below the output.
            self.reports.push_back(Report::Note(self.setup.mask.text(&told)));
        }
        if let Reply::Failed { message, .. } = &mut reply {
            // A client's own words may be in it.
            *message = self.setup.mask.text(message);
        }
        self.held.extend(held.into_iter().map(|(port, pipe)| (key(number, port), pipe)));
        self.reports.push_back(Report::Reply { effect, reply });
    }
}

impl Drop for Programs {
    fn drop(&mut self) {
        self.children.iter().for_each(|(_, child)| child.signal_all(Signal::TERM));
        let end = Instant::now() + LEAVING;
        while Instant::now() < end && !self.children.is_empty() {
            for (_, child) in &mut self.children {
                child.ready(Port::End, Instant::now(), &mut self.buffer);
            }
            self.reap();
            self.children.retain(|(_, child)| !child.is_gone());
            std::thread::sleep(Duration::from_millis(5));
        }
        self.children.iter().for_each(|(_, child)| child.signal_all(Signal::KILL));
    }
}

/// The mark of a descriptor: whose, and which.
fn key(number: u64, port: Port) -> u64 {
    number << 2 | port as u64
}

fn port(key: u64) -> Port {
    match key & 3 {
        0 => Port::Stdin,
        1 => Port::Stdout,
        2 => Port::Stderr,
        _ => Port::End,
    }
}

fn spawned(child: &Child, boot: &str) -> Report {
    let pid = child.pid.as_raw_nonzero().get().unsigned_abs();
    Report::Spawned { effect: child.effect, pid, started: group::started(pid), boot: boot.to_owned() }
}

fn line(child: &mut Child, now: Instant) -> Option<Report> {
    child.line(now).map(|line| Report::Line { effect: child.effect, line })
}

/// A pipe to read from: our end, which never blocks, and the child's.
fn pipe() -> std::io::Result<(OwnedFd, os_pipe::PipeWriter)> {
    let (reader, writer) = os_pipe::pipe()?;
    rustix::fs::fcntl_setfl(&reader, rustix::fs::OFlags::NONBLOCK)?;
    Ok((reader.into(), writer))
}

/// Standard input of a child.
struct Input {
    /// Our end, with what is to be written.
    stdin: Option<Feed>,
    /// The child's end; nothing where there is no input.
    child_in: Option<OwnedFd>,
    /// Our end where the child is a client that is spoken to: not polled, and it blocks.
    voice: Option<OwnedFd>,
}

impl Input {
    fn of(stdin: Option<ArgText>, spoken: bool) -> std::io::Result<Self> {
        if stdin.is_none() && !spoken {
            return Ok(Self { stdin: None, child_in: None, voice: None });
        }
        let (reader, writer) = os_pipe::pipe()?;
        let (child_in, pipe) = (Some(OwnedFd::from(reader)), OwnedFd::from(writer));
        match stdin.filter(|_| !spoken) {
            None => Ok(Self { stdin: None, child_in, voice: Some(pipe) }),
            Some(stdin) => {
                rustix::fs::fcntl_setfl(&pipe, rustix::fs::OFlags::NONBLOCK)?;
                let feed = Feed { pipe, bytes: stdin.clear.into_bytes(), at: 0 };
                Ok(Self { stdin: Some(feed), child_in, voice: None })
            }
        }
    }
}
