//! What a terminal was sent, taken in as it comes: who writes to a terminal that nobody reads waits, and a test that waits for
//! a file meanwhile would wait for ever.

use std::fs::File;
use std::io::Read;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};

/// How long the thread may go on after the end.
const TURN: Duration = Duration::from_millis(20);

/// The side of a terminal that a window has, and a thread that reads it.
pub(crate) struct Feed {
    shared: Arc<Shared>,
    reader: Option<JoinHandle<()>>,
}

struct Shared {
    keys: File,
    /// What came and was not taken yet.
    bytes: Mutex<Vec<u8>>,
    over: AtomicBool,
}

impl Feed {
    pub(crate) fn start(keys: File) -> Self {
        let shared = Arc::new(Shared { keys, bytes: Mutex::default(), over: AtomicBool::new(false) });
        let other = Arc::clone(&shared);
        let reader = std::thread::spawn(move || {
            while !other.over.load(Ordering::SeqCst) {
                if other.is_readable(TURN) {
                    other.pump();
                }
            }
        });
        Self { shared, reader: Some(reader) }
    }

    /// What keys are written to.
    pub(crate) fn keys(&self) -> &File {
        &self.shared.keys
    }

    /// All that came; where that is nothing, what comes in time.
    pub(crate) fn take(&self, patience: Duration) -> Vec<u8> {
        self.shared.pump();
        let come = std::mem::take(&mut *self.shared.bytes.lock().unwrap());
        if !come.is_empty() || !self.shared.is_readable(patience) {
            return come;
        }
        self.shared.pump();
        std::mem::take(&mut *self.shared.bytes.lock().unwrap())
    }
}

impl Drop for Feed {
    /// The window is closed when the thread has let go of it.
    fn drop(&mut self) {
        self.shared.over.store(true, Ordering::SeqCst);
        let _ = self.reader.take().map(JoinHandle::join);
    }
}

impl Shared {
    fn is_readable(&self, patience: Duration) -> bool {
        let limit = Timespec {
            tv_sec: patience.as_secs().try_into().unwrap(),
            tv_nsec: patience.subsec_nanos().into(),
        };
        let mut polled = [PollFd::new(&self.keys, PollFlags::IN)];
        poll(&mut polled, Some(&limit)).is_ok_and(|ready| ready > 0)
    }

    /// Reads what is there. Who reads keeps the bytes until they stand behind those before.
    fn pump(&self) {
        let mut bytes = self.bytes.lock().unwrap();
        while self.is_readable(Duration::ZERO) {
            let mut read = [0; 4096];
            let count = (&self.keys).read(&mut read).unwrap_or(0);
            bytes.extend_from_slice(&read[..count]);
            if count == 0 {
                break;
            }
        }
    }
}
