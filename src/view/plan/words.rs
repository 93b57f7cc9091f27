//! Expressions as a reader sees them: values filled in, what is not known yet marked.

use std::collections::HashMap;

use crate::plan::Plan;
use crate::value::{Expr, Piece, Scope, Value, VarId, eval};

/// What is known before a run: inputs given, and constants made of them.
pub struct Known<'a> {
    plan: &'a Plan,
    values: HashMap<VarId, Value>,
    origins: HashMap<VarId, String>,
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
        Self { plan, values, origins: HashMap::new() }
    }

    /// The value is known from now on, if it can be computed.
    pub(super) fn learn(&mut self, var: VarId, expr: &Expr) {
        if let Ok(value) = eval(expr, self) {
            self.values.insert(var, value);
        }
    }

    /// The value will be known once the thing of that title is done.
    pub(super) fn known_after(&mut self, var: VarId, title: &str) {
        self.origins.entry(var).or_insert_with(|| title.to_owned());
    }

    /// The value of a variable as shown.
    #[must_use]
    pub fn variable(&self, var: VarId) -> String {
        match (self.values.get(&var), self.plan.var(var)) {
            (Some(value), _) => show(value),
            (None, Some(variable)) if variable.secret => format!("⟨secret {}⟩", variable.name),
            (None, variable) => self.unknown(var, variable.map_or("?", |variable| &variable.name)),
        }
    }

    fn unknown(&self, var: VarId, name: &str) -> String {
        match self.origins.get(&var) {
            Some(title) if title != name => format!("⟨{name}, known after \"{title}\"⟩"),
            _ => format!("⟨{name}⟩"),
        }
    }

    /// An expression as shown: its value if it is known, else its text with the unknown marked.
    #[must_use]
    pub fn show(&self, expr: &Expr) -> String {
        match eval(expr, self) {
            Ok(value) => show(&value),
            Err(_) => self.open(expr),
        }
    }

    /// A command-line word as a shell would need it, so that a reader sees where it begins and ends.
    #[must_use]
    pub fn word(&self, expr: &Expr, splice: bool) -> String {
        match (eval(expr, self), splice) {
            (Ok(Value::List(items)), true) => {
                items.iter().map(|item| quoted(&show(item))).collect::<Vec<_>>().join(" ")
            }
            (Ok(value), false) => quoted(&show(&value)),
            (_, true) => format!("{}…", self.open(expr)),
            (Err(_), false) => self.open(expr),
        }
    }

    fn open(&self, expr: &Expr) -> String {
        match expr {
            Expr::At(_, inner) | Expr::Convert(_, inner) => self.open(inner),
            Expr::Var(var) => self.variable(*var),
            Expr::Text(pieces) => pieces.iter().map(|piece| self.piece(piece)).collect(),
            Expr::List(items) => {
                format!("[{}]", items.iter().map(|item| self.show(item)).collect::<Vec<_>>().join(", "))
            }
            Expr::Map(entries) => {
                let each = entries.iter().map(|(key, value)| format!("{key}: {}", self.show(value)));
                format!("{{ {} }}", each.collect::<Vec<_>>().join(", "))
            }
            Expr::Field(inner, name) => format!("{}.{name}", self.open(inner)),
            Expr::Index(inner, key) => format!("{}[{}]", self.open(inner), self.show(key)),
            Expr::Not(inner) => format!("not {}", self.show(inner)),
            Expr::Call(_, args) => args.iter().map(|arg| self.show(arg)).collect::<Vec<_>>().join(", "),
            Expr::Jq { input, program, .. } => format!("jq({}, '{program}')", self.open(input)),
            Expr::Const(value) => show(value),
            Expr::Neg(_) | Expr::Binary(..) | Expr::If(..) => "⟨computed⟩".to_owned(),
        }
    }

    fn piece(&self, piece: &Piece) -> String {
        match piece {
            Piece::Text(text) => text.clone(),
            Piece::Value(value) => self.show(value),
        }
    }
}

/// A value as shown; a secret by its name only.
pub(super) fn show(value: &Value) -> String {
    match value {
        Value::Secret(secret) => format!("⟨secret {}⟩", secret.origin),
        other => other.to_text(),
    }
}

/// A word in quotes where a reader could not see its borders otherwise.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "-_./:=@%+,⟨⟩".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', "'\\''"))
    }
}
