//! What differs between two plans, for a reviewer: their outlines as lines, compared.
//!
//! Works on the JSON form, since the older plan may be a file that another version of bowline wrote. Numbers of steps are no
//! part of the lines: one more step at the beginning would change all others.

use serde_json::Value as Json;
use similar::{ChangeTag, TextDiff};

use crate::text::fence_for;
use crate::view::Style;
use crate::view::markup::inline;
use crate::view::paint::{Ink, paint};

/// Lines around a change that are shown with it.
const AROUND: usize = 3;

/// How a plan differs from an older one: a run of the one would do something else than a run of the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changes {
    /// Title and version of the newer one.
    title: String,
    /// What a reviewer asks first.
    summary: Vec<String>,
    /// What differs, with the lines around it, part by part.
    parts: Vec<Vec<(ChangeTag, String)>>,
}

/// Compares two outlines (`bowline-plan/1`), the older one first; nothing where they are the same.
#[must_use]
pub fn plan_changes(old: &Json, new: &Json) -> Option<Changes> {
    let (before, after) = (lines(old), lines(new));
    if old["digest"] == new["digest"] && before == after {
        return None;
    }
    let diff = TextDiff::from_lines(&before, &after);
    let parts = diff.grouped_ops(AROUND).into_iter().map(|part| {
        let lines = part.iter().flat_map(|op| diff.iter_changes(op));
        lines.map(|line| (line.tag(), line.value().trim_end().to_owned())).collect()
    });
    let title = format!("{} {}", words(new, "title"), words(new, "version"));
    Some(Changes { title, summary: summary(old, new), parts: parts.collect() })
}

impl Changes {
    /// For a screen.
    #[must_use]
    pub fn text(&self, style: Style) -> String {
        let mut text: String = self.summary.iter().flat_map(|line| [line, "\n"]).collect();
        for part in &self.parts {
            text.push('\n');
            for (tag, line) in part {
                let ink = match tag {
                    ChangeTag::Delete => Ink::Bad,
                    ChangeTag::Insert => Ink::Good,
                    ChangeTag::Equal => Ink::Faint,
                };
                text.push_str(&paint(style.colour, ink, &format!("{tag} {line}")));
                text.push('\n');
            }
        }
        text
    }

    /// For the summary of a job: a section, the lines as a fence that Markdown viewers colour.
    #[must_use]
    pub fn markdown(&self) -> String {
        let mut text = format!("## What differs in {}\n\n", inline(&self.title));
        self.summary.iter().for_each(|line| text.push_str(&format!("- {}\n", inline(line))));
        for part in &self.parts {
            let lines = part.iter().fold(String::new(), |all, (tag, line)| all + &format!("{tag} {line}\n"));
            let fence = fence_for(&lines);
            text.push_str(&format!("\n{fence}diff\n{lines}{fence}\n"));
        }
        text
    }
}

/// What a reviewer asks first.
fn summary(old: &Json, new: &Json) -> Vec<String> {
    let short =
        |plan: &Json| plan["digest"].as_str().unwrap_or_default().chars().take(12).collect::<String>();
    let mut told = vec![format!("plan {} is now {}", short(old), short(new))];
    let counts = [
        ("steps", "steps"),
        ("changing", "steps that change the world"),
        ("questions", "questions to people"),
    ];
    for (key, what) in counts {
        if old[key] != new[key] {
            told.push(format!("{what}: {} before, {} now", old[key], new[key]));
        }
    }
    let point = |plan: &Json| plan["point_of_no_return"].as_str().unwrap_or("none").to_owned();
    if point(old) != point(new) {
        told.push(format!("point of no return: {} before, {} now", point(old), point(new)));
    }
    told
}

/// An outline as lines.
fn lines(plan: &Json) -> String {
    let mut all = format!("{} {}\n", words(plan, "title"), words(plan, "version"));
    for approval in items(plan, "approvals") {
        all += &format!("approval {}\n", approval.as_str().unwrap_or_default());
    }
    for input in items(plan, "inputs") {
        let value = input["value"].as_str().map(|value| format!(" = {value}")).unwrap_or_default();
        let from = input["from"].as_str().map(|from| format!(" from {from}")).unwrap_or_default();
        all += &format!("input {}: {}{value}{from}\n", words(input, "name"), words(input, "type"));
    }
    items(plan, "items").for_each(|one| item(one, 0, &mut all));
    items(plan, "failures").for_each(|one| failure(one, &mut all));
    all
}

fn item(one: &Json, depth: usize, all: &mut String) {
    let pad = "  ".repeat(depth);
    let title = one["title"].as_str().map(|title| format!("\"{title}\"")).unwrap_or_default();
    let on = one["on"].as_str().map(|on| format!("on {on}")).unwrap_or_default();
    let class = one["class"].as_str().map(|class| format!("[{class}]")).unwrap_or_default();
    let listed = |key: &str| items(one, key).filter_map(Json::as_str).collect::<Vec<_>>().join(" ");
    let binds = match listed("binds") {
        binds if binds.is_empty() => binds,
        binds => format!("let {binds} ="),
    };
    let parts = [
        binds,
        words(one, "kind").to_owned(),
        title,
        words(one, "text").to_owned(),
        on,
        listed("options"),
        class,
    ];
    let line: Vec<_> = parts.iter().filter(|part| !part.is_empty()).map(String::as_str).collect();
    all.push_str(&format!("{pad}{}\n", line.join(" ").replace('\n', "\\n")));
    for key in ["prose", "script"] {
        for line in words(one, key).lines() {
            all.push_str(&format!("{pad}  │ {line}\n"));
        }
    }
    items(one, "items").for_each(|inner| item(inner, depth + 1, all));
}

fn failure(one: &Json, all: &mut String) {
    let titles = |key: &str| {
        let each = items(one, key).map(|part| format!("\"{}\"", words(&part["step"], "title")));
        each.collect::<Vec<_>>().join(", ")
    };
    for point in items(one, "points") {
        let undone = titles("undone");
        let undone = if undone.is_empty() { "nothing".to_owned() } else { undone };
        let stays = titles("stays");
        let stays = if stays.is_empty() { stays } else { format!("; stays: {stays}") };
        all.push_str(&format!(
            "if {} \"{}\" fails: undone: {undone}{stays}\n",
            words(point, "kind"),
            words(point, "title")
        ));
    }
}

fn words<'a>(of: &'a Json, key: &str) -> &'a str {
    of.get(key).and_then(Json::as_str).unwrap_or_default()
}

fn items<'a>(of: &'a Json, key: &str) -> impl Iterator<Item = &'a Json> {
    of.get(key).and_then(Json::as_array).into_iter().flatten()
}
