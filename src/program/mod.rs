//! The program: a tree whose names are resolved and whose types are checked.
//!
//! Knows statements only through their [`Schema`]s, which `forms` hands in; a new kind passes
//! through here unseen. What is resolved cannot hold anything unresolved: expressions are
//! [`crate::value::Expr`], statements point at their schema, calls at their definition.

mod alone;
mod arguments;
mod around;
mod assigned;
mod bare;
mod block;
mod call;
mod compared;
mod cycle;
mod deprecated;
mod effect;
mod expr;
mod file;
mod fit;
mod flow;
mod foreign;
mod form;
mod glued;
mod habits;
mod head;
mod input;
mod inputs;
mod items;
mod kinds;
mod loss;
mod matched;
mod mention;
mod miscalled;
mod misfits;
mod misspelt;
mod miswritten;
mod module;
mod named;
mod names;
mod operators;
mod parts;
mod place;
mod prose;
mod quoted;
mod reference;
mod resolver;
mod rest;
mod retired;
mod schema;
mod scope;
mod script;
mod slot;
mod spans;
mod statement;
mod stmt;
mod template;
mod types;
mod unread;
mod unused;
mod version;
mod words;
mod written;

pub use form::option_form;
pub(crate) use habits::is_said_otherwise;
pub use input::{GroupSize, Link, Names, ResolveInput, Unit, Use, UseKind, uses};
pub use mention::{Index, NamedDef};
pub use reference::{reference, schema_section};
pub use schema::{BlockOf, Flow, OptionSpec, Part, Place, Schema, SlotKind, TailOf};
pub use stmt::{
    Arg, Bind, Block, Call, Def, DefId, DefKind, Form, GivenOption, Input, InputSource, Mention, Named,
    Operand, Param, Program, Stmt, Tail, Variable, Word,
};
pub use types::type_names;

use crate::diag::{Diagnostic, Severity, codes};
use crate::syntax::tree::Tree;
use crate::text::Span;

/// What came of resolving.
#[derive(Debug, Default)]
pub enum Resolved {
    /// All of it is right, warnings aside.
    Whole(Program),
    /// Something is wrong.
    Draft(Draft),
    /// Too little of it can be read to say more.
    #[default]
    Nothing,
}

impl Resolved {
    /// The program, if all of it is right.
    #[must_use]
    pub fn whole(self) -> Option<Program> {
        match self {
            Self::Whole(program) => Some(program),
            Self::Draft(_) | Self::Nothing => None,
        }
    }

    /// What it is where those parts of the text, in order, could not be read as well.
    #[must_use]
    pub fn without(self, mut unread: Vec<Span>) -> Self {
        match self {
            whole if unread.is_empty() => whole,
            Self::Whole(program) => Self::Draft(Draft { program, unread }),
            Self::Draft(mut draft) => {
                draft.unread.append(&mut unread);
                draft.unread.sort_unstable();
                Self::Draft(draft)
            }
            Self::Nothing => Self::Nothing,
        }
    }
}

/// A program in which something is wrong: it cannot become a plan, and is kept so that what else is wrong can be told.
#[derive(Debug)]
pub struct Draft {
    program: Program,
    /// The parts of the text that could not be read, in order.
    unread: Vec<Span>,
}

impl Resolved {
    /// Takes the names out of it, as far as they could be resolved.
    #[must_use]
    pub fn take_index(&mut self) -> Index {
        match self {
            Self::Whole(program) | Self::Draft(Draft { program, .. }) => Index::of(program),
            Self::Nothing => Index::default(),
        }
    }
}

impl Draft {
    /// What of it is right; values of what is not are unknown.
    pub(crate) fn program(&self) -> &Program {
        &self.program
    }

    /// The parts of the text that could not be read, in order: what seems to be missing may be there.
    pub(crate) fn unread(&self) -> &[Span] {
        &self.unread
    }
}

/// Resolves names and checks types. The diagnostics come in the order of their places, the runbook's first.
#[must_use]
pub fn resolve(input: ResolveInput<'_>) -> (Resolved, Vec<Diagnostic>) {
    let mut resolver = resolver::Resolver::new(input);
    resolver.runbooks.insert(input.runbook.tree.source, None);
    let Some(runbook) = resolver.runbook() else { return (Resolved::Nothing, resolver.told()) };
    let diagnostics = resolver.told();
    let endless = |one: &Diagnostic| one.code == codes::CYCLE || one.code == codes::TOO_DEEP;
    if diagnostics.iter().any(endless) {
        return (Resolved::Nothing, diagnostics);
    }
    let program = Program {
        title: runbook.title,
        version: runbook.version,
        prose: runbook.prose,
        vars: resolver.vars.into(),
        inputs: runbook.inputs,
        body: runbook.body,
        mentions: resolver.mentions,
        defs: resolver.defs.into_iter().map(resolver::DefSlot::into_def).collect(),
    };
    // A module that cannot be had is reported with the files.
    let wrong =
        resolver.lacks_modules || diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error);
    resolver.unread.sort_unstable();
    let draft = |program| Resolved::Draft(Draft { program, unread: resolver.unread });
    (if wrong { draft(program) } else { Resolved::Whole(program) }, diagnostics)
}

/// Whether a file begins as a module: it can be checked, and never run by itself.
#[must_use]
pub fn is_module(tree: &Tree) -> bool {
    file::kind_of_file(tree) == file::FileKind::Module
}

/// Checks a module by itself; its file is the `runbook` of the input, and among its `files`. It comes as a draft that calls each
/// of its definitions, with its names and with what is reported.
#[must_use]
pub fn check_module(input: ResolveInput<'_>) -> (Resolved, Index, Vec<Diagnostic>) {
    let mut resolver = resolver::Resolver::new(input);
    let source = input.runbook.tree.source;
    resolver.load_module(source, Span::new(source, 0, 0));
    let told = resolver.told();
    let named = |def: &resolver::DefSlot| NamedDef { kind: def.kind, name: def.name.clone(), span: def.span };
    let defs = resolver.defs.iter().map(named).collect();
    let index = Index::new(std::mem::take(&mut resolver.mentions), resolver.vars.clone().into(), defs);
    let endless = |one: &Diagnostic| one.code == codes::CYCLE || one.code == codes::TOO_DEEP;
    let alone = if told.iter().any(endless) { None } else { resolver.module_alone(input.runbook) };
    (alone.map_or(Resolved::Nothing, Resolved::Draft), index, told)
}

#[cfg(test)]
mod tests;
