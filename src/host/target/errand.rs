//! Files on targets: hashed and read there by programs of the target, so that nothing travels but
//! hashes, and what is kept as evidence.
//!
//! An errand is one request of a run (a file, files to be verified, evidence) that takes one program
//! on a target after the other.

use std::io::Write;
use std::sync::{Arc, Mutex, PoisonError};

use super::super::failed;
use super::super::files::Copy;
use crate::run::{Failure, Program, ProgramReply, Reply};
use crate::value::Artifact;

/// Prints hash and size of each file, or that it is none.
const DIGEST: &str = r#"
for file; do
  [ -f "$file" ] && [ -r "$file" ] || { echo missing; continue; }
  if command -v sha256sum >/dev/null; then hash=$(sha256sum <"$file")
  elif command -v shasum >/dev/null; then hash=$(shasum -a 256 <"$file")
  else hash=$(openssl dgst -sha256 -r <"$file"); fi || exit 3
  echo "${hash%% *}" $(wc -c <"$file")
done"#;

/// So many bytes of hashes are taken; more than any list of files has.
const MOST: usize = 1 << 20;

/// A request about files on targets.
pub(in super::super) struct Errand {
    kind: Kind,
    /// Where the next program runs.
    pub target: String,
    printed: Printed,
}

enum Kind {
    Produce(String),
    /// Those on the target at hand, and all others.
    Verify(Vec<Artifact>, Vec<Artifact>),
    Fetch(Artifact, Arc<Mutex<Option<Copy>>>),
}

/// What comes after a program of an errand has ended.
pub(in super::super) enum Next {
    /// The next program.
    Again(Errand),
    /// Files of this machine are left to be verified.
    Here(Vec<Artifact>),
    /// This is the reply.
    Over(Reply),
}

impl Errand {
    /// A file that must be there.
    pub(in super::super) fn produce(target: &str, path: String) -> Self {
        Self::new(target, Kind::Produce(path))
    }

    /// A file that is to be kept here.
    pub(in super::super) fn fetch(artifact: &Artifact, copy: Copy) -> Self {
        let copy = Arc::new(Mutex::new(Some(copy)));
        Self::new(artifact.on.as_deref().unwrap_or_default(), Kind::Fetch(artifact.clone(), copy))
    }

    /// Files that must be as they were, of which some are on targets; those of this machine come last.
    pub(in super::super) fn verify(artifacts: Vec<Artifact>) -> Next {
        let Some(target) = artifacts.iter().find_map(|artifact| artifact.on.clone()) else {
            return Next::Here(artifacts);
        };
        let (these, others) =
            artifacts.into_iter().partition(|artifact| artifact.on.as_ref() == Some(&target));
        Next::Again(Self::new(&target, Kind::Verify(these, others)))
    }

    fn new(target: &str, kind: Kind) -> Self {
        Self { kind, target: target.to_owned(), printed: Printed::default() }
    }

    /// What runs there.
    pub(in super::super) fn program(&self) -> Program {
        match &self.kind {
            Kind::Produce(path) => digest([path.as_str()]),
            Kind::Verify(these, _) => digest(these.iter().map(|artifact| &*artifact.path)),
            Kind::Fetch(artifact, _) => Program::of(["sh", "-c", "exec cat <\"$1\"", "sh", &*artifact.path]),
        }
    }

    /// Takes what it prints.
    pub(in super::super) fn sink(&self) -> Box<dyn Write + Send> {
        match &self.kind {
            Kind::Fetch(_, copy) => Box::new(Into(Arc::clone(copy))),
            Kind::Produce(_) | Kind::Verify(..) => Box::new(self.printed.clone()),
        }
    }

    /// Its program has ended.
    pub(in super::super) fn take(self, reply: Reply) -> Next {
        let ended = match reply {
            Reply::Program(program) => program,
            reply => return Next::Over(self.without(reply)),
        };
        match self.kind {
            Kind::Fetch(_, copy) => Next::Over(fetched(&copy, &ended)),
            Kind::Produce(path) => Next::Over(produced(&self.target, path, &self.printed.lines(), &ended)),
            Kind::Verify(these, others) => match wrong(&self.target, &these, &self.printed.lines(), &ended) {
                None => Self::verify(others),
                Some(why) => Next::Over(failed(Failure::Missing, why)),
            },
        }
    }

    /// A program that came to no end: what came of the file is taken away.
    fn without(self, reply: Reply) -> Reply {
        if let Kind::Fetch(_, copy) = &self.kind
            && let Some(copy) = taken(copy)
        {
            let _ = copy.refuse("did not arrive");
        }
        reply
    }
}

fn digest<'a>(paths: impl IntoIterator<Item = &'a str>) -> Program {
    Program::of(["sh", "-c", DIGEST, "sh"].into_iter().chain(paths))
}

fn taken(copy: &Mutex<Option<Copy>>) -> Option<Copy> {
    copy.lock().unwrap_or_else(PoisonError::into_inner).take()
}

fn fetched(copy: &Mutex<Option<Copy>>, ended: &ProgramReply) -> Reply {
    let Some(copy) = taken(copy) else { return failed(Failure::Missing, "it was kept already") };
    let kept = match ended.exit {
        0 => copy.finish(),
        _ => copy.refuse(&format!("cannot be read: {}", ended.tail.trim_end())),
    };
    kept.unwrap_or_else(|error| failed(Failure::Missing, format!("the evidence could not be kept: {error}")))
}

/// A line of [`DIGEST`].
fn hash_and_size(line: &str) -> Option<(&str, u64)> {
    let (hash, size) = line.split_once(' ')?;
    let whole = hash.len() == 64 && hash.chars().all(|c| c.is_ascii_hexdigit());
    Some((hash, size.trim().parse().ok()?)).filter(|_| whole)
}

fn cannot(target: &str, ended: &ProgramReply) -> String {
    let tail = ended.tail.trim_end();
    format!("its SHA-256 cannot be had on {target} (exit code {}) {tail}", ended.exit)
}

fn produced(target: &str, path: String, lines: &[String], ended: &ProgramReply) -> Reply {
    let line = lines.first().map(String::as_str);
    match line.and_then(hash_and_size) {
        Some((sha256, bytes)) if ended.exit == 0 => Reply::Artifact(Artifact {
            path: path.into(),
            sha256: sha256.into(),
            bytes,
            on: Some(target.into()),
        }),
        _ if line == Some("missing") => {
            failed(Failure::Missing, format!("the file {path} was not produced: it is not on {target}"))
        }
        _ => failed(Failure::Unreadable, format!("the file {path}: {}", cannot(target, ended))),
    }
}

fn wrong(target: &str, these: &[Artifact], lines: &[String], ended: &ProgramReply) -> Option<String> {
    if ended.exit != 0 || lines.len() != these.len() {
        return Some(cannot(target, ended));
    }
    let wrong = these.iter().zip(lines).filter_map(|(artifact, line)| {
        let path = &artifact.path;
        match hash_and_size(line) {
            Some((hash, _)) if *hash == *artifact.sha256 => None,
            Some(_) => {
                Some(format!("{path} on {target} was changed since it was produced (its SHA-256 is another)"))
            }
            None => Some(format!("{path} cannot be read any more on {target}")),
        }
    });
    let wrong: Vec<_> = wrong.collect();
    (!wrong.is_empty()).then(|| wrong.join("; "))
}

/// What hashes were printed.
#[derive(Clone, Default)]
struct Printed(Arc<Mutex<Vec<u8>>>);

impl Printed {
    fn lines(&self) -> Vec<String> {
        let bytes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        String::from_utf8_lossy(&bytes).lines().map(str::to_owned).collect()
    }
}

impl Write for Printed {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let room = MOST.saturating_sub(kept.len()).min(bytes.len());
        kept.extend_from_slice(bytes.get(..room).unwrap_or_default());
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Into a copy that somebody else finishes.
struct Into(Arc<Mutex<Option<Copy>>>);

impl Write for Into {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        match self.0.lock().unwrap_or_else(PoisonError::into_inner).as_mut() {
            Some(copy) => copy.write(bytes),
            None => Ok(bytes.len()),
        }
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
