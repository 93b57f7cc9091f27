//! Expressions as a reader sees them: values filled in, what is not known yet marked.

use std::collections::HashMap;

use super::named::named;
use crate::plan::{NodeId, Plan};
use crate::value::{Expr, Piece, Scope, Value, VarId, eval, shell_word, show};

/// What is known before a run: inputs given, and constants made of them.
pub struct Known<'a> {
    pub(super) plan: &'a Plan,
    values: HashMap<VarId, Value>,
    origins: HashMap<VarId, Origin>,
    /// Where the reader is: what is bound here needs no origin.
    pub(super) here: Origin,
}

/// What gives a value: a step or check with its title, or nothing that has one.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Origin {
    pub(super) node: Option<NodeId>,
    pub(super) title: String,
}

impl Scope for Known<'_> {
    fn get(&self, var: VarId) -> Option<&Value> {
        self.values.get(&var)
    }
}

impl<'a> Known<'a> {
    /// Knows these values of the plan's variables.
    #[must_use]
    pub fn new(plan: &'a Plan, values: HashMap<VarId, Value>) -> Self {
        Self { plan, values, origins: HashMap::new(), here: Origin::default() }
    }

    /// The value is known from now on, if it can be computed; else it comes from where its parts do.
    pub(super) fn learn(&mut self, var: VarId, expr: &Expr) -> bool {
        if let Ok(value) = eval(expr, self) {
            self.values.insert(var, value);
            return true;
        }
        let mut origin = None;
        expr.vars(&mut |part| origin = origin.take().or_else(|| self.origins.get(&part).cloned()));
        self.origins.entry(var).or_insert(origin.unwrap_or_else(|| self.here.clone()));
        false
    }

    /// The value will be known once what the reader is at is done.
    pub(super) fn known_after(&mut self, var: VarId, origin: Origin) {
        self.origins.entry(var).or_insert(origin);
    }

    /// The value of a variable as shown, if it is known.
    pub(super) fn value(&self, var: VarId) -> Option<String> {
        self.values.get(&var).map(show)
    }

    /// Whether an expression can be computed.
    pub(super) fn truth(&self, expr: &Expr) -> Option<bool> {
        match eval(expr, self) {
            Ok(Value::Bool(truth)) => Some(truth),
            _ => None,
        }
    }

    pub(super) fn name(&self, var: VarId) -> &str {
        self.plan.var(var).map_or("?", |variable| &variable.name)
    }

    fn variable(&self, var: VarId, brief: bool) -> String {
        if let Some(value) = self.values.get(&var) {
            return show(value);
        }
        let name = self.name(var);
        if self.plan.var(var).is_some_and(|variable| variable.secret) {
            return format!("⟨secret {name}⟩");
        }
        let elsewhere =
            self.origins.get(&var).filter(|origin| origin.node.is_some() && **origin != self.here);
        match elsewhere {
            Some(origin) if !brief => format!("⟨{name}, known after \"{}\"⟩", origin.title),
            _ => format!("⟨{name}⟩"),
        }
    }

    /// An expression as shown: its value if it is known, else its text with the unknown marked.
    #[must_use]
    pub fn show(&self, expr: &Expr) -> String {
        self.shown(expr, false)
    }

    /// The same in a title: what is unknown by its name alone.
    #[must_use]
    pub fn brief(&self, expr: &Expr) -> String {
        self.shown(expr, true)
    }

    fn shown(&self, expr: &Expr, brief: bool) -> String {
        match eval(expr, self) {
            Ok(value) => show(&value),
            Err(_) => self.open(expr, brief),
        }
    }

    /// The titles that lead to a node, parted by ` / `; of the run itself none. `parents` are those of the plan.
    #[must_use]
    pub fn path(&self, node: NodeId, parents: &[NodeId]) -> String {
        let up = |at: &NodeId| parents.get(at.0 as usize).copied().filter(|_| *at != Plan::ROOT);
        let around = std::iter::successors(Some(node), up).filter(|at| *at != Plan::ROOT);
        let mut titles: Vec<String> = around.filter_map(|at| self.title(at)).collect();
        titles.reverse();
        titles.join(" / ")
    }

    /// The title of a node, if it has one.
    #[must_use]
    pub fn title(&self, node: NodeId) -> Option<String> {
        self.plan.node(node)?.title.as_ref().map(|title| self.brief(title))
    }

    /// A command-line word as a shell would need it, so that a reader sees where it begins and ends.
    #[must_use]
    pub fn word(&self, expr: &Expr, splice: bool) -> String {
        match (eval(expr, self), splice) {
            (Ok(Value::List(items)), true) => {
                items.iter().map(|item| shell_word(&show(item))).collect::<Vec<_>>().join(" ")
            }
            (Ok(value), false) => shell_word(&show(&value)),
            (_, true) => format!("{}…", self.open(expr, false)),
            (Err(_), false) => {
                let open = self.open(expr, false);
                if self.needs_quotes(expr) { shell_word(&open) } else { open }
            }
        }
    }

    /// Whether what is known of a word would be several to a shell; the marks of what is not are not counted.
    fn needs_quotes(&self, expr: &Expr) -> bool {
        // Brackets part nothing: they may be the index of what is unknown.
        let needs =
            |text: &str| text.split(['[', ']']).any(|part| !part.is_empty() && shell_word(part) != part);
        match expr {
            Expr::At(_, inner) | Expr::Convert(_, inner) => self.needs_quotes(inner),
            Expr::Text(pieces) => pieces.iter().any(|piece| match piece {
                Piece::Text(text) => needs(text),
                Piece::Value(value) => eval(value, self).is_ok_and(|value| needs(&show(&value))),
            }),
            _ => false,
        }
    }

    fn open(&self, expr: &Expr, brief: bool) -> String {
        let list =
            |items: &[Expr]| items.iter().map(|item| self.shown(item, brief)).collect::<Vec<_>>().join(", ");
        match expr {
            Expr::At(_, inner) | Expr::Convert(_, inner) => self.open(inner, brief),
            Expr::Var(var) => self.variable(*var, brief),
            Expr::Text(pieces) => pieces.iter().map(|piece| self.piece(piece, brief)).collect(),
            Expr::List(items) => format!("[{}]", list(items)),
            Expr::Map(entries) => {
                let each = entries.iter().map(|(key, value)| format!("{key}: {}", self.shown(value, brief)));
                format!("{{ {} }}", each.collect::<Vec<_>>().join(", "))
            }
            Expr::Field(inner, name) => format!("{}.{name}", self.open(inner, brief)),
            Expr::Index(inner, key) => format!("{}[{}]", self.open(inner, brief), self.shown(key, brief)),
            // An encoding or a trimming is none of a reader's business; what it is made of is.
            Expr::Call(crate::value::Function::UrlPart | crate::value::Function::Trim, args) => {
                args.first().map(|arg| self.shown(arg, brief)).unwrap_or_default()
            }
            Expr::Const(value) => show(value),
            _ => format!("⟨{}⟩", named(self.plan, expr)),
        }
    }

    fn piece(&self, piece: &Piece, brief: bool) -> String {
        match piece {
            Piece::Text(text) => text.clone(),
            Piece::Value(value) => self.shown(value, brief),
        }
    }
}
