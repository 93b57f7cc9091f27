//! Runs a program to its end and says what it took.

use std::process::{Child, Command};
use std::time::{Duration, Instant};

/// What a program took.
#[derive(Clone, Copy)]
pub(crate) struct Taken {
    /// From its start to its end.
    pub(crate) wall: Duration,
    /// The most memory it had at once, in bytes.
    pub(crate) peak: u64,
}

impl Taken {
    /// Before anything ran.
    pub(crate) const NOTHING: Self = Self { wall: Duration::ZERO, peak: 0 };

    /// The peak, as people read it.
    pub(crate) fn mebibytes(self) -> f64 {
        u32::try_from(self.peak >> 10).map_or(f64::INFINITY, f64::from) / 1024.0
    }
}

/// Runs it to its end, which must have that exit code.
pub(crate) fn run(command: &mut Command, exit: i32) -> Taken {
    let (taken, code) = wait(command);
    assert_eq!(code, Some(exit), "{command:?}");
    taken
}

/// Runs it to its end; the exit code is `None` where a signal ended it.
#[expect(clippy::zombie_processes, reason = "`reap` waits for it, and is told what it used")]
pub(crate) fn wait(command: &mut Command) -> (Taken, Option<i32>) {
    let began = Instant::now();
    let child = command.spawn().unwrap();
    let (status, usage) = reap(&child);
    let taken = Taken { wall: began.elapsed(), peak: usage.ru_maxrss.cast_unsigned() * 1024 };
    (taken, libc::WIFEXITED(status).then(|| libc::WEXITSTATUS(status)))
}

#[expect(unsafe_code, reason = "the standard library does not tell what a child has used")]
fn reap(child: &Child) -> (i32, libc::rusage) {
    let mut status = 0;
    let mut usage = std::mem::MaybeUninit::zeroed();
    let pid = child.id().cast_signed();
    // SAFETY: both point to room for the answer; a `rusage` of zeros is one.
    let reaped = unsafe { libc::wait4(pid, &raw mut status, 0, usage.as_mut_ptr()) };
    assert_eq!(reaped, pid, "{}", std::io::Error::last_os_error());
    // SAFETY: written by the call above.
    (status, unsafe { usage.assume_init() })
}
