//! A drill as Markdown, for the summary of a job.

use std::fmt::Write;

use super::text::{COLUMNS, cell, notes, verdict};
use super::told::DrillTold;
use crate::view::markup::inline;

/// Draws a drill as Markdown.
#[must_use]
pub fn drill_markdown(told: &DrillTold) -> String {
    let title = inline(&told.title);
    let mut out = format!("## Drill of {title} {}\n\n{}\n\n", told.version, verdict(told));
    _ = writeln!(out, "| where | what | {} |", COLUMNS.join(" | "));
    _ = writeln!(out, "|---|---|{}", "---|".repeat(COLUMNS.len()));
    for point in told.points.iter().filter(|point| point.cases.iter().any(|case| case.injected.is_some())) {
        let cells: Vec<String> = COLUMNS.iter().map(|kind| cell(point, kind)).collect();
        let part = if point.part == "forward" { String::new() } else { format!("{}: ", point.part) };
        _ = writeln!(
            out,
            "| {} | {part}`{}` | {} |",
            inline(&point.path),
            coded(&point.what),
            cells.join(" | ")
        );
    }
    for (title, lines) in notes(told) {
        _ = writeln!(out, "\n### {title}\n");
        lines.iter().for_each(|line| _ = writeln!(out, "- {}", inline(line)));
    }
    out
}

/// Without what would end a cell or a code span.
fn coded(text: &str) -> String {
    text.replace('|', "\\|").replace(['\n', '`'], " ")
}
