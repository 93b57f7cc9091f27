//! The statements as a page of the documentation: what each schema says of itself.

use super::form::{form, option_form};
use super::kinds::place_words;
use super::{BlockOf, Schema, TailOf};

const HEAD: &str = "# Statements

Each kind of statement, as it declares itself; `name` stands for what is written in its place, `[…]` may be left out, and options
stand in any order. [The language](language.md) tells how they work together. This page is made from the schemas in `src/forms/`, and a
test holds it equal to them: change the schema, then let the test write the page
(`BOWLINE_WRITE_DOCS=1 cargo test --test documents the_page`).
";

/// Every kind on one page, in the order of the table.
#[must_use]
pub fn reference(schemas: &[&Schema]) -> String {
    let mut page = HEAD.to_owned();
    for schema in schemas {
        section(schema, &mut page);
    }
    page
}

/// One kind in Markdown, as an editor shows it.
#[must_use]
pub fn schema_section(schema: &Schema) -> String {
    let parts = [
        format!("```bowline\n{}\n```\n\n{}.\n", written(schema), schema.summary),
        if schema.doc.is_empty() { String::new() } else { format!("\n{}\n", schema.doc) },
        options(schema),
        provided(schema),
        places(schema),
    ];
    parts.concat().trim_end().to_owned()
}

fn section(schema: &Schema, page: &mut String) {
    let text = [
        format!("\n## {}\n\n{}.\n\n    {}\n", heading(schema), schema.summary, written(schema)),
        if schema.doc.is_empty() { String::new() } else { format!("\n{}\n", schema.doc) },
        options(schema),
        provided(schema),
        places(schema),
        if schema.example.is_empty() { String::new() } else { example(schema.example) },
    ];
    page.push_str(&text.concat());
}

/// Kinds of one word are told apart by where they stand.
fn heading(schema: &Schema) -> String {
    let defines = schema.operands.contains(&super::SlotKind::Signature);
    if defines { format!("{} in a module", schema.word) } else { schema.word.to_owned() }
}

fn written(schema: &Schema) -> String {
    let head = match schema.word {
        "run" => "run program argument … {value} {...list}".to_owned(),
        "fence" => "```language (value, name: value)\n    script\n    ```".to_owned(),
        "prose" => "\"\"\"".to_owned(),
        "let" => "let name[: type] = value or statement".to_owned(),
        "module.step" => "module.name(value, name: value)".to_owned(),
        _ => form(schema),
    };
    let block = match schema.block {
        BlockOf::None => "",
        BlockOf::Optional(_) => " [{ … }]",
        BlockOf::Required(_) | BlockOf::Same => " { … }",
    };
    let tail = match schema.tail {
        TailOf::None => "",
        TailOf::Else => " [else { … }]",
        TailOf::Otherwise => " otherwise { … }",
        TailOf::Until => " until condition",
    };
    head + block + tail
}

fn options(schema: &Schema) -> String {
    if schema.options.is_empty() {
        return String::new();
    }
    let row = |spec: &super::OptionSpec| {
        format!("| `{}` | {} |\n", option_form(spec).replace('|', "\\|"), spec.doc.replace('|', "\\|"))
    };
    format!("\n| option | |\n|---|---|\n{}", schema.options.iter().map(row).collect::<String>())
}

fn provided(schema: &Schema) -> String {
    let names: Vec<_> = schema.provides.iter().map(|(name, ty)| format!("`{name}: {ty}`")).collect();
    if names.is_empty() { String::new() } else { format!("\nIn its block: {}.\n", names.join(", ")) }
}

fn places(schema: &Schema) -> String {
    let mut words: Vec<_> = schema.stands_in.iter().map(|place| place_words(*place)).collect();
    words.dedup();
    let outside: Vec<_> = schema.never_inside.iter().map(|word| format!("`{word}`")).collect();
    let never =
        if outside.is_empty() { String::new() } else { format!(" Never inside {}.", outside.join(", ")) };
    match words.as_slice() {
        [] => String::new(),
        words => format!("\nStands {}.{never}\n", words.join(", ")),
    }
}

/// Backticks enough for what stands between them.
fn example(text: &str) -> String {
    let fence = if text.contains("```") { "````" } else { "```" };
    format!("\n{fence}runbook\n{text}\n{fence}\n")
}
