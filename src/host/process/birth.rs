//! Starts one program. Nearly all unsafe code of the crate is here.
//!
//! Why not `fork` with `pre_exec`: it copies the page tables of the parent, 0.9 ms at 16 MiB and
//! 3 ms at 64 MiB for a program that itself takes 0.6 ms. Why not `posix_spawn` (which `std` and
//! `duct` use where they can): it cannot make the child die with its parent. This is what
//! `posix_spawn` does inside, with that and an own session added: the child borrows the parent's
//! memory, on a stack of its own, and the calling thread stands still until it has become the program.
//!
//! Knows only prepared C strings and descriptors; looks nothing up, allocates nothing in the child.
#![expect(
    unsafe_code,
    reason = "a child that shares our memory until it execs; every block says why it is sound"
)]

use std::ffi::{CStr, CString, c_char, c_int, c_void};
use std::mem::MaybeUninit;
use std::os::fd::{AsRawFd, BorrowedFd, FromRawFd, OwnedFd};

use rustix::process::Pid;

/// Enough for a handful of system calls; `posix_spawn` of glibc takes 32 KiB.
const STACK_BYTES: usize = 64 * 1024;

/// A program ready to start.
pub(super) struct Image<'a> {
    /// The file, found already.
    pub program: &'a CStr,
    /// Arguments, the first being the program's name.
    pub words: &'a [CString],
    /// The whole environment, `NAME=value`.
    pub env: &'a [CString],
    /// Working folder.
    pub dir: &'a CStr,
    /// Standard input, output and error.
    pub streams: [BorrowedFd<'a>; 3],
    pub place: Place,
    /// The limit of real time by which all that it starts is known again ([`super::kin::Mark`]).
    pub mark: Option<u64>,
}

/// Where a program stands to a terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// In a session of its own, without one.
    Aside,
    /// In front on ours, the standard input that it is given, before its first instruction: what reads a terminal from
    /// behind is stopped, or fails.
    Front,
}

/// A program that runs.
pub(super) struct Born {
    pub pid: Pid,
    pub pidfd: OwnedFd,
}

/// Why a program did not start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stillborn {
    /// The system makes no process.
    NoProcess(rustix::io::Errno),
    /// The working folder cannot be entered.
    Folder(rustix::io::Errno),
    /// The file cannot be executed.
    Program(rustix::io::Errno),
}

/// The stack that children stand on until they exec, one after the other.
pub(super) struct Stack(Box<[MaybeUninit<u128>]>);

impl Stack {
    pub(super) fn new() -> Self {
        Self(Box::new_uninit_slice(STACK_BYTES / size_of::<u128>()))
    }
}

/// What the child reads, and writes when it fails.
struct Orders {
    program: *const c_char,
    words: *const *const c_char,
    env: *const *const c_char,
    dir: *const c_char,
    streams: [c_int; 3],
    place: Place,
    mark: Option<u64>,
    parent: libc::pid_t,
    failed: Option<(bool, c_int)>,
}

/// Starts a program; its group has its pid. It gets TERM when the calling *thread* ends.
pub(super) fn start(stack: &mut Stack, image: &Image) -> Result<Born, Stillborn> {
    let words = pointers(image.words);
    let env = pointers(image.env);
    let mut orders = Orders {
        program: image.program.as_ptr(),
        words: words.as_ptr(),
        env: env.as_ptr(),
        dir: image.dir.as_ptr(),
        streams: image.streams.map(|stream| stream.as_raw_fd()),
        place: image.place,
        mark: image.mark,
        parent: rustix::process::getpid().as_raw_nonzero().get(),
        failed: None,
    };
    let (pid, pidfd) = with_signals_blocked(|| borrow_memory(stack, &mut orders))?;
    if let Some((in_folder, errno)) = orders.failed {
        // It has exited; this only takes its status away.
        let _ = rustix::process::waitpid(Some(pid), rustix::process::WaitOptions::empty());
        let errno = rustix::io::Errno::from_raw_os_error(errno);
        return Err(if in_folder { Stillborn::Folder(errno) } else { Stillborn::Program(errno) });
    }
    Ok(Born { pid, pidfd })
}

fn pointers(strings: &[CString]) -> Vec<*const c_char> {
    strings.iter().map(|string| string.as_ptr()).chain([std::ptr::null()]).collect()
}

fn borrow_memory(stack: &mut Stack, orders: &mut Orders) -> Result<(Pid, OwnedFd), Stillborn> {
    let flags = libc::CLONE_VM | libc::CLONE_VFORK | libc::CLONE_PIDFD | libc::SIGCHLD;
    let top = stack.0.as_mut_ptr_range().end.cast::<c_void>();
    let mut pidfd: c_int = -1;
    // SAFETY: `top` is the 16-aligned end of a live allocation that nobody else uses (`&mut`).
    // CLONE_VFORK keeps this thread still until the child has exec'd or exited, so `orders` and all
    // that it points to outlive the child's use. `become_program` calls only async-signal-safe
    // functions and never unwinds. With CLONE_PIDFD the fifth argument receives a descriptor.
    let pid =
        unsafe { libc::clone(become_program, top, flags, std::ptr::from_mut(orders).cast(), &raw mut pidfd) };
    let pid = Pid::from_raw(pid).filter(|_| pid > 0);
    let pid = pid.ok_or_else(|| Stillborn::NoProcess(last_errno()))?;
    // SAFETY: the kernel has just made this descriptor for us; nobody else owns it.
    Ok((pid, unsafe { OwnedFd::from_raw_fd(pidfd) }))
}

fn last_errno() -> rustix::io::Errno {
    let code = std::io::Error::last_os_error().raw_os_error();
    rustix::io::Errno::from_raw_os_error(code.unwrap_or(libc::EAGAIN))
}

/// Runs with all signals blocked in this thread: a handler of ours must not run in the child, and
/// a process in the background is stopped for giving its terminal away unless it blocks SIGTTOU.
pub(in super::super) fn with_signals_blocked<T>(action: impl FnOnce() -> T) -> T {
    let mut all = MaybeUninit::uninit();
    let mut before = MaybeUninit::uninit();
    // SAFETY: both point to room for a `sigset_t`; `sigfillset` initialises the first, and
    // `pthread_sigmask` the second.
    unsafe {
        libc::sigfillset(all.as_mut_ptr());
        libc::pthread_sigmask(libc::SIG_SETMASK, all.as_ptr(), before.as_mut_ptr());
    }
    let done = action();
    // SAFETY: `before` was written above.
    unsafe { libc::pthread_sigmask(libc::SIG_SETMASK, before.as_ptr(), std::ptr::null_mut()) };
    done
}

/// To be called once, before there are children. A caller that ignores the ends of its children hands that on to us,
/// and then the system keeps the status of none of ours.
pub fn keep_statuses() {
    // SAFETY: a plain system call; the default action installs no handler.
    unsafe { libc::signal(libc::SIGCHLD, libc::SIG_DFL) };
}

/// The child, until it is the program.
extern "C" fn become_program(orders: *mut c_void) -> c_int {
    // SAFETY: `borrow_memory` passes an `Orders` that lives, and stands still, while this runs.
    let orders = unsafe { &mut *orders.cast::<Orders>() };
    // SAFETY: async-signal-safe calls on live C strings, null-ended arrays and open descriptors
    // above 2 (std opens 0 to 2 at start). `_exit` runs no destructor of the shared memory.
    unsafe {
        forget_handlers();
        take_place(orders);
        libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGTERM);
        if libc::getppid() != orders.parent {
            libc::_exit(127);
        }
        orders.mark.into_iter().for_each(|mark| limit_real_time(mark));
        let [stdin, stdout, stderr] = orders.streams;
        libc::dup2(stdin, 0);
        libc::dup2(stdout, 1);
        libc::dup2(stderr, 2);
        if libc::chdir(orders.dir) != 0 {
            orders.failed = Some((true, *libc::__errno_location()));
            libc::_exit(127);
        }
        let mut none = MaybeUninit::uninit();
        libc::sigemptyset(none.as_mut_ptr());
        libc::sigprocmask(libc::SIG_SETMASK, none.as_ptr(), std::ptr::null_mut());
        libc::execve(orders.program, orders.words, orders.env);
        orders.failed = Some((false, *libc::__errno_location()));
        libc::_exit(127)
    }
}

/// A session or a group of its own; whoever is to be in front takes the terminal with all signals blocked, as it must.
///
/// # Safety
/// Only in the child, whose orders live.
unsafe fn take_place(orders: &Orders) {
    // SAFETY: plain system calls, on a descriptor that is open. A terminal that has gone away is not to be had.
    unsafe {
        match orders.place {
            Place::Aside => {
                libc::setsid();
            }
            Place::Front => {
                libc::setpgid(0, 0);
                libc::tcsetpgrp(orders.streams[0], libc::getpid());
            }
        }
    }
}

/// Sets the soft limit of real time. Where the hard one is lower the system refuses, and there is no mark.
///
/// # Safety
/// Only in a child that does not share its limits with its parent.
unsafe fn limit_real_time(microseconds: u64) {
    let mut limit = MaybeUninit::<libc::rlimit>::zeroed();
    // SAFETY: `limit` has room for the answer; both are plain system calls.
    unsafe {
        if libc::getrlimit(libc::RLIMIT_RTTIME, limit.as_mut_ptr()) == 0 {
            (*limit.as_mut_ptr()).rlim_cur = microseconds;
            libc::setrlimit(libc::RLIMIT_RTTIME, limit.as_ptr());
        }
    }
}

/// Back to the default wherever we catch a signal, and for SIGPIPE, which we ignore.
/// What our own caller had us ignore stays ignored (`nohup`).
///
/// # Safety
/// Only in a child that does not share signal handlers with its parent.
unsafe fn forget_handlers() {
    // Real-time signals are above 31; nothing here catches one.
    for signal in 1..=31 {
        let mut now = MaybeUninit::<libc::sigaction>::zeroed();
        // SAFETY: `now` has room for the answer; a `sigaction` of zeros is the default action.
        unsafe {
            if libc::sigaction(signal, std::ptr::null(), now.as_mut_ptr()) != 0 {
                continue;
            }
            let handler = (*now.as_ptr()).sa_sigaction;
            let ours = handler != libc::SIG_DFL && handler != libc::SIG_IGN;
            if ours || signal == libc::SIGPIPE {
                let default = MaybeUninit::<libc::sigaction>::zeroed();
                libc::sigaction(signal, default.as_ptr(), std::ptr::null_mut());
            }
        }
    }
}
