//! The values of one scope: the run, a turn of a loop, a look, an undo.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::FrameId;
use crate::value::{Scope, Value, VarId};

/// Variables with their values.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Vars(BTreeMap<VarId, Value>);

impl Vars {
    /// The value of a variable.
    #[must_use]
    pub fn get(&self, var: VarId) -> Option<&Value> {
        self.0.get(&var)
    }

    /// All of them, in the order of their ids.
    pub fn iter(&self) -> impl Iterator<Item = (VarId, &Value)> {
        self.0.iter().map(|(var, value)| (*var, value))
    }

    pub(crate) fn set(&mut self, var: VarId, value: Value) {
        self.0.insert(var, value);
    }

    pub(super) fn extend(&mut self, other: &Self) {
        self.0.extend(other.0.iter().map(|(var, value)| (*var, value.clone())));
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Scope for Vars {
    fn get(&self, var: VarId) -> Option<&Value> {
        self.get(var)
    }
}

impl FromIterator<(VarId, Value)> for Vars {
    fn from_iter<I: IntoIterator<Item = (VarId, Value)>>(values: I) -> Self {
        Self(values.into_iter().collect())
    }
}

/// The values of a turn that is over, as what it owes still sees them.
#[derive(Clone, Debug, PartialEq)]
pub struct Turn {
    /// The frame of the turn.
    pub frame: FrameId,
    /// What it bound.
    pub vars: Vars,
}

/// Turns within each other, innermost first.
impl Scope for &[Arc<Turn>] {
    fn get(&self, var: VarId) -> Option<&Value> {
        self.iter().find_map(|turn| turn.vars.get(var))
    }
}
