//! Where names stand in the text, for those who go from one to the other.
//!
//! Knows nothing of statements: the resolver notes a name where it binds one or finds out what one means.

use std::sync::Arc;

use super::{Def, DefId, DefKind, Mention, Program, Variable};
use crate::text::Span;
use crate::value::VarId;

/// The names of a program.
#[derive(Debug, Default)]
pub struct Index {
    /// Every name, in the order of places.
    pub mentions: Vec<Mention>,
    /// What [`Named::Var`] names.
    pub vars: Arc<[Variable]>,
    /// What [`Named::Def`] names.
    pub defs: Vec<NamedDef>,
}

/// A definition, as names lead to it.
#[derive(Debug)]
pub struct NamedDef {
    /// What it is.
    pub kind: DefKind,
    /// `module.name`, or the file of a called runbook.
    pub name: String,
    /// Its signature; of a runbook its first line.
    pub span: Span,
}

impl Index {
    pub(super) fn new(mut mentions: Vec<Mention>, vars: Arc<[Variable]>, defs: Vec<NamedDef>) -> Self {
        mentions.sort_by_key(|one| (one.span, one.binds));
        mentions.dedup();
        Self { mentions, vars, defs }
    }

    /// Takes the names out of a program, which goes on without them.
    #[must_use]
    pub fn of(program: &mut Program) -> Self {
        let named = |def: &Def| NamedDef { kind: def.kind, name: def.name.clone(), span: def.span };
        let defs = program.defs.iter().map(named).collect();
        Self::new(std::mem::take(&mut program.mentions), Arc::clone(&program.vars), defs)
    }

    /// A variable.
    #[must_use]
    pub fn var(&self, var: VarId) -> Option<&Variable> {
        self.vars.get(var.0 as usize)
    }

    /// A definition.
    #[must_use]
    pub fn def(&self, def: DefId) -> Option<&NamedDef> {
        self.defs.get(def.0 as usize)
    }
}
