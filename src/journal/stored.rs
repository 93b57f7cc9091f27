//! The stored form of an event: versioned JSON, told apart from the event itself.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::StoreError;
use crate::event::{Event, Fact};

/// The version of an event's stored form.
const VERSION: u32 = 1;

#[derive(Serialize)]
struct Written<'a> {
    v: u32,
    at: Timestamp,
    fact: &'a Fact,
}

#[derive(Deserialize)]
struct Version {
    v: u32,
}

#[derive(Deserialize)]
struct Read {
    at: Timestamp,
    fact: Fact,
}

/// The body of an event's row.
pub(super) fn write(event: &Event) -> Result<String, serde_json::Error> {
    serde_json::to_string(&Written { v: VERSION, at: event.at, fact: &event.fact })
}

/// The event of a row.
pub(super) fn read(seq: u64, body: &str) -> Result<Event, StoreError> {
    let broken = |error: serde_json::Error| StoreError::Broken { seq, why: error.to_string() };
    let Version { v } = serde_json::from_str(body).map_err(broken)?;
    if v != VERSION {
        return Err(StoreError::Newer(format!("event format {v}")));
    }
    let Read { at, fact } = serde_json::from_str(body).map_err(broken)?;
    Ok(Event { seq, at, fact })
}
