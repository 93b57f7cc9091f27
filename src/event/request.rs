//! What is asked of people who approve, as long as it is open.

use jiff::Timestamp;

use crate::approval::Vote;

/// A request with the votes on it. It outlives the process; another attempt has another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ballot {
    /// Since when it is asked.
    pub asked: Timestamp,
    /// The text that people sign.
    pub text: String,
    /// What they said, in the order in which it was taken.
    pub votes: Vec<Vote>,
}
