//! The table of the functions of the language.

use super::{Function, Type};

/// What a parameter takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// A text.
    Text,
    /// A regular expression that stands in the file.
    Regex,
    /// A list.
    List,
    /// A map.
    Map,
    /// Whatever there is.
    Any,
}

/// What a function gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gives {
    /// A text.
    Text,
    /// A list of texts.
    Texts,
    /// A path.
    Path,
    /// A whole number.
    Int,
    /// True or false.
    Bool,
    /// An item of the list or map that is the first parameter.
    Item,
    /// A list of those items.
    Items,
}

/// A function as authors see it.
#[derive(Clone, Copy, Debug)]
pub struct Spec {
    /// Its name.
    pub name: &'static str,
    /// Which it is.
    pub function: Function,
    /// What it takes, in order.
    pub params: &'static [Shape],
    /// How it is written.
    pub usage: &'static str,
    /// What it gives.
    pub gives: Gives,
    /// What it gives, in one line.
    pub doc: &'static str,
}

impl Spec {
    /// The type of what it gives for a first value of that type.
    #[must_use]
    pub fn result(&self, first: Option<&Type>) -> Type {
        match self.gives {
            Gives::Text => Type::Text,
            Gives::Texts => Type::List(Box::new(Type::Text)),
            Gives::Path => Type::Path,
            Gives::Int => Type::Int,
            Gives::Bool => Type::Bool,
            Gives::Item => item(first),
            Gives::Items => Type::List(Box::new(item(first))),
        }
    }
}

fn item(whole: Option<&Type>) -> Type {
    match whole {
        Some(Type::List(item) | Type::Map(item)) => (**item).clone(),
        Some(Type::Json) => Type::Json,
        _ => Type::Unknown,
    }
}

const fn spec(
    function: Function,
    params: &'static [Shape],
    gives: Gives,
    (name, usage, doc): (&'static str, &'static str, &'static str),
) -> Spec {
    Spec { name, function, params, usage, gives, doc }
}

use Function as F;
use Gives as G;
use Shape::{Any, List, Map, Regex, Text};

/// Every function that has a name in the language.
#[rustfmt::skip]
pub const TABLE: &[Spec] = &[
    spec(F::Capture, &[Text, Regex], G::Text,
        ("capture", "capture(text, /pattern/)", "the one match, or its first group; none or two is an error")),
    spec(F::Count, &[Any], G::Int, ("count", "count(list)", "how many items, entries or characters")),
    spec(F::Lower, &[Text], G::Text, ("lower", "lower(text)", "in lower case")),
    spec(F::Upper, &[Text], G::Text, ("upper", "upper(text)", "in upper case")),
    spec(F::Trim, &[Text], G::Text, ("trim", "trim(text)", "without the blanks around it")),
    spec(F::Split, &[Text, Text], G::Texts,
        ("split", "split(text, \",\")", "the parts between the separators")),
    spec(F::Join, &[List, Text], G::Text, ("join", "join(list, \", \")", "the items as one text")),
    spec(F::Keys, &[Map], G::Texts, ("keys", "keys(map)", "the keys, in order")),
    spec(F::Values, &[Map], G::Items, ("values", "values(map)", "the values, in order")),
    spec(F::Min, &[List], G::Item, ("min", "min(list)", "the smallest item; an empty list is an error")),
    spec(F::Max, &[List], G::Item, ("max", "max(list)", "the largest item; an empty list is an error")),
    spec(F::Sum, &[List], G::Item, ("sum", "sum(list)", "all items added; 0 for an empty list")),
    spec(F::Exists, &[Any, Text], G::Bool,
        ("exists", "exists(value, \"field\")", "whether the field is there")),
    spec(F::Basename, &[Text], G::Text, ("basename", "basename(path)", "the last part of a path")),
    spec(F::Dirname, &[Text], G::Path, ("dirname", "dirname(path)", "a path without its last part")),
    spec(F::Lines, &[Text], G::Texts, ("lines", "lines(text)", "the lines")),
];

/// The one function that is no row of the table: it takes a program, and values by name.
pub const JQ: &str = "jq";

/// The names of all functions, [`JQ`] among them.
pub fn names() -> impl Iterator<Item = &'static str> {
    TABLE.iter().map(|spec| spec.name).chain([JQ])
}

/// The function of that name.
#[must_use]
pub fn find(name: &str) -> Option<&'static Spec> {
    TABLE.iter().find(|spec| spec.name == name)
}
