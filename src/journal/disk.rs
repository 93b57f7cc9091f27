//! What kind of disk a folder is on.

use std::path::Path;

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
