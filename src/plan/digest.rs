//! The digest of a plan: SHA-256 over all that is executed, undone or shown for a decision.
//!
//! Each node is brought to a canonical form and hashed as JSON. Left out are places in the source,
//! the words of conditions (their layout), hints, descriptions of inputs, and prose that nobody
//! decides by; everything else counts, fields of later versions too. Variables count by their
//! order in the plan, so renaming a `let` keeps the digest; names that the world sees (inputs,
//! `ask`, environment) are part of what is executed and count.

use serde::Serialize;
use sha2::{Digest as _, Sha256};

use super::{Eval, Expect, Input, Node, Op, Plan, Role};
use crate::text::{SourceId, Span};
use crate::value::{Expr, hex};

/// Lower-case hex SHA-256 of what the plan does; its own `digest` field does not count.
#[must_use]
pub fn digest(plan: &Plan) -> String {
    let mut hash = Hash { sha: Sha256::new(), text: vec![] };
    hash.add(&(plan.format, &plan.title, &plan.version));
    for input in &plan.inputs {
        hash.add(&canonical_input(input));
        let var = plan.var(input.var);
        hash.add(&var.map(|var| (&var.name, &var.ty, var.secret)));
    }
    for node in &plan.nodes {
        hash.add(&canonical(node));
    }
    hex(&hash.sha.finalize())
}

/// Feeds JSON to the hash, a value at a time.
struct Hash {
    sha: Sha256,
    text: Vec<u8>,
}

impl Hash {
    fn add(&mut self, value: &impl Serialize) {
        self.text.clear();
        let written = serde_json::to_writer(&mut self.text, value);
        debug_assert!(written.is_ok(), "plans serialise");
        self.text.push(b'\n');
        self.sha.update(&self.text);
    }
}

fn canonical_input(input: &Input) -> Input {
    let mut input = Input { description: None, ..input.clone() };
    for expr in input.default.iter_mut().chain(&mut input.condition) {
        strip(expr);
    }
    match &mut input.from {
        Some(super::InputSource::File(path)) => strip(path),
        Some(super::InputSource::Command(words)) => words.iter_mut().for_each(strip),
        _ => {}
    }
    input
}

pub(super) fn canonical(node: &Node) -> Node {
    let prose = node.prose.clone().filter(|_| node.is_decided_by_prose());
    let mut node = Node { prose, above: 0, span: Span::new(SourceId(0), 0, 0), ..node.clone() };
    node.exprs_mut(&mut |expr| strip(expr));
    match &mut node.op {
        Op::Do(effect) => effect.expects.iter_mut().for_each(forget_words),
        Op::Eval(Eval::Expect(expect) | Eval::Given(expect)) => forget_words(expect),
        Op::Group(group) => {
            if let Role::Step(step) = &mut group.role {
                step.hints.clear();
            }
        }
        _ => {}
    }
    node
}

fn forget_words(expect: &mut Expect) {
    expect.source.clear();
}

/// Takes the places out of an expression.
fn strip(expr: &mut Expr) {
    while let Expr::At(_, inner) = expr {
        *expr = std::mem::replace(inner, Expr::List(vec![]));
    }
    expr.parts_mut(&mut |part| strip(part));
}
