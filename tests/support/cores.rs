//! The cores that a test runs on.

use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};

/// Keeps this thread, and what it starts, to one core: program and tracer take turns at every call, and waking each other
/// across cores is most of the time that they take.
pub(crate) fn keep_to_one(nth: usize) {
    let Ok(allowed) = sched_getaffinity(None) else { return };
    let cores: Vec<usize> = (0..CpuSet::MAX_CPU).filter(|core| allowed.is_set(*core)).collect();
    if let Some(core) = cores.get(nth % cores.len().max(1)) {
        let mut one = CpuSet::new();
        one.set(*core);
        let _: rustix::io::Result<()> = sched_setaffinity(None, &one);
    }
}

/// Does something on a thread that keeps to the first core, with what it starts.
pub(crate) fn on_one<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    let kept = || {
        keep_to_one(0);
        work()
    };
    std::thread::scope(|scope| scope.spawn(kept).join().unwrap())
}
