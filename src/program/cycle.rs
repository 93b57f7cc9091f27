//! Definitions that call themselves, directly or through others: a plan of theirs would never end.

use super::resolver::{DefSlot, Resolver};
use crate::diag::{Diagnostic, codes};
use crate::text::Span;

/// How far a definition is looked through.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Seen {
    No,
    Open,
    Done,
}

impl Resolver<'_> {
    /// Reports each circle of definitions once, at the call that closes it.
    pub(super) fn check_cycles(&mut self) {
        let mut seen = vec![Seen::No; self.defs.len()];
        let mut reports = vec![];
        for start in 0..self.defs.len() {
            walk(&self.defs, start, &mut seen, &mut reports);
        }
        for (span, path) in reports {
            let message = format!("this calls itself and would never end: {path}");
            self.report(
                Diagnostic::error(codes::CYCLE, span, message).help("use `repeat` to do something again"),
            );
        }
    }
}

/// Depth first, without recursion: a stack of definitions with the next call of each.
fn walk(defs: &[DefSlot], start: usize, seen: &mut [Seen], reports: &mut Vec<(Span, String)>) {
    if seen.get(start) != Some(&Seen::No) {
        return;
    }
    let mut stack = vec![(start, 0)];
    set(seen, start, Seen::Open);
    while let Some((def, next)) = stack.last_mut() {
        let call = defs.get(*def).and_then(|slot| slot.calls.get(*next));
        *next += 1;
        let Some((callee, span)) = call else {
            set(seen, *def, Seen::Done);
            stack.pop();
            continue;
        };
        let callee = callee.0 as usize;
        match seen.get(callee) {
            Some(Seen::No) => {
                set(seen, callee, Seen::Open);
                stack.push((callee, 0));
            }
            Some(Seen::Open) => reports.push((*span, circle(defs, &stack, callee))),
            Some(Seen::Done) | None => {}
        }
    }
}

fn set(seen: &mut [Seen], at: usize, state: Seen) {
    if let Some(slot) = seen.get_mut(at) {
        *slot = state;
    }
}

fn circle(defs: &[DefSlot], stack: &[(usize, usize)], back: usize) -> String {
    let from = stack.iter().position(|(def, _)| *def == back).unwrap_or_default();
    let open = stack.iter().skip(from).map(|(def, _)| *def).chain([back]);
    let names = open.filter_map(|def| defs.get(def)).map(|slot| format!("`{}`", slot.name));
    names.collect::<Vec<_>>().join(" → ")
}
