//! A folder that goes with its test; in memory where the system has a place for that. A journal waits for its disk at every
//! step, and no test cuts the power: what is written is there after a kill, on a disk or not.

use std::path::Path;

use rustix::fs::{StatVfsMountFlags, statvfs};

/// Where Linux keeps files in memory.
const MEMORY: &str = "/dev/shm";
/// With less room than this it is no place for tests.
const ROOM: u64 = 1 << 30;

pub(crate) fn folder() -> tempfile::TempDir {
    let memory = Path::new(MEMORY);
    let found = if is_fit(memory) { tempfile::tempdir_in(memory) } else { tempfile::tempdir() };
    found.or_else(|_| tempfile::tempdir()).unwrap()
}

/// Whether it has room, and programs may be started there: containers often have neither.
fn is_fit(place: &Path) -> bool {
    statvfs(place).is_ok_and(|stat| {
        let room = stat.f_bavail.saturating_mul(stat.f_frsize);
        room >= ROOM && !stat.f_flag.contains(StatVfsMountFlags::NOEXEC)
    })
}
