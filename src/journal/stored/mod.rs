//! The stored form of an event: versioned JSON of types of its own.
//!
//! Knows every fact's shape and nothing of what it means. The types here are the format: a fact that
//! changes does not compile until somebody has said how the stored form goes on.

mod form;
mod v1;
mod value;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use self::form::Stored;
use super::error::StoreError;
use crate::event::Event;

/// The version of an event's stored form.
const VERSION: u32 = 1;

#[derive(Serialize)]
struct Written {
    v: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    seq: Option<u64>,
    at: Timestamp,
    fact: v1::Fact,
}

#[derive(Deserialize)]
struct Version {
    v: u32,
}

#[derive(Deserialize)]
struct Read {
    at: Timestamp,
    fact: v1::Fact,
}

/// The body of an event's row.
pub(super) fn write(event: &Event) -> String {
    text(event, None)
}

/// An event as a line for programs: the stored form and its number.
#[must_use]
pub fn event_line(event: &Event) -> String {
    text(event, Some(event.seq))
}

fn text(event: &Event, seq: Option<u64>) -> String {
    let written = Written { v: VERSION, seq, at: event.at, fact: v1::Fact::of(&event.fact) };
    serde_json::to_string(&written).expect("all keys are texts, and a text takes every value")
}

/// The event of a row.
pub(super) fn read(seq: u64, body: &str) -> Result<Event, StoreError> {
    let broken = |error: serde_json::Error| StoreError::Broken { seq, why: error.to_string() };
    let Version { v } = json(body).map_err(broken)?;
    if v != VERSION {
        return Err(StoreError::Newer(format!("event format {v}")));
    }
    let Read { at, fact } = json(body).map_err(broken)?;
    Ok(Event { seq, at, fact: fact.back() })
}

/// The event of that number, from its body as a pack holds it.
///
/// # Errors
/// When it is none, or a newer bowline wrote it.
pub fn read_event(seq: u64, body: &str) -> Result<Event, StoreError> {
    read(seq, body)
}

/// When an event was recorded, whatever its version.
pub(super) fn recorded_at(seq: u64, body: &str) -> Result<Timestamp, StoreError> {
    #[derive(Deserialize)]
    struct Recorded {
        at: Timestamp,
    }
    let recorded: Result<Recorded, _> = json(body);
    recorded.map(|event| event.at).map_err(|error| StoreError::Broken { seq, why: error.to_string() })
}

/// Reads JSON that this program wrote: its depth was bounded when the value was made.
pub(super) fn json<'a, T: Deserialize<'a>>(text: &'a str) -> Result<T, serde_json::Error> {
    let mut reader = serde_json::Deserializer::from_str(text);
    reader.disable_recursion_limit();
    let value = T::deserialize(&mut reader)?;
    reader.end().map(|()| value)
}

#[cfg(test)]
mod tests;
