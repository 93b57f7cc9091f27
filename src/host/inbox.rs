//! Folders where people hand in what they signed: the run's own, and those that the operator names.
//!
//! Knows files, not what they mean. Files are read, never changed or removed. What is no plain file, or is larger
//! than a vote can be, is reported unread; a link is not followed.

use std::collections::HashMap;
use std::ffi::OsStr;
use std::fs::{DirBuilder, File, Metadata};
use std::io::{Read, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use jiff::{SignedDuration, Timestamp};
use rustix::fs::OFlags;
use sha2::{Digest, Sha256};

use crate::approval::{MAX_BYTES, split_signed};
use crate::run::{HandedIn, Paper};
use crate::value::hex;

/// What a file that is handed in is called.
pub const ENDING: &str = "approval";

/// What `ssh-keygen -Y sign` calls a signature that stands beside what it signs.
const DETACHED: &str = "sig";

/// A file that changed so lately may not be whole yet. Longer than the ticks by which systems date a change.
const SETTLING: SignedDuration = SignedDuration::from_millis(300);

/// A folder where votes are handed in.
#[derive(Clone, Debug)]
pub struct Inbox {
    /// The folder; it need not be there yet.
    pub folder: PathBuf,
    /// Whether only the user who drives the run can write there.
    pub own: bool,
}

/// A file as it was when it was seen: whoever changes it changes one of these.
type Stamp = (u64, i64, i64, u64);

/// A vote as it was when it was seen: what is signed, or both in one; and the signature beside it. What is not there has none.
type Seen = (Option<Stamp>, Option<Stamp>);

/// The folders of a run.
#[derive(Debug, Default)]
pub(super) struct Inboxes {
    inboxes: Vec<Inbox>,
    seen: HashMap<PathBuf, Seen>,
}

impl Inboxes {
    pub(super) fn new(inboxes: Vec<Inbox>) -> Self {
        Self { inboxes, seen: HashMap::new() }
    }

    pub(super) fn is_open(&self) -> bool {
        !self.inboxes.is_empty()
    }

    /// What is new or changed since the last look, the oldest first.
    pub(super) fn look(&mut self) -> Vec<HandedIn> {
        let mut found = vec![];
        for inbox in self.inboxes.clone() {
            for path in files(&inbox.folder) {
                found.extend(self.file(&path, &inbox));
            }
        }
        found.sort_by_key(|handed| handed.arrived);
        found
    }

    /// A vote, unless it was seen as it is now. One that may still be written is not held to be seen.
    fn file(&mut self, path: &Path, inbox: &Inbox) -> Option<HandedIn> {
        let (before, _) = seen(path);
        if self.seen.get(path) == Some(&before) {
            return None;
        }
        let (content, sha256) = match read(path) {
            Ok((statement, signature)) => {
                let sha256 =
                    hash(&[statement.as_bytes(), signature.as_deref().unwrap_or_default().as_bytes()]);
                (Paper::Text { statement, signature }, sha256)
            }
            Err(why) => {
                let sha256 = hash(&[path.as_os_str().as_encoded_bytes(), format!("{before:?}").as_bytes()]);
                (Paper::Unreadable(why), sha256)
            }
        };
        // What changed while it was read counts from the change.
        let (after, changed) = seen(path);
        let (now, changed) = (Timestamp::now(), changed?);
        let whole_from = changed.saturating_add(SETTLING).ok().filter(|whole| changed <= now && *whole > now);
        if before == after && whole_from.is_none() {
            self.seen.insert(path.to_owned(), after);
        }
        let file = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        Some(HandedIn { file, sha256, arrived: changed.min(now), trusted: inbox.own, whole_from, content })
    }
}

/// A vote as it is now, and when the later of its parts last changed; `None` where it is gone.
fn seen(path: &Path) -> (Seen, Option<Timestamp>) {
    let about = |path: &Path| std::fs::symlink_metadata(path).ok();
    let stamp = |about: &Metadata| (about.len(), about.ctime(), about.ctime_nsec(), about.ino());
    let (text, signature) = match signed_by(path) {
        Some(text) => (about(&text), about(path)),
        None => (about(path), None),
    };
    let changed = text.iter().chain(&signature).map(changed).max();
    ((text.as_ref().map(stamp), signature.as_ref().map(stamp)), changed)
}

/// What lies in a folder now, the oldest first.
#[must_use]
pub fn look(inbox: Inbox) -> Vec<HandedIn> {
    Inboxes::new(vec![inbox]).look()
}

/// The files of a folder that may be votes; of the rest nothing is said.
fn files(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else { return vec![] };
    let paths = entries.filter_map(Result::ok).map(|entry| entry.path());
    let mut paths: Vec<PathBuf> = paths.filter(|path| is_vote(path)).collect();
    paths.sort();
    paths
}

fn is_vote(path: &Path) -> bool {
    let hidden = path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"."));
    let ending = |path: &Path| path.extension().and_then(OsStr::to_str).unwrap_or_default().to_owned();
    let vote = match ending(path).as_str() {
        // Where its signature stands beside it, it is that file which counts.
        ENDING => std::fs::symlink_metadata(beside(path)).is_err(),
        DETACHED => signed_by(path).is_some_and(|signed| ending(&signed) == ENDING),
        _ => false,
    };
    vote && !hidden
}

/// Where the signature of a file stands, if it stands beside it.
#[must_use]
pub fn beside(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(DETACHED);
    name.into()
}

/// What the signature in a file signs that stands beside it.
fn signed_by(path: &Path) -> Option<PathBuf> {
    (path.extension() == Some(OsStr::new(DETACHED))).then(|| path.with_extension(""))
}

/// When this machine last changed a file or its name; unlike the time of its content nobody can set it.
fn changed(about: &Metadata) -> Timestamp {
    let nanos = i32::try_from(about.ctime_nsec()).unwrap_or_default();
    Timestamp::new(about.ctime(), nanos).unwrap_or_else(|_| Timestamp::now())
}

/// Reads what was signed and its signature, from one file or two.
///
/// # Errors
/// In words why it cannot be read.
pub fn read(path: &Path) -> Result<(String, Option<String>), String> {
    let Some(signed) = signed_by(path) else {
        let text = text(path)?;
        let (statement, signature) = split_signed(&text);
        return Ok((statement.to_owned(), signature.map(str::to_owned)));
    };
    if std::fs::symlink_metadata(&signed).is_err() {
        let name = signed.file_name().unwrap_or_default().to_string_lossy();
        return Err(format!("`{name}`, which it signs, is not there"));
    }
    let whole = text(&signed)?;
    // A text that holds its signature needs no other, whoever laid one beside it.
    match split_signed(&whole) {
        (statement, Some(signature)) => Ok((statement.to_owned(), Some(signature.to_owned()))),
        _ => Ok((whole, Some(text(path)?))),
    }
}

/// The text of a plain file of bounded size.
fn text(path: &Path) -> Result<String, String> {
    let about = std::fs::symlink_metadata(path).map_err(|error| error.to_string())?;
    if about.is_symlink() {
        return Err("it is a symbolic link, which is not followed".into());
    }
    if !about.is_file() {
        return Err("it is no plain file".into());
    }
    let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK;
    let flags = i32::try_from(flags.bits()).unwrap_or_default();
    let file = File::options().read(true).custom_flags(flags).open(path);
    let mut bytes = vec![];
    file.and_then(|file| file.take(MAX_BYTES + 1).read_to_end(&mut bytes))
        .map_err(|error| error.to_string())?;
    if bytes.len() as u64 > MAX_BYTES {
        return Err(format!("it is larger than {} KiB", MAX_BYTES >> 10));
    }
    String::from_utf8(bytes).map_err(|_| "it is no UTF-8 text".into())
}

fn hash(parts: &[&[u8]]) -> String {
    let mut digest = Sha256::new();
    parts.iter().for_each(|part| digest.update(part));
    hex(&digest.finalize())
}

/// What tells one text that is handed in from another, signature included.
#[must_use]
pub fn sha256(text: &str) -> String {
    hash(&[text.as_bytes()])
}

/// Puts a text into a folder, whole or not at all, for its owner only; the name of the file.
///
/// # Errors
/// The system's.
pub fn put(folder: &Path, text: &str) -> std::io::Result<PathBuf> {
    DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    let name = hash(&[text.as_bytes()]).chars().take(24).collect::<String>();
    let (kept, new) =
        (folder.join(format!("{name}.{ENDING}")), folder.join(format!(".{name}.{}", std::process::id())));
    let mut file = File::options().write(true).create_new(true).mode(0o600).open(&new)?;
    let written = file.write_all(text.as_bytes()).and_then(|()| file.sync_all());
    let moved = written.and_then(|()| std::fs::rename(&new, &kept));
    if moved.is_err() {
        let _ = std::fs::remove_file(&new);
    }
    moved.map(|()| kept)
}
