//! What came back from the world: of programs, over HTTP, from people, or why nothing did.

use crate::event::{Actor, OutputRef};
use crate::value::Value;

/// A program ended by itself.
#[derive(Debug, Default)]
pub struct ProgramReply {
    /// Exit code; 128 + signal where one killed it that we did not send.
    pub exit: i32,
    /// Standard output, if asked for.
    pub stdout: Captured,
    /// Standard error, likewise.
    pub stderr: Captured,
    /// The last lines of both, masked.
    pub tail: String,
    /// Both whole, masked.
    pub output: Option<OutputRef>,
}

/// An HTTP response.
#[derive(Debug)]
pub struct HttpReply {
    /// The status.
    pub status: u16,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Captured,
}

/// What can be read of bytes that the world gave.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Captured {
    /// UTF-8.
    Text(String),
    /// No UTF-8: at that byte, counted from 0, stands no character.
    NotText(usize),
    /// Not kept in memory: not asked for, or larger than the bound.
    #[default]
    NotKept,
}

impl Captured {
    /// These bytes, nothing in them changed.
    #[must_use]
    pub fn of(bytes: Vec<u8>) -> Self {
        match String::from_utf8(bytes) {
            Ok(text) => Self::Text(text),
            Err(error) => Self::NotText(error.utf8_error().valid_up_to()),
        }
    }

    /// The text, where it is one.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::NotText(_) | Self::NotKept => None,
        }
    }
}

/// What a person said.
#[derive(Debug)]
pub struct PersonReply {
    /// Who.
    pub by: Actor,
    /// `Bool` for confirm, judge, approval, manual; the value for ask; the text for choose and the rest.
    pub value: Value,
    /// The reason, finding or note.
    pub note: String,
}

/// Why there is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// It certainly did not start (program missing, connection refused, name not resolved).
    NotStarted,
    /// Killed after its timeout.
    TimedOut,
    /// Stopped by [`crate::run::Host::stop`].
    Stopped,
    /// Killed after its timeout or by [`crate::run::Host::stop`], and something of it is still there.
    Alive,
    /// The connection was lost after sending.
    Lost,
    /// The answer could not be read (undecodable, too large).
    Unreadable,
    /// A file is missing or has another hash.
    Missing,
}
