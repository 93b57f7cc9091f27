//! Files for the compiler: of a test, or of the repository.

use std::collections::HashMap;
use std::path::Path;

use bowline::compile::{LoadError, Loader};

/// Files by their paths; where none is known, those of the repository.
#[derive(Default)]
pub(crate) struct Files {
    known: HashMap<String, Vec<u8>>,
    repository: bool,
}

impl Files {
    /// A runbook alone, as `test.runbook`.
    pub(crate) fn one(text: &str) -> Self {
        Self::default().with("test.runbook", text.as_bytes())
    }

    /// And another file.
    pub(crate) fn with(mut self, path: &str, bytes: &[u8]) -> Self {
        self.known.insert(path.into(), bytes.into());
        self
    }

    /// The files of the repository.
    pub(crate) fn repository() -> Self {
        Self { repository: true, ..Self::default() }
    }
}

impl Loader for Files {
    fn read(&self, path: &str) -> Result<Vec<u8>, LoadError> {
        if let Some(bytes) = self.known.get(path) {
            return Ok(bytes.clone());
        }
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
        let read = if self.repository { std::fs::read(path).ok() } else { None };
        read.ok_or_else(|| LoadError::Unreadable("there is no such file".into()))
    }
}
