//! Types as they are written, turned into types.

use super::resolver::Resolver;
use super::types::{NAMED, named};
use crate::diag::retired::Of;
use crate::diag::{Diagnostic, codes, nearest};
use crate::syntax::tree::{Expr as TreeExpr, ExprKind, TypeExpr, TypeKind};
use crate::text::Span;
use crate::value::{Expr, Type};

/// A type as written, resolved; `choices` where `one of` names a value.
#[derive(Debug)]
pub(super) struct Written {
    pub(super) ty: Type,
    pub(super) choices: Option<Expr>,
}

impl<'a> Resolver<'a> {
    /// A type that is fixed in the file.
    pub(super) fn fixed_type(&mut self, written: &'a TypeExpr) -> Type {
        match &written.kind {
            TypeKind::Name(name) => self.named_type(name, written.span),
            TypeKind::List(item) => Type::List(Box::new(self.fixed_type(item))),
            TypeKind::Map(item) => Type::Map(Box::new(self.fixed_type(item))),
            TypeKind::OneOf(choices) => self.fixed_choices(choices),
        }
    }

    /// A type whose choices may be a value of the run (`ask`).
    pub(super) fn asked_type(&mut self, written: &'a TypeExpr) -> Written {
        if let TypeKind::OneOf(choices) = &written.kind
            && fixed_list(choices).is_none()
        {
            let list = self.expr(choices);
            let texts = Type::List(Box::new(Type::Text));
            let choices = self.fitted(list, &texts, choices.span, &"`one of` takes");
            return Written { ty: Type::Text, choices: Some(choices.expr) };
        }
        Written { ty: self.fixed_type(written), choices: None }
    }

    fn named_type(&mut self, name: &'a str, span: Span) -> Type {
        let name = self.in_use(Of::Type, name, span);
        if let Some(ty) = named(name) {
            return ty;
        }
        if let Some(whole) = whole_type(name) {
            let rest = self.behind(span);
            self.unread.push(rest);
            let ours = matches!(name, "one" | "list" | "map");
            let message = if ours {
                format!("the type `{name}` is not whole")
            } else {
                format!("no type is called `{name}`")
            };
            let report = Diagnostic::error(codes::UNKNOWN_TYPE, span, message);
            self.report(report.help(format!("write `{whole}`")).hides(rest));
            return Type::Unknown;
        }
        let known = NAMED.iter().map(|(name, _)| *name).chain(["list", "map", "one"]);
        let report = Diagnostic::error(codes::UNKNOWN_TYPE, span, format!("no type is called `{name}`"));
        let near = synonym(name).or_else(|| nearest(name, known));
        let report = match near {
            Some(near) => report.help(format!("write `{near}`")).guess(format!("write `{near}`"), span, near),
            None => report.help(format!("types are {}, `list of …`, `map of …`, `one of […]`", all_names())),
        };
        let rest = self.behind(span);
        // What `list`, `map` and `one` begin goes on, and what brackets hold belongs to the type before them.
        let goes_on = match near {
            Some(near) => whole_type(near).is_some(),
            None => self.words(rest).trim_start().starts_with(['[', '(', '<']),
        };
        let report = if goes_on { report.hides(rest) } else { report };
        self.report(report);
        Type::Unknown
    }

    fn fixed_choices(&mut self, choices: &'a TreeExpr) -> Type {
        if let Some(words) = fixed_list(choices) {
            return Type::OneOf(words);
        }
        let report =
            Diagnostic::error(codes::NOT_FIXED, choices.span, "these choices are not fixed in the file")
                .help("write `one of [\"a\", \"b\"]`; only `ask` takes its choices from a value");
        self.report(report);
        Type::Unknown
    }
}

/// How a type is written of which only the first word stands there.
fn whole_type(first: &str) -> Option<&'static str> {
    Some(match first {
        "one" | "enum" | "choice" | "choices" | "oneof" | "select" => "one of [\"a\", \"b\"]",
        "list" | "array" => "list of text",
        "map" | "dict" => "map of text",
        _ => return None,
    })
}

/// What other languages call our types.
fn synonym(name: &str) -> Option<&'static str> {
    Some(match name {
        "string" | "str" | "String" => "text",
        "boolean" => "bool",
        "integer" | "i64" => "int",
        "float" | "decimal" => "number",
        "file" | "dir" | "folder" => "path",
        "uri" => "url",
        "password" | "token" => "secret",
        "object" => "json",
        "bytes" => "size",
        "semver" => "version",
        "datetime" | "timestamp" | "date" => "time",
        _ => return None,
    })
}

fn all_names() -> String {
    NAMED.iter().map(|(name, _)| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

/// The texts of a list that is written out.
fn fixed_list(expr: &TreeExpr) -> Option<Vec<String>> {
    let ExprKind::List(items) = &expr.kind else { return None };
    items.iter().map(TreeExpr::fixed_text).collect()
}
