//! Speaks to the wrapper of one program, on a thread of its own: the order first, then beats.
//!
//! On a thread, because the loop may stand still for longer than a target waits: a terminal that was
//! halted, a slow disk. Ends when it is dropped, or when the client takes nothing any more.

use std::fs::File;
use std::io::Write;
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};

/// So many beats go out in the time of silence: some may be late.
const BEATS: u32 = 6;

/// What the wrapper is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Say {
    /// The target is ready: the order.
    Order,
    /// It has read the order: beats from now on.
    Begin,
    /// TERM to the group.
    Term,
    /// KILL to the group.
    Kill,
    /// STOP to the group.
    Halt,
    /// CONT to the group.
    GoOn,
}

/// Told about the thread by the thread.
#[derive(Debug)]
struct Told {
    /// Whether the order may have gone out whole.
    whole: AtomicBool,
    /// When something was last said.
    last: Mutex<Instant>,
}

/// The voice of one program.
#[derive(Debug)]
pub(super) struct Voice {
    say: Sender<Say>,
    told: Arc<Told>,
}

impl Voice {
    /// Speaks into the standard input of a client that has just begun.
    pub(super) fn new(pipe: OwnedFd, order: Vec<u8>, silence: Duration, alive: PathBuf) -> Self {
        let (say, heard) = channel();
        let told = Arc::new(Told { whole: AtomicBool::new(false), last: Mutex::new(Instant::now()) });
        let speaker =
            Speaker { pipe: File::from(pipe), told: Arc::clone(&told), every: silence / BEATS, alive };
        std::thread::spawn(move || speaker.speak(&heard, &order));
        Self { say, told }
    }

    /// Says something; nobody who hears it is no error.
    pub(super) fn say(&self, what: Say) {
        let _ = self.say.send(what);
    }

    /// Whether the program may have begun: until then the order was not whole.
    pub(super) fn may_have_begun(&self) -> bool {
        self.told.whole.load(Ordering::SeqCst)
    }

    /// When something was last said to the target.
    pub(super) fn last(&self) -> Instant {
        *self.told.last.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

struct Speaker {
    pipe: File,
    told: Arc<Told>,
    every: Duration,
    alive: PathBuf,
}

impl Speaker {
    /// A pipe that nobody reads any more ends it, and so does the end of the voice.
    fn speak(mut self, heard: &Receiver<Say>, order: &[u8]) -> Option<()> {
        while heard.recv().ok()? != Say::Order {}
        self.order(order)?;
        // Nothing behind the order before it was read: who reads it may read too far.
        let mut early = vec![];
        loop {
            match heard.recv().ok()? {
                Say::Begin => break,
                other => early.push(other),
            }
        }
        early.into_iter().try_for_each(|early| self.line(word(early)))?;
        loop {
            match heard.recv_timeout(self.every) {
                Ok(what) => self.line(word(what))?,
                Err(RecvTimeoutError::Timeout) => self.line("beat")?,
                Err(RecvTimeoutError::Disconnected) => return None,
            }
        }
    }

    /// Only with its last byte it can be carried out.
    fn order(&mut self, order: &[u8]) -> Option<()> {
        let (last, first) = order.split_last()?;
        self.pipe.write_all(first).ok()?;
        self.note();
        self.told.whole.store(true, Ordering::SeqCst);
        self.pipe.write_all(&[*last]).ok()
    }

    /// Noted before it is said: what was noted is never later than what was heard.
    fn line(&mut self, word: &str) -> Option<()> {
        self.note();
        self.pipe.write_all(format!("{word}\n").as_bytes()).ok()
    }

    fn note(&self) {
        *self.told.last.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
        touch(&self.alive);
    }
}

/// Best effort: where it cannot be noted, more is waited for.
fn touch(alive: &Path) {
    let open = || File::options().create(true).append(true).open(alive);
    let file = open().or_else(|_| {
        alive.parent().map_or(Ok(()), std::fs::create_dir_all)?;
        open()
    });
    let _ = file.and_then(|file| file.set_modified(SystemTime::now()));
}

fn word(what: Say) -> &'static str {
    match what {
        Say::Term => "term",
        Say::Kill => "kill",
        Say::Halt => "halt",
        Say::GoOn => "go",
        Say::Order | Say::Begin => "beat",
    }
}
