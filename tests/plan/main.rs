//! Specs from text to plan: each file of `cases/` is compiled and its plan (or what is wrong) is a snapshot.
#![expect(clippy::unwrap_used, clippy::disallowed_methods, reason = "tests read the repository")]

mod files;

use bowline::compile::{Compiled, compile};
use bowline::plan;
use files::Files;

/// What a test sees of a compilation: reports, then the plan.
fn told(compiled: &Compiled) -> String {
    let mut out = String::new();
    for one in &compiled.diagnostics {
        let place = compiled.sources.place(one.primary.span);
        out += &format!("{} {place} {}\n", one.code.id, one.message);
    }
    out + &compiled.plan.as_ref().map(plan::print).unwrap_or_default()
}

fn show(text: &str) -> String {
    let text = format!("runbook \"Test\" 1.0.0\n{text}");
    told(&compile(&Files::one(&text), "test.runbook"))
}

#[test]
fn try_it() {
    println!("{}", show(&std::fs::read_to_string("/tmp/t.runbook").unwrap()));
}
