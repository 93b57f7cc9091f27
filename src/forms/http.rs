//! `http`: sends an HTTP request.

use super::lower::{Lowering, Side, fixed, url};
use super::shape::{BASE, EFFECTS};
use crate::plan::{Act, ResponsePart};
use crate::program::{BlockOf, Place, Schema, SlotKind, Stmt};
use crate::value::{BinaryOp, Expr, Type, Value};

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
    gives: Some(&Type::Json),
    provides: &[("status", Type::Int), ("body", Type::Json), ("headers", Type::Json)],
    effect: true,
    judges: true,
    ..BASE
};

const SIDE: Side = Side {
    parts: &[ResponsePart::Status, ResponsePart::Body, ResponsePart::Headers],
    judged: ResponsePart::Status,
    judge: status_is_2xx,
    given: ResponsePart::Body,
};

/// One request.
pub(crate) fn lower<'p>(stmt: &'p Stmt, low: &mut Lowering<'p>) {
    let method = fixed(&stmt.operands, 0);
    let Some(address) = low.operand(stmt, 0) else { return };
    let mut clauses = low.clauses(stmt);
    let act = Act::Http {
        method,
        url: url(address),
        headers: std::mem::take(&mut clauses.headers),
        query: std::mem::take(&mut clauses.query),
        login: clauses.login.take().map(Box::new),
        body: clauses.body.take().map(Box::new),
    };
    low.effect(stmt, act, clauses, &SIDE);
}

/// A request did well if it is answered with 2xx.
fn status_is_2xx(status: &Expr) -> (Expr, &'static str) {
    let compare = |op, bound| {
        let bound = Box::new(Expr::Const(Value::Int(bound)));
        Box::new(Expr::Binary(op, Box::new(status.clone()), bound))
    };
    let (least, below) = (compare(BinaryOp::Ge, 200), compare(BinaryOp::Lt, 300));
    (Expr::Binary(BinaryOp::And, least, below), "status is 2xx")
}
