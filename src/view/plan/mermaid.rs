//! The outline as a Mermaid flow chart: what follows what, and what each thing does to the world.

use std::fmt::Write;

use super::item::Item;
use super::outline::Outline;

/// What stands in the boxes of others.
const GROUPS: &[&str] = &[
    "phase",
    "parallel",
    "for",
    "repeat",
    "attempt",
    "otherwise",
    "if",
    "else",
    "else if",
    "answer",
    "call",
    "gate",
];
/// What is a box of its own.
const BOXES: &[&str] = &[
    "step",
    "manual",
    "check",
    "approval",
    "confirm",
    "judge",
    "ask",
    "choose",
    "wait",
    "end",
    "fail",
    "commit",
    "exclusive",
];
/// What is gone instead of what stands before it.
const ANOTHER_WAY: &[&str] = &["else if", "else", "otherwise"];
/// Boxes inside of boxes are read no deeper.
const DEEPEST: usize = 6;

const CLASSES: &str = "  classDef changes fill:#fff3d6,stroke:#b7791f,color:#111\n  \
classDef irreversible fill:#fde2e2,stroke:#c53030,color:#111\n  \
classDef reads fill:#e6f0fa,stroke:#2b6cb0,color:#111\n  \
classDef asks fill:#ece6fa,stroke:#6b46c1,color:#111\n";

/// The steps, checks and questions in their order, groups as boxes around them; a rollback hangs from its step.
#[must_use]
pub fn plan_mermaid(outline: &Outline) -> String {
    let mut chart = Chart { text: String::from("flowchart TD\n"), next: 0, edges: String::new() };
    _ = writeln!(chart.text, "  begin([\"{} {}\"])", label(&outline.title), label(&outline.version));
    let last = chart.items(&outline.items, vec!["begin".to_owned()], 0);
    _ = writeln!(chart.text, "  over([\"end\"])");
    chart.join(&last, "over");
    chart.text + &chart.edges + CLASSES
}

struct Chart {
    text: String,
    next: usize,
    edges: String,
}

impl Chart {
    /// Draws items one after the other; gives the ends from which it goes on.
    fn items(&mut self, items: &[Item], from: Vec<String>, depth: usize) -> Vec<String> {
        let ways = items.chunk_by(|one, next| {
            ANOTHER_WAY.contains(&next.kind) || (one.kind, next.kind) == ("answer", "answer")
        });
        ways.fold(from, |from, ways| match ways {
            [only] if !matches!(only.kind, "if" | "answer") => self.item(only, from, depth),
            ways => self.ways(ways, &from, depth),
        })
    }

    /// Several ways of which one is gone; without an `else` none of them may be.
    fn ways(&mut self, ways: &[Item], from: &[String], depth: usize) -> Vec<String> {
        let mut ends: Vec<_> = ways.iter().flat_map(|way| self.item(way, from.to_vec(), depth)).collect();
        if ways.last().is_some_and(|last| matches!(last.kind, "if" | "else if")) {
            ends.extend_from_slice(from);
        }
        ends
    }

    fn item(&mut self, item: &Item, from: Vec<String>, depth: usize) -> Vec<String> {
        let group = GROUPS.contains(&item.kind) && depth < DEEPEST;
        if group && item.items.iter().any(is_drawn) {
            return self.group(item, from, depth);
        }
        // A group in which nothing is drawn is a box, so that the way through it is seen.
        let own = group && (item.kind == "answer" || !item.items.is_empty());
        if own || BOXES.contains(&item.kind) { self.single(item, &from) } else { from }
    }

    fn group(&mut self, item: &Item, from: Vec<String>, depth: usize) -> Vec<String> {
        let id = self.id("g");
        _ = writeln!(self.text, "  subgraph {id}[\"{}\"]", label(&heading(item)));
        let ends = if item.kind == "parallel" {
            item.items.iter().flat_map(|inner| self.item(inner, from.clone(), depth + 1)).collect()
        } else {
            self.items(&item.items, from, depth + 1)
        };
        self.text.push_str("  end\n");
        ends
    }

    fn single(&mut self, item: &Item, from: &[String]) -> Vec<String> {
        let id = self.id("n");
        let title = label(&heading(item));
        let shape = match item.kind {
            "commit" => format!("{{{{\"{title}\"}}}}"),
            "check" => format!("{{\"{title}\"}}"),
            "end" | "fail" => format!("([\"{title}\"])"),
            _ => format!("[\"{title}\"]"),
        };
        let class = if item.class.is_empty() { String::new() } else { format!(":::{}", item.class) };
        _ = writeln!(self.text, "  {id}{shape}{class}");
        self.join(from, &id);
        for undo in item.items.iter().filter(|inner| matches!(inner.kind, "rollback" | "restore")) {
            let under = self.id("u");
            _ = writeln!(self.text, "  {under}[/\"{}\"/]", undo.kind);
            _ = writeln!(self.edges, "  {id} -.- {under}");
        }
        if matches!(item.kind, "end" | "fail") { vec![] } else { vec![id] }
    }

    fn join(&mut self, from: &[String], to: &str) {
        for one in from {
            _ = writeln!(self.edges, "  {one} --> {to}");
        }
    }

    fn id(&mut self, letter: &str) -> String {
        self.next += 1;
        format!("{letter}{}", self.next)
    }
}

/// Whether an item comes to be seen in the chart, or something in it.
fn is_drawn(item: &Item) -> bool {
    let group = GROUPS.contains(&item.kind) && (item.kind == "answer" || !item.items.is_empty());
    group || BOXES.contains(&item.kind)
}

fn heading(item: &Item) -> String {
    let number = item.number.map(|number| format!("{number} ")).unwrap_or_default();
    let kind = if matches!(item.kind, "step") { String::new() } else { format!("{} ", item.kind) };
    let title = item.title.as_deref().or(item.text.as_deref()).unwrap_or_default();
    format!("{number}{kind}{title}").trim().to_owned()
}

/// Text that means nothing to Mermaid: it knows the entities of HTML by number.
fn label(text: &str) -> String {
    let special = |c: char| c.is_control() || r##""#;<>[]{}()|\`&"##.contains(c);
    text.chars().fold(String::new(), |mut all, c| {
        if special(c) {
            _ = write!(all, "#{};", if c.is_control() { 32 } else { u32::from(c) });
        } else {
            all.push(c);
        }
        all
    })
}
