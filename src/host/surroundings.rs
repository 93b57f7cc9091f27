//! What all children of a run have in common, here and on targets: a folder, an environment, a trace.
//!
//! Knows what is inherited and what is kept from children; nothing of any program.

use std::collections::HashSet;
use std::ffi::{CString, OsStr, OsString};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use crate::value::hex;

/// Inputs are given to bowline by variables that begin so; children do not get them.
const INPUT_PREFIX: &str = "BOWLINE_INPUT_";

/// The variable that gives the input of that name.
#[must_use]
pub fn variable_of(name: &str) -> String {
    format!("{INPUT_PREFIX}{}", name.to_uppercase())
}

/// What all children of a run have in common.
#[derive(Clone, Debug)]
pub(super) struct Surroundings {
    /// Short id of the run, for `BOWLINE_RUN`.
    pub run: String,
    /// The folder that relative paths start from; absolute.
    pub dir: PathBuf,
    /// By name, each as the system takes it: `NAME=value`.
    env: Vec<(OsString, CString)>,
    path: OsString,
}

impl Surroundings {
    /// Takes the environment of this process, without `hidden` variables (where secrets came from)
    /// and without inputs. Programs are found in `path`, which is also what they see as `PATH`.
    pub(super) fn inherit(run: &str, dir: &Path, path: &str, hidden: &[String]) -> Self {
        let hidden: HashSet<&OsStr> = hidden.iter().map(OsStr::new).collect();
        let passed = |name: &OsString| {
            !hidden.contains(name.as_os_str()) && !name.as_bytes().starts_with(INPUT_PREFIX.as_bytes())
        };
        let inherited = std::env::vars_os().filter(|(name, _)| passed(name));
        let mut env: Vec<_> =
            inherited.filter_map(|(name, value)| Some((name.clone(), pair(&name, &value)?))).collect();
        if !env.iter().any(|(name, _)| name == "TRACEPARENT") {
            let trace = OsString::from(traceparent());
            env.extend(
                pair(OsStr::new("TRACEPARENT"), &trace).map(|both| (OsString::from("TRACEPARENT"), both)),
            );
        }
        let path = OsString::from(path);
        env.retain(|(name, _)| name != "PATH");
        env.extend(pair(OsStr::new("PATH"), &path).map(|both| (OsString::from("PATH"), both)));
        Self { run: run.to_owned(), dir: dir.to_owned(), env, path }
    }

    /// The variables that every child gets, by name, each as the system takes it: `NAME=value`.
    pub(super) fn env(&self) -> impl Iterator<Item = (&OsStr, &CString)> {
        self.env.iter().map(|(name, both)| (name.as_os_str(), both))
    }

    /// The folders where programs are found, as in `PATH`.
    pub(super) fn path(&self) -> &OsStr {
        &self.path
    }

    /// The trace that children and requests belong to.
    pub(super) fn trace(&self) -> String {
        let found = self.env.iter().find(|(name, _)| name == "TRACEPARENT");
        let value = found.map(|(_, both)| both.to_string_lossy().into_owned()).unwrap_or_default();
        value.strip_prefix("TRACEPARENT=").unwrap_or_default().to_owned()
    }
}

/// A W3C trace context of our own: a fresh trace, sampled.
fn traceparent() -> String {
    let mut bytes = [0_u8; 24];
    let filled = rustix::rand::getrandom(&mut bytes, rustix::rand::GetRandomFlags::empty());
    if filled.is_err() {
        bytes = [1; 24];
    }
    let (trace, span) = bytes.split_at(16);
    format!("00-{}-{}-01", hex(trace), hex(span))
}

/// A variable as the system takes it; `None` where a part holds a NUL byte.
pub(super) fn pair(name: &OsStr, value: &OsStr) -> Option<CString> {
    let mut both = name.as_bytes().to_vec();
    both.push(b'=');
    both.extend_from_slice(value.as_bytes());
    CString::new(both).ok()
}
