//! The outline as Markdown, for a job summary or a change request.

use std::fmt::Write;

use super::failures::Failure;
use super::item::{Item, StepRef};
use super::outline::Outline;
use super::probe::rows;
use super::text::{doubt, lasting_words, looks_inside, words};
use crate::text::{backticks, fence_for};
use crate::view::markup::inline;

/// Nothing is indented further: lists nest no deeper for a reader.
const DEEPEST: usize = 10;

/// The whole outline: what it is, its inputs, its tree, and what each failure would undo.
#[must_use]
pub fn plan_markdown(outline: &Outline) -> String {
    let mut page = String::new();
    head(outline, &mut page);
    inputs(outline, &mut page);
    page.push_str("\n## What is done\n\n");
    outline.items.iter().for_each(|one| item(one, 0, false, &mut page));
    failures(outline, &mut page);
    looks(outline, &mut page);
    page
}

fn looks(outline: &Outline, page: &mut String) {
    for (title, rows) in outline.looks.as_deref().map(rows).into_iter().flatten() {
        if rows.is_empty() {
            continue;
        }
        _ = writeln!(page, "\n## {title}\n\n| look | |\n|---|---|");
        rows.iter()
            .for_each(|[path, answer]| _ = writeln!(page, "| {} | {} |", inline(path), inline(answer)));
    }
}

fn head(outline: &Outline, page: &mut String) {
    let digest: String = outline.digest.chars().take(12).collect();
    _ = writeln!(page, "# {} {}\n", inline(&outline.title), outline.version);
    _ = writeln!(page, "| | |\n|---|---|");
    _ = writeln!(page, "| plan | `{digest}` |");
    _ = writeln!(page, "| steps | {}, of which {} change the world |", outline.steps, outline.changing);
    _ = writeln!(page, "| questions to people | {} |", outline.questions);
    for approval in &outline.approvals {
        _ = writeln!(page, "| approval | {} |", inline(approval));
    }
    let point = outline.point_of_no_return.as_deref().unwrap_or("none");
    _ = writeln!(page, "| point of no return | {} |", inline(point));
    if let Some(lasting) = lasting_words(&outline.lasting) {
        _ = writeln!(page, "| lasts | {} |", inline(&lasting));
    }
    let lost: Vec<_> = outline.irreversible.iter().map(named).collect();
    if !lost.is_empty() {
        _ = writeln!(page, "| cannot be undone | {} |", inline(&lost.join(", ")));
    }
}

fn named(step: &StepRef) -> String {
    format!("{} \"{}\"", step.number, step.title)
}

fn inputs(outline: &Outline, page: &mut String) {
    if outline.inputs.is_empty() {
        return;
    }
    page.push_str("\n## Inputs\n\n| input | type | value | |\n|---|---|---|---|\n");
    for input in &outline.inputs {
        let value = match (&input.value, &input.from) {
            (Some(value), _) => code(value),
            (None, Some(from)) => format!("from {}", inline(from)),
            (None, None) => "not given".to_owned(),
        };
        let about = input.description.as_deref().unwrap_or_default();
        _ = writeln!(
            page,
            "| `{}` | {} | {} | {} |",
            input.name,
            inline(&input.ty),
            value.replace('|', "\\|"),
            inline(about)
        );
    }
}

fn item(one: &Item, depth: usize, looking: bool, page: &mut String) {
    let pad = "  ".repeat(depth.min(DEEPEST));
    let number = one.number.map(|number| format!("**{number}** ")).unwrap_or_default();
    if one.kind == "commit" {
        let title = one.title.as_deref().unwrap_or_default();
        _ = writeln!(page, "{pad}- **point of no return**: {}", inline(title));
    } else {
        _ = writeln!(page, "{pad}- {number}{}", code(&words(one, looking, false)));
    }
    block(one.prose.as_deref(), "", &pad, page);
    block(one.script.as_deref(), "sh", &pad, page);
    let looking = looks_inside(one, looking);
    one.items.iter().for_each(|inner| item(inner, depth + 1, looking, page));
}

/// A text of several lines between backticks, more than it has itself.
fn block(text: Option<&str>, language: &str, pad: &str, page: &mut String) {
    let Some(text) = text else { return };
    let fence = fence_for(text);
    _ = writeln!(page, "\n{pad}  {fence}{language}");
    for line in text.trim_end().lines() {
        _ = writeln!(page, "{}", format!("{pad}  {line}").trim_end());
    }
    _ = writeln!(page, "{pad}  {fence}\n");
}

fn failures(outline: &Outline, page: &mut String) {
    let Some(failures) = outline.failures.as_ref().filter(|failures| !failures.is_empty()) else { return };
    page.push_str("\n## What a failure would undo\n\n| if this fails | this is undone, newest first | and this stays |\n|---|---|---|\n");
    for failure in failures {
        let [points, undone, stays] = row(failure);
        _ = writeln!(page, "| {} | {} | {} |", inline(&points), inline(&undone), inline(&stays));
    }
    if let Some(doubt) = doubt(failures) {
        _ = writeln!(page, "\n{}", inline(&doubt));
    }
}

/// A point of failure in words: where, what is undone, what stays.
pub(super) fn row(failure: &Failure) -> [String; 3] {
    let point = |at: &super::Point| match at.number {
        Some(number) => format!("{number} \"{}\"", at.title),
        None => format!("{} \"{}\"", at.kind, at.title),
    };
    let points = match failure.points.as_slice() {
        [first, .., last] => format!("{} to {}", point(first), point(last)),
        points => points.iter().map(point).collect(),
    };
    let unsure = |sure: bool| if sure { "" } else { " (if it has run)" };
    let undone: Vec<_> = failure
        .undone
        .iter()
        .map(|undone| format!("{} of {}{}", undone.what, named(&undone.step), unsure(undone.sure)))
        .collect();
    let stays: Vec<_> =
        failure.stays.iter().map(|stays| format!("{} ({})", named(&stays.step), stays.why)).collect();
    let mut undone = if undone.is_empty() { "nothing".to_owned() } else { undone.join("; ") };
    if let Some(gaps) = failure.gaps() {
        undone = format!("{undone}; {gaps}");
    }
    if failure.after_commit.is_some() {
        undone = format!("retry, by hand or give up; then {undone}");
    }
    if let Some(attempt) = &failure.within {
        undone = format!("{undone}; then `otherwise` of \"{attempt}\"");
    }
    [points, undone, stays.join("; ")]
}

/// Verbatim, whatever backticks stand in it.
fn code(text: &str) -> String {
    let text = text.replace('\n', " ");
    let ticks = backticks(&text);
    let fence = "`".repeat(ticks + 1);
    if ticks == 0 { format!("`{text}`") } else { format!("{fence} {text} {fence}") }
}
