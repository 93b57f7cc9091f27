//! What the functions of the language take and give, for the resolver.

use crate::value::{Function, Type};

/// What a parameter takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    Text,
    Regex,
    List,
    Map,
    Any,
}

const TABLE: &[(&str, Function, &str, &[Shape])] = &[
    ("capture", Function::Capture, "capture(text, /pattern/)", &[Shape::Text, Shape::Regex]),
    ("count", Function::Count, "count(list)", &[Shape::Any]),
    ("lower", Function::Lower, "lower(text)", &[Shape::Text]),
    ("upper", Function::Upper, "upper(text)", &[Shape::Text]),
    ("trim", Function::Trim, "trim(text)", &[Shape::Text]),
    ("split", Function::Split, "split(text, \",\")", &[Shape::Text, Shape::Text]),
    ("join", Function::Join, "join(list, \", \")", &[Shape::List, Shape::Text]),
    ("keys", Function::Keys, "keys(map)", &[Shape::Map]),
    ("values", Function::Values, "values(map)", &[Shape::Map]),
    ("min", Function::Min, "min(list)", &[Shape::List]),
    ("max", Function::Max, "max(list)", &[Shape::List]),
    ("sum", Function::Sum, "sum(list)", &[Shape::List]),
    ("exists", Function::Exists, "exists(value, \"field\")", &[Shape::Any, Shape::Text]),
    ("basename", Function::Basename, "basename(path)", &[Shape::Text]),
    ("dirname", Function::Dirname, "dirname(path)", &[Shape::Text]),
    ("lines", Function::Lines, "lines(text)", &[Shape::Text]),
];

/// The function of that name.
pub(super) fn find(name: &str) -> Option<Function> {
    TABLE.iter().find(|row| row.0 == name).map(|row| row.1)
}

/// The names of all functions.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    TABLE.iter().map(|row| row.0)
}

/// How a function is written.
pub(super) fn usage(function: Function) -> &'static str {
    TABLE.iter().find(|row| row.1 == function).map_or("", |row| row.2)
}

/// What a function takes.
pub(super) fn shapes(function: Function) -> &'static [Shape] {
    TABLE.iter().find(|row| row.1 == function).map_or(&[], |row| row.3)
}

/// What a function gives for a first value of that type.
pub(super) fn result(function: Function, first: Option<&Type>) -> Type {
    let texts = || Type::List(Box::new(Type::Text));
    match function {
        Function::Count => Type::Int,
        Function::Split | Function::Keys | Function::Lines => texts(),
        Function::Values => Type::List(Box::new(item(first))),
        Function::Min | Function::Max | Function::Sum => item(first),
        Function::Exists => Type::Bool,
        Function::Dirname => Type::Path,
        Function::Basename
        | Function::Capture
        | Function::Join
        | Function::Lower
        | Function::Upper
        | Function::Trim
        | Function::UrlPart => Type::Text,
    }
}

fn item(whole: Option<&Type>) -> Type {
    match whole {
        Some(Type::List(item) | Type::Map(item)) => (**item).clone(),
        Some(Type::Json) => Type::Json,
        _ => Type::Unknown,
    }
}

/// Whether a jq program compiles with these named values.
pub(super) fn check_jq(program: &str, names: &[&str]) -> Result<(), String> {
    crate::value::check_jq(program, names)
}
