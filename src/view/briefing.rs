//! What somebody is told before anything happens: what will run, where, with what, who must say yes, and what
//! cannot be undone. A fold over the outline of a plan; knows no run.

use std::collections::{BTreeMap, BTreeSet};

use unicode_width::UnicodeWidthStr;

use super::Style;
use super::columns::{NARROWEST, wrapped};
use super::paint::{Ink, paint};
use super::plan::{Item, Outline, StepRef};
use crate::plan::{Act, Op, Plan, QuestionKind};
use crate::value::MASKED;

/// Prose of more lines is folded; the plan has it whole.
const LONG: usize = 6;
/// Rows of one kind at most; the rest is counted.
const MANY: usize = 12;

/// What is told besides the plan.
#[derive(Debug, Default)]
pub struct Around {
    /// Who holds which role, as told.
    pub roles: Vec<String>,
    /// Members by group, as far as they are known.
    pub members: BTreeMap<String, Vec<String>>,
    /// Rows of the command line: what is asked, what a failure does, what is made to fail.
    pub more: Vec<(&'static str, String)>,
}

/// The briefing, with a line end behind each line.
#[must_use]
pub fn briefing(plan: &Plan, outline: &Outline, around: &Around, style: Style) -> String {
    let found = Found::of(&outline.items);
    let mut page = Page { out: String::new(), style, first: true };
    let title = format!("{} {}", outline.title, outline.version);
    page.out.push_str(&paint(style.colour, Ink::Strong, &title));
    page.out.push('\n');
    page.prose(plan.prose.as_deref().unwrap_or_default());
    page.row("plan", None, &[outline.digest.chars().take(12).collect()]);
    page.row("runs on", None, &[found.places()]);
    page.row("inputs", None, &inputs(outline));
    page.row("exclusive", None, &found.locks);
    page.row("steps", None, &[size(outline)]);
    page.row("roles", None, &around.roles);
    page.row("must approve", Some(Ink::Alert), &approvals(plan, outline, around));
    page.row("no return", Some(Ink::Alert), &[found.no_return(outline)]);
    page.row("not undone", Some(Ink::Bad), &for_good(outline));
    for (word, text) in &around.more {
        page.row(word, None, std::slice::from_ref(text));
    }
    page.out
}

struct Page {
    out: String,
    style: Style,
    first: bool,
}

impl Page {
    fn prose(&mut self, prose: &str) {
        let lines: Vec<&str> = prose.trim().lines().collect();
        let room = self.style.width.saturating_sub(3).max(NARROWEST);
        for line in lines.iter().take(LONG) {
            wrapped(line, room)
                .iter()
                .for_each(|row| self.out.push_str(&format!("  {}\n", row.trim_start())));
        }
        if lines.len() > LONG {
            self.out.push_str(&format!("  … {} more lines, see `bowline plan`\n", lines.len() - LONG));
        }
    }

    /// A word, and what belongs to it below each other; nothing where nothing does.
    fn row(&mut self, word: &str, ink: Option<Ink>, what: &[String]) {
        const COLUMN: usize = 14;
        let room = self.style.width.saturating_sub(COLUMN + 3).max(NARROWEST);
        let more = what.len().saturating_sub(MANY);
        let more = (more > 0).then(|| format!("and {more} more"));
        let lines = what.iter().take(MANY).chain(&more).filter(|line| !line.is_empty());
        let rows = lines.flat_map(|line| wrapped(line, room));
        let mut word = word;
        for row in rows {
            let text = ink.map_or_else(|| row.clone(), |ink| paint(self.style.colour, ink, &row));
            let pad = " ".repeat(COLUMN.saturating_sub(word.width()));
            if std::mem::take(&mut self.first) {
                self.out.push('\n');
            }
            self.out.push_str(&format!("  {}{pad}{text}\n", paint(self.style.colour, Ink::Faint, word)));
            word = "";
        }
    }
}

/// What stands in the tree and is told once.
#[derive(Default)]
struct Found {
    targets: BTreeSet<String>,
    locks: Vec<String>,
    /// The last step before the commit, and whether that was passed.
    before_commit: Option<StepRef>,
    committed: bool,
}

impl Found {
    fn of(items: &[Item]) -> Self {
        let mut found = Self::default();
        items.iter().for_each(|item| found.item(item));
        found
    }

    fn item(&mut self, item: &Item) {
        self.targets.extend(item.on.clone());
        match (item.kind, &item.text) {
            ("commit", _) => self.committed = true,
            ("exclusive", Some(name)) => {
                self.locks.push(format!("{name}; no other run of this journal may hold it"));
            }
            _ => {}
        }
        if let (Some(number), Some(title), false) = (item.number, &item.title, self.committed) {
            self.before_commit = Some(StepRef { number, title: title.clone() });
        }
        item.items.iter().for_each(|inner| self.item(inner));
    }

    fn places(&self) -> String {
        let afar = self.targets.iter().filter(|target| *target != "local").cloned();
        let places: Vec<String> = std::iter::once("this machine".to_owned()).chain(afar).collect();
        places.join(", ")
    }

    fn no_return(&self, outline: &Outline) -> String {
        match (&outline.point_of_no_return, &self.before_commit) {
            (None, _) => "none: until the end a failure undoes what was done".to_owned(),
            (Some(title), None) => format!("\"{title}\", before the first step"),
            (Some(title), Some(step)) => {
                format!("\"{title}\", after step {} \"{}\"; from there only forward", step.number, step.title)
            }
        }
    }
}

fn inputs(outline: &Outline) -> Vec<String> {
    let widest = outline.inputs.iter().map(|input| input.name.width()).max().unwrap_or(0);
    let told = outline.inputs.iter().map(|input| {
        let pad = " ".repeat(widest.saturating_sub(input.name.width()));
        let value = input.value.as_deref().unwrap_or(MASKED);
        format!("{}{pad} = {}", input.name, value.replace('\n', " "))
    });
    told.collect()
}

fn size(outline: &Outline) -> String {
    let changing = match (outline.changing, outline.steps) {
        (0, _) => "none changes the world".to_owned(),
        (some, all) if some == all => "all change the world".to_owned(),
        (1, _) => "1 changes the world".to_owned(),
        (some, _) => format!("{some} change the world"),
    };
    let questions = if outline.questions == 1 { "question" } else { "questions" };
    format!("{}, {changing}; {} {questions} to people", outline.steps, outline.questions)
}

/// Each approval, and who is in the groups that may give it.
fn approvals(plan: &Plan, outline: &Outline, around: &Around) -> Vec<String> {
    let mut groups = BTreeSet::new();
    for node in &plan.nodes {
        if let Op::Do(effect) = &node.op
            && let Act::Person(question) = &effect.act
            && let QuestionKind::Approval { quorum, .. } = &question.kind
        {
            groups.extend(quorum.iter().map(|one| one.from.as_str()));
        }
    }
    let known = groups.into_iter().filter_map(|group| Some((group, around.members.get(group)?)));
    let members = known.map(|(group, members)| format!("{group}: {}", members.join(", ")));
    outline.approvals.iter().cloned().chain(members).collect()
}

fn for_good(outline: &Outline) -> Vec<String> {
    outline
        .irreversible
        .iter()
        .map(|step| format!("{} \"{}\" cannot be undone", step.number, step.title))
        .collect()
}
