//! The disk that a journal is on: what kind it is, and whether the file is still there.

use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// Network file systems by the number that `statfs` gives (Linux, `include/uapi/linux/magic.h`).
const NETWORK: [(u64, &str); 7] = [
    (0x6969, "NFS"),
    (0x517b, "SMB"),
    (0xff53_4d42, "CIFS"),
    (0xfe53_4d42, "SMB"),
    (0x00c3_6400, "Ceph"),
    (0x5346_414f, "AFS"),
    (0x0bd0_0bd0, "Lustre"),
];

/// The network file system that a folder is on. `None` also where the system does not say: opening tells then.
pub(super) fn network(folder: &Path) -> Option<&'static str> {
    rustix::fs::statfs(folder).ok().and_then(|disk| named(disk.f_type.cast_unsigned()))
}

fn named(kind: u64) -> Option<&'static str> {
    // The low half only: the field is signed, and narrower on some machines.
    NETWORK.iter().find(|(number, _)| *number == kind & 0xffff_ffff).map(|(_, name)| *name)
}

/// With less room than this SQLite cannot even read: it makes a file beside a journal that it opens.
const ROOM: u64 = 128 << 10;

/// Whether the disk of a folder has no room left.
pub(super) fn is_full(folder: &Path) -> bool {
    rustix::fs::statvfs(folder).is_ok_and(|disk| disk.f_bavail.saturating_mul(disk.f_frsize) < ROOM)
}

/// The file of an open journal. The database would go on in a file that was
/// removed or replaced, and nothing of it would be found.
#[derive(Debug)]
pub(super) struct DbFile {
    path: PathBuf,
    id: Option<(u64, u64)>,
}

impl DbFile {
    /// The file that has just been opened.
    pub(super) fn opened(path: PathBuf) -> Self {
        let id = id(&path);
        Self { path, id }
    }

    /// Whether its name still leads to it.
    pub(super) fn is_still_there(&self) -> bool {
        self.id.is_some() && self.id == id(&self.path)
    }

    /// Where it is, for a person.
    pub(super) fn shown(&self) -> String {
        self.path.display().to_string()
    }
}

fn id(path: &Path) -> Option<(u64, u64)> {
    let about = std::fs::metadata(path).ok()?;
    Some((about.dev(), about.ino()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn network_disks_are_told_from_local_ones() {
        assert_eq!(named(0x6969), Some("NFS"));
        assert_eq!(named(0xffff_ffff_ff53_4d42), Some("CIFS"));
        assert_eq!(named(0xef53), None, "ext4");
        assert_eq!(named(0x0102_1994), None, "tmpfs");
    }
}
