//! Something that is wrong with a pack.

/// Something that is not as it was, or cannot have been so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The file or event.
    pub what: String,
    /// What is wrong with it.
    pub why: String,
}

impl Finding {
    pub(super) fn new(what: &str, why: &str) -> Self {
        Self { what: what.to_owned(), why: why.to_owned() }
    }

    /// Of the event that stands there, from 0.
    pub(super) fn of_event(at: usize, why: &str) -> Self {
        Self::new(&format!("event {}", at + 1), why)
    }
}
