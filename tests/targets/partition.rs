//! A cut in the network that leaves both sides alive.

use std::process::Command;

/// Drops all packets of one port of the loopback, until it is dropped itself.
pub(crate) struct Partition(String);

impl Partition {
    /// `None` where the system does not let us; that is said.
    pub(crate) fn of(port: u16) -> Option<Self> {
        let table = format!("bowline_test_{port}");
        let rules = format!(
            "add table inet {table}; add chain inet {table} c {{ type filter hook input priority 0; }}; \
             add rule inet {table} c tcp dport {port} drop; add rule inet {table} c tcp sport {port} drop"
        );
        let done = Command::new("nft").arg(rules).output().is_ok_and(|output| output.status.success());
        if !done {
            eprintln!("skipped: nft may not filter here (apt install nftables, as root): a partition");
        }
        done.then(|| Self(table))
    }
}

impl Drop for Partition {
    fn drop(&mut self) {
        let _ = Command::new("nft").args(["delete", "table", "inet", &self.0]).status();
    }
}
