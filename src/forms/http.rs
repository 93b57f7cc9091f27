//! `http`: sends an HTTP request.

use super::shape::{BASE, EFFECTS, gives_json};
use crate::program::{BlockOf, Place, Schema, SlotKind};
use crate::value::Type;

/// The methods of HTTP.
const METHODS: &[&str] = &["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

/// What the statement declares.
pub(crate) static SCHEMA: Schema = Schema {
    word: "http",
    summary: "Sends an HTTP request",
    doc: "An API call. A value in the URL is one part of it and can never change its structure. Unless an \
          `expect` reads `status`, it must be 2xx. The block holds `header`, `bearer`, `basic`, `query`, one \
          of `json`, `form` and `body`, and `timeout`, `retry`, `expect`, `let`, which see `status`, `body` \
          and `headers` (names in lower case).",
    example: r#"step "Pause ingestion" {
  http POST "http://127.0.0.1:8080/maintenance" {
    json { enabled: true }
    expect status == 200
  }
  restore {
    http POST "http://127.0.0.1:8080/maintenance" { json { enabled: false } }
  }
}
look http GET "http://127.0.0.1:8080/status""#,
    stands_in: EFFECTS,
    operands: &[SlotKind::OneOf(METHODS), SlotKind::Text],
    block: BlockOf::Optional(Place::HttpBlock),
    gives: Some(gives_json),
    provides: &[("status", Type::Int), ("body", Type::Json), ("headers", Type::Json)],
    ..BASE
};
