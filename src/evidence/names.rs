//! What the files of a pack are called.

use sha2::{Digest, Sha256};

use crate::value::hex;

/// The report as a page.
pub const REPORT_HTML: &str = "report.html";
/// The report as Markdown.
pub const REPORT_MD: &str = "report.md";
/// How the run stands, as `show --format json` tells it.
pub const RUN: &str = "run.json";
/// The plan as it is stored.
pub const PLAN: &str = "plan.json";
/// The body of each event, one a line, as it is stored.
pub const EVENTS: &str = "events.jsonl";
/// The in-toto statement.
pub const STATEMENT: &str = "statement.json";
/// The statement in its signed envelope.
pub(super) const ENVELOPE: &str = "statement.dsse.json";

/// A longer name ends in a part of its hash.
const LONGEST: usize = 90;
/// So much of a long name is kept.
const KEPT: usize = 60;

/// A folder of a pack.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Folder {
    /// The runbook, its modules and `bowline.toml`.
    Sources,
    /// What programs printed.
    Outputs,
    /// What the runbook kept.
    Evidence,
    /// What was asked of people, and what they signed.
    Approvals,
}

impl Folder {
    fn name(self) -> &'static str {
        match self {
            Self::Sources => "sources",
            Self::Outputs => "outputs",
            Self::Evidence => "evidence",
            Self::Approvals => "approvals",
        }
    }

    /// A file in it. Names of the world are spelled in letters that every system and every tool takes.
    #[must_use]
    pub fn file(self, name: &str) -> String {
        format!("{}/{}", self.name(), spelled(name))
    }
}

/// The name in a pack of the source that stands there, from 0.
#[must_use]
pub fn source_name(at: usize, name: &str) -> String {
    let last = name.rsplit('/').next().unwrap_or(name);
    Folder::Sources.file(&format!("{:03}-{last}", at + 1))
}

/// The folder that a pack unfolds into.
#[must_use]
pub fn folder_of(run: &str) -> String {
    format!("{PREFIX}{run}")
}

const PREFIX: &str = "bowline-evidence-";

/// The run of an entry, and the file's name in the pack.
pub(super) fn split(entry: &str) -> Option<(&str, &str)> {
    let (folder, file) = entry.split_once('/')?;
    let run = folder.strip_prefix(PREFIX).filter(|run| !run.is_empty())?;
    Some((run, file)).filter(|_| is_plain(file))
}

/// Whether a name can do no harm wherever it is unpacked.
fn is_plain(file: &str) -> bool {
    let plain = |part: &str| !part.is_empty() && !part.starts_with('.') && part.bytes().all(is_safe);
    file.split('/').count() <= 2 && file.split('/').all(plain)
}

fn is_safe(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-' | b'%')
}

/// Other characters as `%XX`; two names never become one.
fn spelled(name: &str) -> String {
    let mut text = String::new();
    for (at, byte) in name.bytes().enumerate() {
        match byte {
            b'%' => text.push_str("%25"),
            b'.' if at == 0 => text.push_str("%2E"),
            byte if is_safe(byte) => text.push(char::from(byte)),
            byte => text.push_str(&format!("%{byte:02X}")),
        }
    }
    if text.len() <= LONGEST {
        return text;
    }
    let hash = hex(&Sha256::digest(name.as_bytes()));
    let (start, hash) = (text.get(..KEPT).unwrap_or_default(), hash.get(..16).unwrap_or_default());
    format!("{start}-{hash}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_spelled_for_every_system() {
        assert_eq!(Folder::Outputs.file("000001-2.log"), "outputs/000001-2.log");
        assert_eq!(Folder::Evidence.file("../a b%"), "evidence/%2E.%2Fa%20b%25");
        assert_eq!(source_name(0, "deep/a.runbook"), "sources/001-a.runbook");
        let long = Folder::Evidence.file(&"é".repeat(200));
        assert!(long.len() < 100 && long != Folder::Evidence.file(&"é".repeat(201)), "{long}");
    }

    #[test]
    fn an_entry_names_its_run_and_a_harmless_file() {
        assert_eq!(split("bowline-evidence-x7k/outputs/1.log"), Some(("x7k", "outputs/1.log")));
        for wrong in ["plan.json", "other-x/plan.json", "bowline-evidence-/plan.json"] {
            assert_eq!(split(wrong), None, "{wrong}");
        }
        for wrong in ["../x", "/etc/passwd", "a/b/c", ".", "a/..", "a//b", "a\\b", "", ".ssh"] {
            assert_eq!(split(&format!("bowline-evidence-x/{wrong}")), None, "{wrong}");
        }
    }
}
