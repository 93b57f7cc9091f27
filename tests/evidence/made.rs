//! A pack taken apart and put together again by means of its own, as somebody who tampers with it would.

use std::io::Read;
use std::sync::LazyLock;

use bowline::evidence::{Checked, verify};

use super::site;

/// A pack of a run that was rolled back, and its site's end.
pub(crate) static PACK: LazyLock<Vec<u8>> = LazyLock::new(|| site::rolled_back().pack().1);

/// The pack of another run.
pub(crate) static OTHER: LazyLock<Vec<u8>> = LazyLock::new(|| site::completed().pack().1);

/// A file of a pack.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct File {
    pub(crate) name: String,
    pub(crate) bytes: Vec<u8>,
}

/// The files of a pack, names without their folder.
pub(crate) fn files(pack: &[u8]) -> Vec<File> {
    let mut archive = tar::Archive::new(pack);
    let entries = archive.entries().unwrap().map(|entry| {
        let mut entry = entry.unwrap();
        let path = entry.path().unwrap().display().to_string();
        let mut bytes = vec![];
        entry.read_to_end(&mut bytes).unwrap();
        File { name: path.split_once('/').unwrap().1.to_owned(), bytes }
    });
    entries.collect()
}

/// The folder of a pack.
pub(crate) fn folder(pack: &[u8]) -> String {
    let mut archive = tar::Archive::new(pack);
    let first = archive.entries().unwrap().next().unwrap().unwrap();
    first.path().unwrap().display().to_string().split_once('/').unwrap().0.to_owned()
}

/// A pack of these files.
pub(crate) fn archive(folder: &str, files: &[File]) -> Vec<u8> {
    let mut builder = tar::Builder::new(vec![]);
    for file in files {
        let mut header = tar::Header::new_ustar();
        header.set_path(format!("{folder}/{}", file.name)).unwrap();
        header.set_size(file.bytes.len() as u64);
        header.set_mode(0o644);
        header.set_uid(0);
        header.set_gid(0);
        header.set_mtime(946_684_800);
        header.set_entry_type(tar::EntryType::Regular);
        header.set_cksum();
        builder.append(&header, file.bytes.as_slice()).unwrap();
    }
    builder.into_inner().unwrap()
}

/// The pack with one of its files made another.
pub(crate) fn changed(pack: &[u8], name: &str, change: impl Fn(Vec<u8>) -> Vec<u8>) -> Vec<u8> {
    let mut files = files(pack);
    let file = files.iter_mut().find(|file| file.name == name).unwrap();
    file.bytes = change(std::mem::take(&mut file.bytes));
    archive(&folder(pack), &files)
}

/// The pack with other lines of events.
pub(crate) fn with_events(pack: &[u8], change: impl Fn(&mut Vec<String>)) -> Vec<u8> {
    changed(pack, "events.jsonl", |bytes| {
        let text = String::from_utf8(bytes).unwrap();
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        change(&mut lines);
        lines.into_iter().fold(String::new(), |all, line| all + &line + "\n").into_bytes()
    })
}

/// What is found in a pack, without a process of its own.
pub(crate) fn check(pack: impl Read) -> Checked {
    verify(pack, None, &|_, _| Err("there are no signers".into())).unwrap()
}

/// The findings, a line each.
pub(crate) fn found(pack: &[u8]) -> Vec<String> {
    check(pack).findings.iter().map(|finding| format!("{} {}", finding.what, finding.why)).collect()
}
