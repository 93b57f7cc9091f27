//! Who is needed for an approval, and who drives the run and is not one of them.

use std::collections::BTreeSet;
use std::fmt;

/// So many of a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quorum {
    /// How many people; at least 1.
    pub need: u32,
    /// The group.
    pub from: String,
}

/// Who is needed: one of the alternatives.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Needed {
    /// The alternatives, in the order written.
    pub quorum: Vec<Quorum>,
    /// Whether who drives the run may be one of them.
    pub self_approval: bool,
}

impl fmt::Display for Needed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let each = self.quorum.iter().map(|one| format!("{} from {}", one.need, one.from));
        f.write_str(&each.collect::<Vec<_>>().join(" or "))?;
        f.write_str(if self.self_approval { ", the operator may be one of them" } else { "" })
    }
}

/// Whether a person drives or has driven the run: by that name, or by the part of it before an `@`.
pub(super) fn is_operator(person: &str, operators: &BTreeSet<String>) -> bool {
    let local = |name: &str| name.split('@').next().unwrap_or_default().to_owned();
    operators.iter().any(|operator| operator == person || local(operator) == local(person))
}
