//! The program: a tree whose names are resolved and whose types are checked.
//!
//! Knows statements only through their [`Schema`]s, which `forms` hands in; a new kind passes
//! through here unseen. What is resolved cannot hold anything unresolved: expressions are
//! [`crate::value::Expr`], statements point at their schema, calls at their definition.

mod arguments;
mod block;
mod call;
mod cycle;
mod expr;
mod file;
mod flow;
mod head;
mod input;
mod inputs;
mod items;
mod kinds;
mod loss;
mod matched;
mod module;
mod named;
mod names;
mod operators;
mod place;
mod resolver;
mod schema;
mod scope;
mod slot;
mod spans;
mod statement;
mod stmt;
mod types;
mod words;
mod written;

pub use input::{GroupSize, Link, Names, ResolveInput, Unit, Use, UseKind, uses};
pub use schema::{BlockOf, Flow, OptionSpec, Part, Place, Schema, SlotKind, TailOf};
pub use stmt::{
    Arg, Bind, Call, Def, DefId, DefKind, Form, Given, Input, InputSource, Operand, Param, Program, Stmt,
    Tail, Variable, Word,
};

use crate::diag::{Diagnostic, Severity};
use crate::syntax::tree::Tree;
use crate::text::Span;

/// Resolves names and checks types. The program is there if nothing is wrong with it (warnings aside);
/// the diagnostics come in the order of their places, the runbook's first.
#[must_use]
pub fn resolve(input: ResolveInput<'_>) -> (Option<Program>, Vec<Diagnostic>) {
    let mut resolver = resolver::Resolver::new(input);
    resolver.runbooks.insert(input.runbook.tree.source, None);
    let Some(runbook) = resolver.runbook() else { return (None, resolver.told()) };
    let diagnostics = resolver.told();
    if diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error) {
        return (None, diagnostics);
    }
    let defs: Option<Vec<Def>> = resolver.defs.into_iter().map(|slot| slot.built).collect();
    let program = defs.map(|defs| Program {
        title: runbook.title,
        version: runbook.version,
        prose: runbook.prose,
        vars: resolver.vars,
        inputs: runbook.inputs,
        body: runbook.body,
        defs,
    });
    (program, diagnostics)
}

/// Whether a file begins as a module: it can be checked, and never run by itself.
#[must_use]
pub fn is_module(tree: &Tree) -> bool {
    file::kind_of_file(tree) == file::FileKind::Module
}

/// Checks a module by itself; its file is the `runbook` of the input, and among its `files`.
#[must_use]
pub fn check_module(input: ResolveInput<'_>) -> Vec<Diagnostic> {
    let mut resolver = resolver::Resolver::new(input);
    let source = input.runbook.tree.source;
    resolver.load_module(source, Span::new(source, 0, 0));
    resolver.told()
}

#[cfg(test)]
mod tests;
