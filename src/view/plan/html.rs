//! The outline as a page that stands alone: no script, nothing from elsewhere. Every text is escaped by the template.

use maud::{Markup, html as draw};

use super::item::Item;
use super::markdown::row;
use super::outline::Outline;
use super::probe::rows;
use super::text::{doubt, lasting_words, looks_inside, words};
use crate::view::page::page;

const STYLE: &str = "
body { font: 15px/1.5 system-ui, sans-serif; max-width: 72rem; margin: 2rem auto; padding: 0 1rem; }
code, pre { font: 13px/1.45 ui-monospace, monospace; } pre { background: #8881; padding: .5rem; overflow-x: auto; }
ul { list-style: none; padding-left: 1.2rem; border-left: 1px solid #8884; } body > ul { border: 0; padding: 0; }
table { border-collapse: collapse; } td, th { border: 1px solid #8884; padding: .2rem .5rem; text-align: left; vertical-align: top; }
.number { color: #888; } .irreversible > code { color: #c53030; } .changes > code { font-weight: 600; }
.commit { border: 2px solid #b7791f; padding: .2rem .5rem; margin: .5rem 0; } .prose { white-space: pre-wrap; }
";

/// Nothing is nested further: what is deeper stands beside what holds it.
const DEEPEST: usize = 60;

/// The whole outline as a page.
#[must_use]
pub fn plan_html(outline: &Outline) -> String {
    let title = format!("{} {}", outline.title, outline.version);
    let body = draw! {
        h1 { (title) }
        (facts(outline))
        (inputs(outline))
        h2 { "What is done" }
        (items(&outline.items, 0, false))
        (failures(outline))
        (looks(outline))
    };
    page(&draw! { "Plan: " (title) }, STYLE, &body)
}

fn looks(outline: &Outline) -> Markup {
    draw! {
        @for (title, rows) in outline.looks.as_deref().map(rows).into_iter().flatten() {
            @if !rows.is_empty() {
                h2 { (title) }
                table { @for [path, answer] in rows { tr { td { (path) } td { (answer) } } } }
            }
        }
    }
}

fn facts(outline: &Outline) -> Markup {
    let lost: Vec<_> =
        outline.irreversible.iter().map(|step| format!("{} \"{}\"", step.number, step.title)).collect();
    draw! {
        table {
            tr { th { "plan" } td { code { (outline.digest) } } }
            tr { th { "steps" } td { (outline.steps) ", of which " (outline.changing) " change the world" } }
            tr { th { "questions to people" } td { (outline.questions) } }
            @for approval in &outline.approvals { tr { th { "approval" } td { (approval) } } }
            tr { th { "point of no return" } td { (outline.point_of_no_return.as_deref().unwrap_or("none")) } }
            @if let Some(lasting) = lasting_words(&outline.lasting) { tr { th { "lasts" } td { (lasting) } } }
            @if !lost.is_empty() { tr { th { "cannot be undone" } td { (lost.join(", ")) } } }
        }
    }
}

fn inputs(outline: &Outline) -> Markup {
    if outline.inputs.is_empty() {
        return draw! {};
    }
    draw! {
        h2 { "Inputs" }
        table {
            @for input in &outline.inputs {
                tr {
                    td { code { (input.name) } }
                    td { (input.ty) }
                    td {
                        @if let Some(value) = &input.value { code { (value) } }
                        @else if let Some(from) = &input.from { "from " (from) }
                        @else { "not given" }
                    }
                    td { (input.description.as_deref().unwrap_or_default()) }
                }
            }
        }
    }
}

fn items(all: &[Item], depth: usize, looking: bool) -> Markup {
    if all.is_empty() || depth > DEEPEST {
        return draw! {};
    }
    draw! { ul { @for one in all { (item(one, depth, looking)) } } }
}

fn item(one: &Item, depth: usize, looking: bool) -> Markup {
    draw! {
        li class=(one.class) {
            @if let Some(number) = one.number { span.number { (number) " " } }
            @if one.kind == "commit" {
                div.commit { "point of no return: " (one.title.as_deref().unwrap_or_default()) }
            } @else {
                code { (words(one, looking, false)) }
            }
            @if let Some(prose) = &one.prose { div.prose { (prose) } }
            @if let Some(script) = &one.script { pre { (script) } }
            (items(&one.items, depth + 1, looks_inside(one, looking)))
        }
    }
}

fn failures(outline: &Outline) -> Markup {
    let Some(failures) = outline.failures.as_ref().filter(|failures| !failures.is_empty()) else {
        return draw! {};
    };
    draw! {
        h2 { "What a failure would undo" }
        table {
            tr { th { "if this fails" } th { "this is undone, newest first" } th { "and this stays" } }
            @for failure in failures { tr { @for cell in row(failure) { td { (cell) } } } }
        }
        @if let Some(doubt) = doubt(failures) { p { (doubt) } }
    }
}
