//! A value that fits hardly anywhere: where several places take the same other type than it is of, they are one report, which
//! points at where the value gets its type.

use std::collections::BTreeMap;

use crate::diag::{Diagnostic, Misfit, codes};
use crate::text::Span;

/// So many ways to turn the value into what is taken are named.
const MOST_WAYS: usize = 2;
/// So many places are pointed at.
const MOST_PLACES: usize = 8;

/// The reports, those of a value that fits hardly anywhere as one.
pub(super) fn by_declaration(told: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let mut misfits: BTreeMap<(Span, String), (Misfit, Vec<Diagnostic>)> = BTreeMap::new();
    let mut rest = vec![];
    for mut report in told {
        match report.misfit.take() {
            Some(misfit) => {
                let of = (misfit.declared, misfit.taken.clone());
                misfits.entry(of).or_insert((misfit, vec![])).1.push(report);
            }
            None => rest.push(report),
        }
    }
    for (misfit, places) in misfits.into_values() {
        if places.len() > 1 && places.len() * 2 >= misfit.uses {
            rest.push(as_one(&misfit, places));
        } else {
            rest.extend(places);
        }
    }
    rest
}

/// One report of several.
fn as_one(misfit: &Misfit, places: Vec<Diagnostic>) -> Diagnostic {
    let message = format!("{}, and {} places take {}", misfit.what, places.len(), misfit.taken);
    let mut ways: Vec<String> = places.iter().filter_map(|one| one.help.first()).cloned().collect();
    ways.dedup();
    let report = Diagnostic::error(codes::TYPE_MISMATCH, misfit.declared, message);
    let report = places
        .into_iter()
        .take(MOST_PLACES)
        .fold(report, |report, one| report.also(one.primary.span, one.message))
        .help("give it the type that they take, or turn it into that where it is used");
    ways.into_iter().take(MOST_WAYS).fold(report, Diagnostic::help)
}
