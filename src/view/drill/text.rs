//! A drill as a matrix for a screen: a row for each point, a column for each thing that goes wrong.

use std::collections::HashMap;
use std::fmt::Write;

use super::told::{CaseTold, CourseTold, DrillTold, PointTold, WayOut, wrong};
use crate::event::Injection;
use crate::view::Style;
use crate::view::columns::{cut, wrapped};
use crate::view::paint::{Ink, paint};

/// What can go wrong, as columns.
pub(super) const COLUMNS: [&str; 5] = {
    let [failure, clean, unknown, hang, crash] = Injection::ALL;
    [failure.name(), clean.name(), unknown.name(), hang.name(), crash.name()]
};

/// Columns of a cell.
const CELL: usize = 13;
/// Columns of what is done at a point.
const WHAT: usize = 40;
/// So many lines of one kind are told.
const TOLD: usize = 12;

/// Draws a drill.
#[must_use]
pub fn drill_text(told: &DrillTold, style: Style) -> String {
    let mut page = Page { out: String::new(), style };
    let title = paint(style.colour, Ink::Strong, &format!("{} {}", told.title, told.version));
    _ = writeln!(page.out, "{title}\n");
    page.matrix(told);
    for (title, lines) in notes(told) {
        page.note(&title, &lines);
    }
    let ink = if told.clean { Ink::Good } else { Ink::Bad };
    _ = writeln!(page.out, "\n{}", paint(style.colour, ink, &verdict(told)));
    page.out
}

struct Page {
    out: String,
    style: Style,
}

impl Page {
    fn matrix(&mut self, told: &DrillTold) {
        let heads = COLUMNS.map(|kind| format!("{kind:<CELL$}")).concat();
        let heads = paint(self.style.colour, Ink::Faint, heads.trim_end());
        _ = writeln!(self.out, "{:width$}{heads}", "", width = WHAT + 4);
        let mut last = "";
        for point in told.points.iter().filter(|point| is_struck(point)) {
            if point.path != last {
                _ = writeln!(self.out, "{}", paint(self.style.colour, Ink::Strong, &point.path));
                last = &point.path;
            }
            self.row(point);
        }
    }

    fn row(&mut self, point: &PointTold) {
        let part = if point.part == "forward" { String::new() } else { format!("{}: ", point.part) };
        let what = cut(&format!("{part}{}", point.what), WHAT);
        let pad = (WHAT + 2).saturating_sub(unicode_width::UnicodeWidthStr::width(what.as_str()));
        let mut row = format!("  {what}{:pad$}", "");
        for kind in COLUMNS {
            let word = cell(point, kind);
            let ink = if cases(point, kind).all(|case| case.clean) { ink(&word) } else { Ink::Bad };
            let blank = CELL.saturating_sub(word.len());
            row += &format!("{}{:blank$}", paint(self.style.colour, ink, &word), "");
        }
        _ = writeln!(self.out, "{}", row.trim_end());
    }

    fn note(&mut self, title: &str, lines: &[String]) {
        _ = writeln!(self.out, "\n{}", paint(self.style.colour, Ink::Strong, title));
        for line in lines {
            let room = self.style.width.saturating_sub(2);
            wrapped(line, room).iter().for_each(|row| _ = writeln!(self.out, "  {row}"));
        }
    }
}

fn is_struck(point: &PointTold) -> bool {
    point.cases.iter().any(|case| case.injected.is_some())
}

fn ink(word: &str) -> Ink {
    match word {
        "completed" | "rolled back" => Ink::Good,
        _ => Ink::Alert,
    }
}

fn cases<'t>(point: &'t PointTold, kind: &str) -> impl Iterator<Item = &'t CaseTold> {
    let kind = kind.to_owned();
    point.cases.iter().filter(move |case| case.injected == Some(kind.as_str()))
}

/// How a point ends where that goes wrong: the worst of its cases, or nothing where it was not tried.
pub(super) fn cell(point: &PointTold, kind: &str) -> String {
    let rank = |case: &&CaseTold| (!case.clean, case.rank);
    cases(point, kind).max_by_key(rank).map_or("", |case| case.end).to_owned()
}

/// What stands below the matrix: a title, and its lines.
pub(super) fn notes(told: &DrillTold) -> Vec<(String, Vec<String>)> {
    let all = || told.points.iter().flat_map(|point| point.cases.iter().map(move |case| (point, case)));
    let place = |point: &PointTold| {
        if point.path.is_empty() { point.what.clone() } else { format!("{}: {}", point.path, point.what) }
    };
    // What is stuck though nothing failed stands below, with its ways.
    let told_below = |case: &CaseTold| case.injected.is_none() && !case.ways_out.is_empty();
    let bad = all()
        .filter(|(_, case)| !case.clean && !told_below(case))
        .map(|(point, case)| format!("{}: {}", place(point), wrong(case)));
    let stuck = all().map(|(_, case)| case).filter(|case| case.clean && !case.ways_out.is_empty());
    let stays = all()
        .filter(|(_, case)| case.clean && case.end == "failed, kept")
        .filter_map(|(_, case)| case.why.clone());
    let hangs =
        all().filter(|(_, case)| case.stopped_by_hand && case.injected == Some(Injection::Hang.name()));
    let notes = [
        ("No way out", unique(bad)),
        (
            "Undone or stuck though nothing fails",
            unique(told.courses.iter().filter_map(|course| goes(told, course))),
        ),
        ("Stuck: where, and what `bowline settle` leads to", unique(ways_out(stuck).into_iter())),
        ("What stays", unique(stays)),
        ("Hangs until somebody stops it: no timeout", unique(hangs.map(|(point, _)| place(point)))),
        ("Courses: each as the first, but for what it names", courses(told)),
    ];
    let told = notes.into_iter().filter(|(_, lines)| !lines.is_empty());
    told.map(|(title, lines)| (title.to_owned(), lines)).collect()
}

/// What each course takes; nothing where there is one alone.
fn courses(told: &DrillTold) -> Vec<String> {
    if told.courses.len() < 2 {
        return vec![];
    }
    let takes = |course: &CourseTold| match course.takes.as_slice() {
        [] => told.first_takes.join(", "),
        takes => takes.join(", "),
    };
    unique(told.courses.iter().map(|course| format!("{}. {}", course.number, takes(course))))
}

/// How a course ends on which nothing fails, where that is not well.
fn goes(told: &DrillTold, course: &CourseTold) -> Option<String> {
    let mut untouched =
        told.points.iter().flat_map(|point| &point.cases).filter(|case| case.injected.is_none());
    let case = untouched.find(|case| case.course == course.number && case.end != "completed")?;
    let takes =
        if course.takes.is_empty() { String::new() } else { format!(" ({})", course.takes.join(", ")) };
    let why = case.why.as_ref().map(|why| format!(": {why}")).unwrap_or_default();
    let ways: Vec<String> = case.ways_out.iter().map(|way| format!("{}: {}", way.settle, way.end)).collect();
    let ways = if ways.is_empty() { String::new() } else { format!("; {}", ways.join(", ")) };
    Some(format!("course {}{takes}: {}{why}{ways}", course.number, case.end))
}

/// Why each case is stuck, with its ways out. Where the same leads elsewhere for what went wrong before, that is said too.
fn ways_out<'t>(cases: impl Iterator<Item = &'t CaseTold>) -> Vec<String> {
    let cases: Vec<_> = cases.collect();
    let mut ways: HashMap<Option<&String>, (&[WayOut], bool)> = HashMap::new();
    for case in &cases {
        let (first, differ) = ways.entry(case.why.as_ref()).or_insert((&case.ways_out, false));
        *differ |= *first != case.ways_out;
    }
    let differ = |case: &CaseTold| ways.get(&case.why.as_ref()).is_some_and(|(_, differ)| *differ);
    cases.into_iter().map(|case| way_out(case, differ(case))).collect()
}

fn way_out(case: &CaseTold, apart: bool) -> String {
    let ways: Vec<String> = case.ways_out.iter().map(|way| format!("{}: {}", way.settle, way.end)).collect();
    let after = match case.after.as_slice() {
        after @ [_, ..] if apart => format!(" (after {})", after.join(", then ")),
        _ => String::new(),
    };
    format!("{}{after}; {}", case.why.as_deref().unwrap_or_default(), ways.join(", "))
}

/// Each once, the first of them.
fn unique(lines: impl Iterator<Item = String>) -> Vec<String> {
    let mut seen = std::collections::HashSet::new();
    let mut lines: Vec<String> = lines.filter(|line| seen.insert(line.clone())).collect();
    if lines.len() > TOLD {
        let more = lines.len() - TOLD;
        lines.truncate(TOLD);
        lines.push(format!("and {more} more; --format json has them all"));
    }
    lines
}

/// The result in a line.
pub(super) fn verdict(told: &DrillTold) -> String {
    let points = told.points.iter().filter(|point| is_struck(point)).count();
    let cases = || told.points.iter().flat_map(|point| &point.cases);
    let wrong = cases().filter(|case| !case.clean).count();
    let stuck = cases().filter(|case| case.clean && !case.ways_out.is_empty()).count();
    let ended = cases().count().saturating_sub(wrong + stuck);
    let count = |count: usize, one: &str| format!("{count} {one}{}", if count == 1 { "" } else { "s" });
    let points =
        if points == 1 { "1 point of failure".into() } else { format!("{points} points of failure") };
    let counted = format!("{points}, {}, {}", count(told.courses.len(), "course"), count(told.runs, "run"));
    let are = |count: usize, one: &str, more: &str| match count {
        0 => None,
        1 => Some(format!("1 {one}")),
        count => Some(format!("{count} {more}")),
    };
    let kinds = [
        are(wrong, "ends as none may", "end as none may"),
        are(ended, "ends by itself", "end by themselves"),
        are(
            stuck,
            "is stuck with a way out (`bowline settle`)",
            "are stuck, each with a way out (`bowline settle`)",
        ),
    ];
    let kinds = kinds.into_iter().flatten().collect::<Vec<_>>().join(", ");
    format!("{}: {counted}: {kinds}", if told.clean { "clean" } else { "not clean" })
}
