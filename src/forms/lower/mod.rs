//! From statements to nodes: the arena, the sequence at hand, and what is inherited by statements inside.
//!
//! Statement kinds call this; it knows none of them but through the table.

mod answer;
mod called;
mod calls;
mod clauses;
mod elsewhere;
mod embed;
mod exprs;
mod finish;
mod mentions;
mod nodes;
mod operands;
mod options;
mod parts;
mod people;
mod scope;
pub(crate) use scope::Moment;
mod source;
mod step;
mod titles;
mod url;

use std::collections::HashMap;

pub(crate) use clauses::{Clauses, Side, named_text};
pub(crate) use mentions::{Called, Mention};
pub(crate) use operands::{condition, fixed, new_name, value, word};
use options::role;
pub(crate) use options::{given, has};
pub(crate) use parts::{Silent, StepParts, StepSource};
pub(crate) use source::{first_line, holds_any};
pub(crate) use url::url;

use super::Lower;
use crate::diag::{Code, Diagnostic};
use crate::plan::{
    Class, DueSince, Group, Handler, Mode, NamedText, Node, NodeId, Op, Plan, Role, Scenario, Variable, Watch,
};
use crate::program::{Draft, Form, Names, Program, Stmt};
use crate::text::{Sources, Span};
use crate::value::{Expr, Value, VarId};

/// The deepest nesting of groups in a plan, module bodies and called runbooks included.
pub(crate) const MAX_DEPTH: usize = 256;
/// The most nodes of a plan; module bodies count each time they are called.
pub(crate) const MAX_NODES: usize = if cfg!(test) { 20_000 } else { 4_000_000 };

/// What came of lowering: the lints, which need the whole plan, and the digest are still to come.
pub(super) struct Unsealed<'p> {
    pub(super) plan: Plan,
    pub(super) scenarios: Vec<Scenario>,
    /// What of the text could not be read.
    pub(super) unread: &'p [Span],
    pub(super) diagnostics: Vec<Diagnostic>,
}

/// What statements inside inherit.
#[derive(Clone, Debug)]
pub(crate) struct Context {
    /// Whether an effect that does not say `look` changes the world.
    pub(crate) class: Class,
    /// Variables of the environment that a step sets.
    pub(crate) env: Vec<NamedText>,
    /// The working folder of a step.
    pub(crate) dir: Option<Expr>,
    /// Whether programs get the real terminal.
    pub(crate) terminal: bool,
    /// The target where programs run and files are.
    pub(crate) on: Option<Expr>,
    /// Inside a rollback or restore, where module steps come without their own.
    pub(crate) undoing: bool,
    /// What a module step leaves unsaid here.
    pub(crate) silent: Silent,
    /// A limit for effects that have none of their own.
    pub(crate) timeout: Option<Expr>,
}

impl Context {
    /// Where nothing is set and effects only look.
    pub(crate) fn looking() -> Self {
        Self {
            class: Class::Looks,
            env: vec![],
            dir: None,
            terminal: false,
            on: None,
            undoing: false,
            silent: Silent::default(),
            timeout: None,
        }
    }

    /// What a rollback or restore inherits from its step.
    pub(crate) fn undoing(&self) -> Self {
        let silent = Silent { undo: true, done: true };
        Self { class: Class::Changes, undoing: true, silent, ..self.clone() }
    }
}

/// A lowering in progress.
pub(crate) struct Lowering<'p> {
    pub(crate) program: &'p Program,
    sources: &'p Sources,
    /// What `bowline.toml` names.
    config: Option<&'p Names>,
    vars: Vec<Variable>,
    nodes: Vec<Node>,
    /// What the variables of the file or definition at hand stand for.
    names: HashMap<VarId, Expr>,
    /// The children of the groups that are open, innermost last.
    children: Vec<Vec<NodeId>>,
    /// What is inherited here.
    pub(crate) context: Context,
    /// The steps that are open, innermost last.
    pub(crate) steps: Vec<StepParts<'p>>,
    /// What is watched in the scopes that are open (run and phases), innermost last.
    pub(crate) watches: Vec<Vec<Watch>>,
    /// What is done around the outcome.
    pub(crate) handlers: Vec<Handler>,
    /// What `return` sets.
    pub(crate) returns: Option<VarId>,
    /// The scenarios so far.
    pub(crate) scenarios: Vec<Scenario>,
    /// What they name, with the items that each gives to lists.
    mentions: Vec<(Vec<Mention>, Vec<String>)>,
    /// How many phases are open.
    pub(crate) phases: usize,
    /// How many called runbooks are open.
    pub(crate) called: usize,
    /// How many loops with turns side by side are open.
    pub(crate) side_by_side: usize,
    /// Steps by their fixed titles, and those who wait for them.
    titles: HashMap<String, NodeId>,
    dues: Vec<(NodeId, String, Span)>,
    depth: usize,
    too_large: bool,
    /// The parts of the text that could not be read, in order.
    unread: &'p [Span],
    diagnostics: Vec<Diagnostic>,
}

/// The plan of a program; `names` is what `bowline.toml` names.
pub(super) fn lower<'p>(
    program: &'p Program,
    sources: &'p Sources,
    names: Option<&'p Names>,
) -> Unsealed<'p> {
    let mut lowering = Lowering { config: names, ..Lowering::new(program, sources) };
    let inputs = lowering.run();
    lowering.finish(inputs)
}

/// A program of which a part is wrong already.
pub(super) fn lower_draft<'p>(
    draft: &'p Draft,
    sources: &'p Sources,
    names: Option<&'p Names>,
) -> Unsealed<'p> {
    let unread = draft.unread();
    let mut lowering = Lowering { config: names, unread, ..Lowering::new(draft.program(), sources) };
    let inputs = lowering.run();
    lowering.finish(inputs)
}

impl<'p> Lowering<'p> {
    fn new(program: &'p Program, sources: &'p Sources) -> Self {
        // A line makes about one node, and a node is large: room to grow would be copied often.
        let lines = sources.iter().next().map_or(0, |source| source.text().lines().count());
        Self {
            program,
            sources,
            config: None,
            vars: vec![],
            nodes: Vec::with_capacity(lines),
            names: HashMap::new(),
            children: vec![],
            context: Context::looking(),
            steps: vec![],
            watches: vec![vec![]],
            handlers: vec![],
            returns: None,
            scenarios: vec![],
            mentions: vec![],
            phases: 0,
            called: 0,
            side_by_side: 0,
            titles: HashMap::new(),
            dues: vec![],
            depth: 0,
            too_large: false,
            unread: &[],
            diagnostics: vec![],
        }
    }

    /// With another context for what `make` makes.
    pub(crate) fn within<T>(&mut self, context: Context, make: impl FnOnce(&mut Self) -> T) -> T {
        let outer = std::mem::replace(&mut self.context, context);
        let result = make(self);
        self.context = outer;
        result
    }

    /// Lowers statements into the sequence at hand.
    pub(crate) fn stmts(&mut self, stmts: &'p [Stmt]) {
        if self.too_large {
            return;
        }
        if self.depth >= MAX_DEPTH {
            return self.refuse_depth(stmts);
        }
        self.depth += 1;
        for stmt in stmts {
            self.stmt(stmt);
        }
        self.depth -= 1;
    }

    /// Lowers statements that stand beside each other: each becomes exactly one node.
    pub(crate) fn items(&mut self, stmts: &'p [Stmt]) {
        for stmt in stmts {
            if is_lone(stmt) {
                self.stmts(std::slice::from_ref(stmt));
            } else {
                let id = self.open(stmt.span);
                self.set_above(id, stmt);
                let children = self.gather(|low| low.stmts(std::slice::from_ref(stmt)));
                self.fill(id, group(Role::Block, children));
            }
        }
    }

    fn stmt(&mut self, stmt: &'p Stmt) {
        if self.nodes.len() >= MAX_NODES {
            return self.refuse_size(stmt.span);
        }
        let place = self.children.last().map_or(0, Vec::len);
        if !self.is_embedded(stmt) {
            stmt.calls.iter().for_each(|call| self.ask(call));
        }
        match super::lower_of(stmt.schema) {
            Lower::Statement(lower) | Lower::Both(lower, _) => lower(stmt, self),
            Lower::Clause(_) | Lower::Head => {}
        }
        if let Some(id) = self.children.last().and_then(|children| children.get(place)).copied() {
            self.set_above(id, stmt);
        }
    }

    /// Remembers a step by its fixed title.
    pub(crate) fn name_step(&mut self, title: &Expr, id: NodeId) {
        if let Some(title) = fixed_text(title) {
            self.titles.entry(title).or_insert(id);
        }
    }

    /// Remembers that a step's due time counts from the end of another, which may stand later.
    pub(crate) fn due_after(&mut self, step: NodeId, title: String, span: Span) -> DueSince {
        self.dues.push((step, title, span));
        DueSince::Step(step)
    }

    /// What `bowline.toml` names; `None` where there is none.
    pub(crate) fn names(&self) -> Option<&'p Names> {
        self.config
    }

    /// The nodes made so far; the next one stands there.
    pub(crate) fn position(&self) -> usize {
        self.nodes.len()
    }

    /// Reports an error.
    pub(crate) fn error(&mut self, code: Code, span: Span, message: impl Into<String>, help: &str) {
        self.report(Diagnostic::error(code, span, message).help(help));
    }

    /// Reports anything.
    pub(crate) fn report(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }
}

/// A group in sequence.
pub(crate) fn group(role: Role, children: Vec<NodeId>) -> Op {
    Op::Group(Box::new(Group { role, mode: Mode::Sequence, children }))
}

/// A text that is known.
pub(crate) fn text(text: &str) -> Expr {
    Expr::Const(Value::Text(text.into()))
}

/// The text of an expression that holds nothing else.
pub(crate) fn fixed_text(expr: &Expr) -> Option<String> {
    match expr {
        Expr::Const(Value::Text(text)) => Some(text.to_string()),
        Expr::At(_, inner) => fixed_text(inner),
        Expr::Text(pieces) => pieces.iter().try_fold(String::new(), |text, piece| match piece {
            crate::value::Piece::Text(more) => Some(text + more),
            crate::value::Piece::Value(_) => None,
        }),
        _ => None,
    }
}

/// Whether a statement becomes exactly one node: no check is asked and no parameter set before it.
fn is_lone(stmt: &Stmt) -> bool {
    let calls = |stmt: &Stmt| matches!(stmt.form, Form::Call(_));
    stmt.calls.is_empty() && !calls(stmt) && !stmt.body.iter().any(calls)
}
