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
        // In capitals, only the word itself is wrong where `of` follows.
        let small = name.to_ascii_lowercase();
        let has_of = self.words(self.behind(span)).trim_start().starts_with("of ");
        if let Some(whole) = whole_type(&small).filter(|_| small == name || !has_of) {
            self.half_a_type(name, whole, span);
            return Type::Unknown;
        }
        let known = NAMED.iter().map(|(name, _)| *name).chain(["list", "map", "one"]);
        let report = Diagnostic::error(codes::UNKNOWN_TYPE, span, format!("no type is called `{name}`"));
        let near = synonym(name).or_else(|| synonym(name.trim_end_matches('s')));
        let near = near.or_else(|| nearest(name, known));
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

    /// Reports a type of which only the first word stands there,.
    fn half_a_type(&mut self, name: &str, whole: &str, span: Span) {
        let rest = self.behind(span);
        self.unread.push(rest);
        let ours = matches!(name, "one" | "list" | "map");
        let message = if ours {
            format!("the type `{name}` is not whole")
        } else {
            format!("no type is called `{name}`")
        };
        let report = Diagnostic::error(codes::UNKNOWN_TYPE, span, message).hides(rest);
        self.report(match self.in_brackets(whole, rest) {
            Some((brackets, of)) => {
                let meant = format!("{} of {of}", first_word(whole));
                let write = format!("write `{meant}`");
                report.help(&write).guess(&write, span.to(brackets), meant)
            }
            None => report.help(format!("write `{whole}`")),
        });
    }

    /// The brackets right behind a type, and how what stands in them is written behind `of`.
    fn in_brackets(&self, whole: &str, rest: Span) -> Option<(Span, String)> {
        let words = self.words(rest);
        let list = words.trim_start().trim_start_matches("of ").trim_start();
        let opener = list.chars().next()?;
        let closer = [('[', ']'), ('<', '>'), ('(', ')')].iter().find(|pair| pair.0 == opener)?.1;
        let (inside, _) = list.strip_prefix(opener)?.split_once(closer)?;
        let length = u32::try_from(words.len() - list.len() + inside.len()).ok()? + 2;
        let brackets = Span { end: rest.start + length, ..rest };
        let item = inside.rsplit(',').next()?.trim();
        let of = match first_word(whole) {
            "one" if inside.contains('"') => format!("[{inside}]"),
            "one" => return None,
            _ => synonym(item).or_else(|| named(item).map(|_| item))?.to_owned(),
        };
        Some((brackets, of))
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

fn first_word(text: &str) -> &str {
    text.split(' ').next().unwrap_or_default()
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
