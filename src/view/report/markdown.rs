//! The story as Markdown. Whatever a text holds, it is drawn as its letters.

use std::fmt::Write;

use super::story::{EffectTold, Sort, Standing, Story, Told, Tone};
use super::text::{Text, clock, size};
use crate::text::fence_for;
use crate::view::markup::{self, escaped};
use crate::view::moment::took;

/// Rows of a table below its head.
type Rows = Vec<Vec<String>>;

/// The report as Markdown (`CommonMark` with tables).
#[must_use]
pub fn markdown(story: &Story) -> String {
    let mut out = format!("# {} {}\n\n", inline(&story.title), story.version);
    let _ = writeln!(out, "{}\n", head(story, &story.standing));
    section(&mut out, "What is open", listed(&story.open), ["", ""]);
    table(
        &mut out,
        ["", ""],
        story.facts.iter().map(|(word, text)| vec![(*word).into(), cell(text)]).collect(),
    );
    section(&mut out, "What it came to", listed(&story.summary), ["", ""]);
    section(&mut out, "When", timeline(story), ["began", "took", "what"]);
    if story.bars_left_out > 0 {
        let _ = writeln!(out, "{} more, deeper down, are left out.\n", story.bars_left_out);
    }
    let people = story.people.iter().map(|said| {
        let shown = said.shown.as_ref().map(cell).unwrap_or_default();
        vec![clock(said.at, story.began), cell(&said.who), cell(&said.words), shown]
    });
    section(&mut out, "Who said what", people.collect(), ["when", "who", "what", "was shown"]);
    let _ = write!(out, "## What happened\n\n{}\n", log(story));
    let effects = story.effects.iter().map(|effect| effect_row(story, effect)).collect();
    section(&mut out, "Commands and requests", effects, ["began", "what", "result", "took", "output"]);
    if story.effects_left_out > 0 {
        let _ = writeln!(out, "{} more are left out.\n", story.effects_left_out);
    }
    let files = story
        .files
        .iter()
        .map(|file| vec![cell(&file.name), file.what.into(), size(file.bytes), code(&file.sha256)]);
    section(&mut out, "Files", files.collect(), ["file", "", "size", "SHA-256"]);
    let inputs = story.inputs.iter().map(|(name, value)| vec![cell(name), cell(value)]);
    section(&mut out, "Inputs", inputs.collect(), ["input", "value"]);
    let sources = story.sources.iter().map(|(name, hash)| vec![cell(name), code(hash)]);
    section(&mut out, "Sources", sources.collect(), ["file", "SHA-256"]);
    out.push_str("All times are UTC.\n");
    out
}

fn head(story: &Story, standing: &Standing) -> String {
    let why = standing.why.as_ref().map(|why| format!(": {}", inline(why))).unwrap_or_default();
    format!("Run `{}`: **{}**{why}", story.run.as_str(), standing.word)
}

fn listed(rows: &[(&'static str, Vec<Text>)]) -> Rows {
    let row = |(word, texts): &(&str, Vec<Text>)| {
        vec![(*word).to_owned(), texts.iter().map(cell).collect::<Vec<_>>().join("<br>")]
    };
    rows.iter().map(row).collect()
}

fn timeline(story: &Story) -> Rows {
    let rows = story.bars.iter().map(|bar| {
        let length =
            bar.ended.map_or_else(|| "goes on".to_owned(), |ended| took(ended.duration_since(bar.began)));
        let mark = match (bar.sort, bar.tone) {
            (Sort::Wait, _) => "…",
            (_, Tone::Good) => "✓",
            (_, Tone::Bad) => "✗",
            (_, Tone::Alert | Tone::Plain) => "!",
        };
        let indent = "&emsp;".repeat(bar.depth);
        vec![clock(bar.began, story.began), length, format!("{indent}{mark} {}", cell(&bar.title))]
    });
    rows.collect()
}

fn effect_row(story: &Story, effect: &EffectTold) -> Vec<String> {
    let output = effect.output.as_ref().map(|(name, bytes, _)| format!("{} ({})", cell(name), size(*bytes)));
    let what = format!("{}<br>{}", cell(&effect.place), lines_of_code(&effect.shown));
    let began = clock(effect.at, story.began);
    vec![began, what, cell(&effect.result), effect.took.clone(), output.unwrap_or_default()]
}

/// The lines in one block, behind a fence that none of them closes.
fn log(story: &Story) -> String {
    let drawn: String = story.log.iter().map(|told| log_line(story, told)).collect();
    let fence = fence_for(&drawn);
    format!("{fence}text\n{drawn}{fence}\n")
}

fn log_line(story: &Story, told: &Told) -> String {
    let stamp = told.at.map(|at| clock(at, story.began)).unwrap_or_default();
    let indent = "  ".repeat(told.depth);
    told.text.as_str().lines().fold(String::new(), |all, line| all + &format!("{stamp} {indent}{line}\n"))
}

fn section(out: &mut String, title: &str, rows: Rows, head: impl IntoIterator<Item = &'static str>) {
    if rows.is_empty() {
        return;
    }
    let _ = write!(out, "## {title}\n\n");
    table(out, head, rows);
}

fn table(out: &mut String, head: impl IntoIterator<Item = &'static str>, rows: Rows) {
    let head: Vec<&str> = head.into_iter().collect();
    let _ = writeln!(out, "| {} |\n|{}", head.join(" | "), "---|".repeat(head.len()));
    for row in rows {
        let _ = writeln!(out, "| {} |", row.join(" | "));
    }
    out.push('\n');
}

/// A text within a line.
fn inline(text: &Text) -> String {
    markup::inline(text.as_str())
}

/// A text in a cell of a table.
fn cell(text: &Text) -> String {
    text.as_str().lines().map(escaped).collect::<Vec<_>>().join("<br>")
}

/// Lines of a command, each as code. A backtick or a bar cannot stand in code within a table.
fn lines_of_code(text: &Text) -> String {
    let line = |line: &str| {
        if line.contains(['`', '|']) || line.trim().is_empty() { escaped(line) } else { code(line) }
    };
    text.as_str().lines().map(line).collect::<Vec<_>>().join("<br>")
}

/// Our own letters as code.
fn code(text: &str) -> String {
    format!("`{text}`")
}
