//! Programs without a shell: started, read, limited, stopped as a whole, and found after a crash.
//!
//! Knows processes, pipes and `/proc`; knows nothing of plans or of why a program runs. Linux only:
//! it stands on pidfds and on the parent-death signal.

mod birth;
mod child;
mod command;
mod group;
mod leftover;
mod output;
pub(super) mod terminal;
mod worker;

use std::io;
use std::os::fd::OwnedFd;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{self, Sender};
use std::thread::JoinHandle;
use std::time::Duration;

use rustix::event::EventfdFlags;
use rustix::process::Signal;
use tokio::sync::mpsc::UnboundedSender;

use self::worker::{Order, Worker};
use super::mask::Mask;
use crate::event::EffectId;
use crate::run::{Program, Report};

pub use command::Surroundings;
pub use leftover::{LeftOver, Recorded, find_left_over};

/// What the processes of a run have in common.
#[derive(Clone, Debug)]
pub(super) struct Setup {
    pub around: Surroundings,
    /// Folder of the run's outputs; made when needed.
    pub outputs: PathBuf,
    /// Time between TERM and KILL.
    pub grace: Duration,
    pub mask: Mask,
    pub reports: UnboundedSender<Report>,
}

/// A program to start.
pub(super) struct Job {
    pub effect: EffectId,
    pub address: String,
    pub timeout: Option<Duration>,
    pub program: Program,
}

/// The thread that runs all programs. Dropping it stops them.
#[derive(Debug)]
pub(super) struct Processes {
    orders: Orders,
    thread: Option<JoinHandle<()>>,
}

/// A way to give orders to the thread. Cheap to clone; without effect once it has ended.
#[derive(Clone, Debug)]
pub(super) struct Orders {
    sender: Sender<Order>,
    wake: Arc<OwnedFd>,
}

impl Processes {
    /// Starts the thread.
    ///
    /// # Errors
    /// When the system gives no descriptor or thread.
    pub(super) fn new(setup: Setup) -> io::Result<Self> {
        let wake = Arc::new(rustix::event::eventfd(0, EventfdFlags::CLOEXEC | EventfdFlags::NONBLOCK)?);
        let null = OwnedFd::from(std::fs::File::open("/dev/null")?);
        let (sender, taken) = mpsc::channel();
        let worker = Worker::new(setup, taken, Arc::clone(&wake), null);
        let thread = std::thread::Builder::new().name("programs".into()).spawn(move || worker.serve())?;
        Ok(Self { orders: Orders { sender, wake }, thread: Some(thread) })
    }

    /// The orders that it takes.
    pub(super) fn orders(&self) -> &Orders {
        &self.orders
    }
}

impl Orders {
    /// Starts a program; its reports follow.
    pub(super) fn start(&self, job: Job) {
        self.give(Order::Start(Box::new(job)));
    }

    /// Stops a program; its reply follows.
    pub(super) fn stop(&self, effect: EffectId) {
        self.give(Order::Stop(effect));
    }

    /// Halts all groups, because the operator suspended us. They have no terminal that could.
    pub(super) fn suspend(&self) {
        self.give(Order::Signal(Signal::STOP));
    }

    /// Lets all groups go on.
    pub(super) fn resume(&self) {
        self.give(Order::Signal(Signal::CONT));
    }

    fn give(&self, order: Order) {
        // Nobody takes it once the host is being dropped, and a counter that is full wakes as well.
        let _ = self.sender.send(order);
        let _ = rustix::io::write(&self.wake, &1_u64.to_ne_bytes());
    }
}

impl Drop for Processes {
    fn drop(&mut self) {
        self.orders.give(Order::Leave);
        let _ = self.thread.take().map(JoinHandle::join);
    }
}

#[cfg(test)]
mod tests;
