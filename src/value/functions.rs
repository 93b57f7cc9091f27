//! The table of the functions of the language.

use super::Function;

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
    /// What it gives, in one line.
    pub doc: &'static str,
}

const fn spec(
    function: Function,
    params: &'static [Shape],
    name: &'static str,
    (usage, doc): (&'static str, &'static str),
) -> Spec {
    Spec { name, function, params, usage, doc }
}

use Function as F;
use Shape::{Any, List, Map, Regex, Text};

/// Every function.
#[rustfmt::skip]
pub const TABLE: &[Spec] = &[
    spec(F::Capture, &[Text, Regex], "capture",
        ("capture(text, /pattern/)", "the one match, or its first group; none or two is an error")),
    spec(F::Count, &[Any], "count", ("count(list)", "how many items, entries or characters")),
    spec(F::Lower, &[Text], "lower", ("lower(text)", "in lower case")),
    spec(F::Upper, &[Text], "upper", ("upper(text)", "in upper case")),
    spec(F::Trim, &[Text], "trim", ("trim(text)", "without the blanks around it")),
    spec(F::Split, &[Text, Text], "split", ("split(text, \",\")", "the parts between the separators")),
    spec(F::Join, &[List, Text], "join", ("join(list, \", \")", "the items as one text")),
    spec(F::Keys, &[Map], "keys", ("keys(map)", "the keys, in order")),
    spec(F::Values, &[Map], "values", ("values(map)", "the values, in order")),
    spec(F::Min, &[List], "min", ("min(list)", "the smallest item; an empty list is an error")),
    spec(F::Max, &[List], "max", ("max(list)", "the largest item; an empty list is an error")),
    spec(F::Sum, &[List], "sum", ("sum(list)", "all items added; 0 for an empty list")),
    spec(F::Exists, &[Any, Text], "exists", ("exists(value, \"field\")", "whether the field is there")),
    spec(F::Basename, &[Text], "basename", ("basename(path)", "the last part of a path")),
    spec(F::Dirname, &[Text], "dirname", ("dirname(path)", "a path without its last part")),
    spec(F::Lines, &[Text], "lines", ("lines(text)", "the lines")),
    spec(F::UrlPart, &[Any], "url_part",
        ("url_part(text)", "encoded for a part of a URL: all but letters, digits and `-._~`")),
];

/// The function of that name.
#[must_use]
pub fn find(name: &str) -> Option<&'static Spec> {
    TABLE.iter().find(|spec| spec.name == name)
}
