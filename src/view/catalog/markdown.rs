//! The standard library as a page of the documentation.

use crate::catalog::{Export, Module};

const HEAD: &str = "# The standard library

The modules inside the binary, as `bowline list --stdlib` tells them. This page is made from their sources
in `stdlib/`, and a test holds it equal to them: change the module, then let the test write the page
(`BOWLINE_WRITE_DOCS=1 cargo test --test bundled the_page`).

A module is taken in with `use \"std/name\"` at the top of a runbook. A *check* only looks; it may be asked in
expressions, checks, guards, gates and `done when`. A *step* stands where a step stands and brings its undo.
";

/// All modules on one page.
#[must_use]
pub fn stdlib_markdown(modules: &[Module]) -> String {
    let mut page = HEAD.to_owned();
    for module in modules {
        page.push_str(&format!("\n## {} {}\n", module.name, module.version));
        if !module.prose.is_empty() {
            page.push_str(&format!("\n{}\n", module.prose));
        }
        module.exports.iter().for_each(|export| page.push_str(&section(export)));
    }
    page
}

fn section(export: &Export) -> String {
    let doc = if export.doc.is_empty() { String::new() } else { format!("\n{}\n", export.doc) };
    format!("\n### {}\n\n```\n{} {}\n```\n{doc}", export.name, export.kind.word(), export.signature)
}
