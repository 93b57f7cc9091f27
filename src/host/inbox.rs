//! Folders where people hand in what they signed: the run's own, and those that the operator names.
//!
//! Knows files, not what they mean. Files are read, never changed or removed. What is no plain file, or is larger
//! than a vote can be, is reported unread; a link is not followed.

use std::collections::HashMap;
use std::ffi::OsStr;
use std::fs::{DirBuilder, File};
use std::io::{Read, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::Timestamp;
use rustix::fs::OFlags;
use sha2::{Digest, Sha256};

use crate::approval::{MAX_BYTES, split_signed};
use crate::run::{HandedIn, Paper};
use crate::value::hex;

/// What a file that is handed in is called.
pub const ENDING: &str = "approval";

/// What `ssh-keygen -Y sign` calls a signature that stands beside what it signs.
const DETACHED: &str = "sig";

/// A file that changed so lately may not be whole yet.
const SETTLING: Duration = Duration::from_millis(300);

/// A folder where votes are handed in.
#[derive(Clone, Debug)]
pub struct Inbox {
    /// The folder; it need not be there yet.
    pub folder: PathBuf,
    /// Whether only the user who drives the run can write there.
    pub own: bool,
}

/// A file as it was when it was seen: whoever changes it changes one of these.
type Seen = (u64, i64, i64, u64);

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

    fn file(&mut self, path: &Path, inbox: &Inbox) -> Option<HandedIn> {
        let about = std::fs::symlink_metadata(path).ok()?;
        let seen = (about.len(), about.ctime(), about.ctime_nsec(), about.ino());
        let arrived = changed(&about);
        if self.seen.get(path) == Some(&seen) || (!inbox.own && is_unsettled(arrived)) {
            return None;
        }
        let (content, sha256) = match read(path) {
            Ok(Some((statement, signature))) => {
                let sha256 =
                    hash(&[statement.as_bytes(), signature.as_deref().unwrap_or_default().as_bytes()]);
                (Paper::Text { statement, signature }, sha256)
            }
            // The file that is signed is not there yet.
            Ok(None) => return None,
            Err(why) => {
                let sha256 = hash(&[path.as_os_str().as_encoded_bytes(), format!("{seen:?}").as_bytes()]);
                (Paper::Unreadable(why), sha256)
            }
        };
        self.seen.insert(path.to_owned(), seen);
        let file = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        Some(HandedIn { file, sha256, arrived, trusted: inbox.own, content })
    }
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
        DETACHED => ending(&path.with_extension("")) == ENDING,
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

/// When this machine last changed a file or its name; unlike the time of its content nobody can set it.
fn changed(about: &std::fs::Metadata) -> Timestamp {
    let nanos = i32::try_from(about.ctime_nsec()).unwrap_or_default();
    let at = Timestamp::new(about.ctime(), nanos).unwrap_or_else(|_| Timestamp::now());
    at.min(Timestamp::now())
}

fn is_unsettled(arrived: Timestamp) -> bool {
    let age = Timestamp::now().duration_since(arrived);
    Duration::try_from(age).is_ok_and(|age| age < SETTLING)
}

/// Reads what was signed and its signature, from one file or two. `None` where the second is not there.
///
/// # Errors
/// In words why it cannot be read.
pub fn read(path: &Path) -> Result<Option<(String, Option<String>)>, String> {
    if path.extension() != Some(OsStr::new(DETACHED)) {
        let text = text(path)?;
        let (statement, signature) = split_signed(&text);
        return Ok(Some((statement.to_owned(), signature.map(str::to_owned))));
    }
    let signed = path.with_extension("");
    if std::fs::symlink_metadata(&signed).is_err() {
        return Ok(None);
    }
    Ok(Some((text(&signed)?, Some(text(path)?))))
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
