//! A value at run time, and secrets.

use std::sync::Arc;
use std::time::Duration;

use indexmap::IndexMap;
use jiff::Timestamp;
use secrecy::SecretString;
use semver::Version;
use serde::{Deserialize, Serialize};

use super::Decimal;

/// How deep lists and maps nest at most: as deep as JSON is read.
pub const DEEPEST: u32 = 128;

/// A value. Cheap to clone; equality is by meaning (`1 == 1.0`) in `eval`, by form here.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Value {
    /// JSON's null; no type of the language besides `json` holds it.
    Null,
    /// A truth value.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A number; never NaN or infinite (making one is an evaluation error).
    Number(f64),
    /// A number that 64 bits would change or write otherwise.
    Decimal(Decimal),
    /// Text; also `path`, `url` and `one of`.
    Text(Arc<str>),
    /// A length of time.
    Duration(Duration),
    /// A number of bytes.
    Size(u64),
    /// An instant.
    Time(Timestamp),
    /// A version.
    Version(Version),
    /// A list.
    List(Arc<Vec<Value>>),
    /// A map, in the order made.
    Map(Arc<IndexMap<String, Value>>),
    /// A produced file.
    Artifact(Artifact),
    /// A secret, or anything built from one.
    Secret(Secret),
}

impl Value {
    /// Whether its lists and maps nest at most so deep.
    pub(super) fn fits_in(&self, depth: u32) -> bool {
        let mut inner: Box<dyn Iterator<Item = &Self>> = match self {
            Self::List(items) => Box::new(items.iter()),
            Self::Map(fields) => Box::new(fields.values()),
            _ => return true,
        };
        depth.checked_sub(1).is_some_and(|left| inner.all(|value| value.fits_in(left)))
    }
}

/// A file with the hash it had when it was produced.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Artifact {
    /// As the runbook wrote it, relative to the folder of the run; on a target, to where one arrives there.
    pub path: Arc<str>,
    /// Lower-case hex SHA-256 of its bytes.
    pub sha256: Arc<str>,
    /// Its size in bytes.
    pub bytes: u64,
    /// The target that it is on; `None` is this machine.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on: Option<Arc<str>>,
}

/// A tainted text. Its serialised form and its `Debug` never hold the text: a secret read back
/// from a journal is hollow until its source is asked again.
#[derive(Clone, Serialize, Deserialize)]
pub struct Secret {
    /// What it is called on screen: the input or binding it came from.
    pub origin: Arc<str>,
    /// The text; absent in a hollow one.
    #[serde(skip)]
    pub text: Option<Arc<SecretString>>,
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Secret({})", self.origin)
    }
}

impl PartialEq for Secret {
    fn eq(&self, other: &Self) -> bool {
        use secrecy::ExposeSecret;
        let text = |secret: &Self| secret.text.as_ref().map(|text| text.expose_secret().to_owned());
        self.origin == other.origin && text(self) == text(other)
    }
}
