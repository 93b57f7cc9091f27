//! Files of a run: hashing what was produced, checking it again, keeping evidence.
//!
//! Reads and writes in pieces, whatever the size. Knows values, no plans.

use std::fs::{DirBuilder, File};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Component, Path, PathBuf};

use serde_json::Value as Json;
use sha2::{Digest, Sha256};

use super::mask::{Mask, StreamMask};
use super::{failed, plain};
use crate::event::{EffectId, OutputRef};
use crate::run::{Failure, Reply};
use crate::value::{Artifact, Value, hex};

/// How the message begins where a file is no evidence because of what is in it.
const NOT_KEPT: &str = "not kept";

/// What is to be noted of evidence that was done, but not kept.
pub(super) fn not_kept(reply: &Reply) -> Option<String> {
    match reply {
        Reply::Done { message } if message.starts_with(NOT_KEPT) => Some(format!("evidence {message}")),
        _ => None,
    }
}

const BUFFER_BYTES: usize = 128 * 1024;

/// Where a run's files are.
#[derive(Clone, Debug)]
pub(super) struct Files {
    /// Relative paths start here.
    pub dir: PathBuf,
    /// Evidence is kept here; made when needed.
    pub evidence: PathBuf,
    pub mask: Mask,
}

impl Files {
    /// The file with its hash, as an artifact.
    pub(super) fn artifact(&self, path: &str) -> Reply {
        match hash(&self.dir.join(path)) {
            Ok((sha256, bytes)) => {
                Reply::Artifact(Artifact { path: path.into(), sha256: sha256.into(), bytes, on: None })
            }
            Err(error) => self.missing(&format!("the file {path} was not produced: {error}")),
        }
    }

    /// Where the first of several paths leads that is there; where none is, the first of all.
    pub(super) fn locate(&self, paths: &[String]) -> PathBuf {
        let whole = |path: &String| self.dir.join(path);
        let there = paths.iter().map(whole).find(|path| path.exists());
        canonical(&there.or_else(|| paths.first().map(whole)).unwrap_or_else(|| self.dir.clone()))
    }

    /// Whether all files still have their hashes.
    pub(super) fn verify(&self, artifacts: &[Artifact]) -> Reply {
        let wrong: Vec<_> = artifacts.iter().filter_map(|artifact| self.wrong(artifact)).collect();
        if wrong.is_empty() { done(String::new()) } else { self.missing(&wrong.join("; ")) }
    }

    fn wrong(&self, artifact: &Artifact) -> Option<String> {
        let path = &artifact.path;
        match hash(&self.dir.join(&**path)) {
            Ok((sha256, _)) if *sha256 == *artifact.sha256 => None,
            Ok(_) => Some(format!("{path} was changed since it was produced (its SHA-256 is another)")),
            Err(error) => Some(format!("{path} cannot be read any more: {error}")),
        }
    }

    /// Keeps a value with the run: an artifact's file as a copy, anything else as text or JSON, masked.
    pub(super) fn keep(&self, effect: EffectId, value: &Value) -> Reply {
        match self.try_keep(effect, value) {
            Ok(reply) => reply,
            Err(error) => {
                let folder = self.evidence.display();
                self.missing(&format!("the evidence could not be kept in {folder}: {error}"))
            }
        }
    }

    fn make_folder(&self) -> io::Result<()> {
        DirBuilder::new().recursive(true).mode(0o700).create(&self.evidence)
    }

    fn try_keep(&self, effect: EffectId, value: &Value) -> io::Result<Reply> {
        self.make_folder()?;
        if let Value::Artifact(artifact) = value {
            return self.copy(effect, artifact);
        }
        let (ending, text) = match value {
            Value::Text(text) => ("txt", text.to_string()),
            Value::Secret(_) => ("txt", super::mask::MASKED.to_owned()),
            value => ("json", format!("{:#}\n", self.masked(plain::json(value)))),
        };
        let (mut file, name) = self.create(&format!("{:06}", effect.0), ending)?;
        let text = self.mask.text(&text);
        file.write_all(text.as_bytes())?;
        Ok(kept(name, text.len() as u64, hex(&Sha256::digest(text.as_bytes()))))
    }

    /// Masked before quotes are escaped a second time, which would hide a secret that holds some.
    fn masked(&self, json: Json) -> Json {
        match json {
            Json::String(text) => self.mask.text(&text).into(),
            Json::Array(items) => items.into_iter().map(|item| self.masked(item)).collect(),
            Json::Object(fields) => {
                fields.into_iter().map(|(name, value)| (self.mask.text(&name), self.masked(value))).collect()
            }
            flat => flat,
        }
    }

    fn copy(&self, effect: EffectId, artifact: &Artifact) -> io::Result<Reply> {
        let mut copy = self.receive(effect, artifact)?;
        let read = open(&self.dir.join(&*artifact.path)).and_then(|mut file| io::copy(&mut file, &mut copy));
        match read {
            Ok(_) => copy.finish(),
            Err(error) => copy.refuse(&format!("cannot be read: {error}")),
        }
    }

    /// A copy of an artifact's file that is about to come in.
    pub(super) fn receive(&self, effect: EffectId, artifact: &Artifact) -> io::Result<Copy> {
        self.make_folder()?;
        let path = Path::new(&*artifact.path);
        let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
        let (stem, ending) = name.rsplit_once('.').unwrap_or((&name, ""));
        let (file, kept) = self.create(&format!("{:06}-{stem}", effect.0), ending)?;
        Ok(Copy {
            file,
            path: self.evidence.join(&kept),
            kept,
            name: name.into_owned(),
            wanted: artifact.sha256.to_string(),
            hash: Sha256::new(),
            bytes: 0,
            searched: StreamMask::new(&self.mask),
            mask: self.mask.clone(),
        })
    }

    /// A new file; a name that is taken gets a number.
    fn create(&self, stem: &str, ending: &str) -> io::Result<(File, String)> {
        let dot = if ending.is_empty() { "" } else { "." };
        for number in 1..=100_000 {
            let number = if number == 1 { String::new() } else { format!("-{number}") };
            let name = format!("{stem}{number}{dot}{ending}");
            let path = self.evidence.join(&name);
            match File::options().write(true).create_new(true).mode(0o600).open(path) {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                opened => return Ok((opened?, name)),
            }
        }
        Err(io::ErrorKind::AlreadyExists.into())
    }

    fn missing(&self, message: &str) -> Reply {
        failed(Failure::Missing, self.mask.text(message))
    }
}

/// A copy of an artifact's file, its hash, and the search for secrets in it. The bytes stay as they are: masked they
/// would be another file. So one that holds a known secret is not kept.
pub(super) struct Copy {
    file: File,
    path: PathBuf,
    kept: String,
    name: String,
    wanted: String,
    hash: Sha256,
    bytes: u64,
    searched: StreamMask,
    mask: Mask,
}

impl Copy {
    /// All of it has come in.
    pub(super) fn finish(mut self) -> io::Result<Reply> {
        if hex(&std::mem::take(&mut self.hash).finalize()) != self.wanted {
            return self.refuse("was changed since it was produced (its SHA-256 is another)");
        }
        self.searched.finish();
        if !self.searched.has_found() {
            return Ok(kept(self.kept, self.bytes, self.wanted));
        }
        std::fs::remove_file(&self.path)?;
        Ok(done(format!("{NOT_KEPT}: {} holds a secret (its SHA-256 is {})", self.name, self.wanted)))
    }

    /// It did not come in as it should.
    pub(super) fn refuse(self, why: &str) -> io::Result<Reply> {
        std::fs::remove_file(&self.path)?;
        Ok(failed(Failure::Missing, self.mask.text(&format!("{} {why}", self.name))))
    }
}

impl Write for Copy {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.hash.update(bytes);
        self.searched.feed(bytes);
        self.bytes += bytes.len() as u64;
        self.file.write_all(bytes).map(|()| bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

fn done(message: String) -> Reply {
    Reply::Done { message }
}

fn kept(file: String, bytes: u64, sha256: String) -> Reply {
    Reply::Kept { message: format!("kept as {file}"), file: OutputRef { file, bytes, sha256 } }
}

fn open(path: &Path) -> io::Result<File> {
    let file = File::open(path)?;
    if file.metadata()?.is_file() { Ok(file) } else { Err(io::Error::other("it is not a regular file")) }
}

/// A path without links and dots, as far as the disk knows it; what is not there yet follows as written.
fn canonical(path: &Path) -> PathBuf {
    if let Ok(found) = path.canonicalize() {
        return found;
    }
    match (path.parent(), path.components().next_back()) {
        (Some(above), Some(Component::Normal(name))) => canonical(above).join(name),
        (Some(above), Some(Component::ParentDir)) => {
            let above = canonical(above);
            above.parent().unwrap_or(&above).to_owned()
        }
        (Some(above), Some(Component::CurDir)) => canonical(above),
        _ => path.to_owned(),
    }
}

/// SHA-256 and size of a file.
fn hash(path: &Path) -> io::Result<(String, u64)> {
    let mut file = open(path)?;
    let mut hash = Sha256::new();
    let mut buffer = vec![0; BUFFER_BYTES];
    let mut size = 0;
    loop {
        let count = file.read(&mut buffer)?;
        let read = buffer.get(..count).unwrap_or_default();
        if read.is_empty() {
            return Ok((hex(&hash.finalize()), size));
        }
        hash.update(read);
        size += count as u64;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EMPTY: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    fn files() -> (tempfile::TempDir, Files) {
        let dir = tempfile::tempdir().unwrap();
        let files = Files {
            dir: dir.path().to_owned(),
            evidence: dir.path().join("evidence"),
            mask: Mask::default(),
        };
        (dir, files)
    }

    fn message(reply: Reply) -> String {
        match reply {
            Reply::Done { message } | Reply::Kept { message, .. } => message,
            Reply::Failed { failure, message, .. } => format!("{failure:?}: {message}"),
            other => panic!("{other:?}"),
        }
    }

    fn produced(files: &Files, name: &str, bytes: &[u8]) -> Artifact {
        std::fs::write(files.dir.join(name), bytes).unwrap();
        let Reply::Artifact(artifact) = files.artifact(name) else { panic!() };
        artifact
    }

    #[test]
    fn an_artifact_has_its_hash_and_size() {
        let (_dir, files) = files();
        let artifact = produced(&files, "empty", b"");
        assert_eq!((&*artifact.sha256, artifact.bytes, &*artifact.path), (EMPTY, 0, "empty"));
    }

    #[test]
    fn what_was_not_produced_is_missing() {
        let (_dir, files) = files();
        assert!(message(files.artifact("none")).starts_with("Missing: the file none was not produced"));
        assert!(message(files.artifact(".")).contains("not a regular file"));
    }

    #[test]
    fn a_changed_or_removed_file_does_not_verify() {
        let (dir, files) = files();
        let (one, two) = (produced(&files, "one", b"1"), produced(&files, "two", b"2"));
        assert_eq!(message(files.verify(&[one.clone(), two.clone()])), "");
        std::fs::write(dir.path().join("one"), "other").unwrap();
        std::fs::remove_file(dir.path().join("two")).unwrap();
        let wrong = message(files.verify(&[one, two]));
        assert!(wrong.contains("one was changed") && wrong.contains("two cannot be read"), "{wrong}");
    }

    #[test]
    fn evidence_is_kept_under_names_of_its_own() {
        let (dir, files) = files();
        let artifact = produced(&files, "export.json", b"{}");
        let kept = |value: &Value| message(files.keep(EffectId(3), value));
        assert_eq!(kept(&Value::Artifact(artifact.clone())), "kept as 000003-export.json");
        assert_eq!(kept(&Value::Artifact(artifact)), "kept as 000003-export-2.json");
        assert_eq!(kept(&Value::Text("logs".into())), "kept as 000003.txt");
        assert_eq!(kept(&Value::Int(4)), "kept as 000003.json");
        assert_eq!(std::fs::read(dir.path().join("evidence/000003-export.json")).unwrap(), b"{}");
    }

    #[test]
    fn what_is_kept_is_named_with_its_size_and_hash() {
        let (_dir, files) = files();
        files.mask.learn(["hunter22"]);
        let artifact = produced(&files, "export.json", b"{}");
        for (value, bytes) in [(Value::Artifact(artifact), 2), (Value::Text("a hunter22".into()), 5)] {
            let Reply::Kept { file, .. } = files.keep(EffectId(3), &value) else { panic!() };
            let (sha256, size) = hash(&files.evidence.join(&file.file)).unwrap();
            assert_eq!((file.bytes, file.sha256), (bytes, sha256));
            assert_eq!(size, bytes);
        }
    }

    #[test]
    fn a_file_that_holds_a_secret_is_no_evidence() {
        let (dir, files) = files();
        files.mask.learn(["hunter22"]);
        let far = [vec![b'x'; BUFFER_BYTES - 4], b"hunter22".to_vec()].concat();
        for (bytes, kept) in [(&b"a hunter22"[..], false), (&far, false), (b"a hunter2", true)] {
            let artifact = produced(&files, "x.txt", bytes);
            let said = message(files.keep(EffectId(2), &Value::Artifact(artifact)));
            assert_eq!(said.starts_with("kept as"), kept, "{said}");
            assert!(kept || said.starts_with("not kept: x.txt holds a secret (its SHA-256 is "), "{said}");
            assert_eq!(dir.path().join("evidence/000002-x.txt").exists(), kept);
        }
    }

    #[test]
    fn evidence_is_masked_and_changed_files_are_no_evidence() {
        let (dir, files) = files();
        files.mask.learn(["hunter22"]);
        assert_eq!(message(files.keep(EffectId(1), &Value::Text("a hunter22".into()))), "kept as 000001.txt");
        assert_eq!(std::fs::read(dir.path().join("evidence/000001.txt")).unwrap(), b"a ***");
        let artifact = produced(&files, "x", b"1");
        std::fs::write(dir.path().join("x"), "2").unwrap();
        assert!(message(files.keep(EffectId(2), &Value::Artifact(artifact))).contains("was changed"));
        assert!(!dir.path().join("evidence/000002-x").exists());
    }
}
