//! The outline as text for a terminal.

use std::fmt::Write;

use super::failures::{Failure, Point, StaysItem, UndoneItem};
use super::item::Item;
use super::lasting::Lasting;
use super::outline::Outline;
use super::probe::rows;
use crate::view::Style;
use crate::view::columns::{NARROWEST, cut, wrapped};
use crate::view::paint::{Ink, paint};

/// Scripts and prose of more lines are folded to [`FOLDED`].
const LONG: usize = 8;
const FOLDED: usize = 6;
/// Nothing is indented further: deep trees stay readable, and their print stays linear.
const DEEPEST: usize = 40;
/// Columns for the points of a row of the failures.
const POINTS: usize = 52;

/// Draws the outline. `full` folds nothing.
#[must_use]
pub fn plan_text(outline: &Outline, style: Style, full: bool) -> String {
    let width = outline.steps.to_string().len().max(2);
    let mut page = Page { out: String::new(), colour: style.colour, columns: style.width, full, width };
    page.head(outline);
    page.inputs(outline);
    page.out.push('\n');
    outline.items.iter().for_each(|item| page.item(item, 0, false));
    page.failures(outline);
    page.looks(outline);
    page.out
}

struct Page {
    out: String,
    colour: bool,
    /// Columns of the screen.
    columns: usize,
    full: bool,
    /// Columns of the step numbers.
    width: usize,
}

impl Page {
    fn line(&mut self, number: Option<usize>, depth: usize, text: &str) {
        let number = number.map(|number| number.to_string()).unwrap_or_default();
        let number = format!("{number:>width$}", width = self.width);
        let number = paint(self.colour, Ink::Faint, &number);
        let pad = "  ".repeat(depth.min(DEEPEST));
        let room = self.columns.saturating_sub(self.width + 2 + pad.len()).max(NARROWEST);
        let mut rows = wrapped(text, room).into_iter();
        let line = format!("{number}  {pad}{}", rows.next().unwrap_or_default());
        _ = writeln!(self.out, "{}", line.trim_end());
        for row in rows {
            _ = writeln!(self.out, "{:width$}  {pad}{row}", "", width = self.width);
        }
    }

    fn head(&mut self, outline: &Outline) {
        let title = paint(self.colour, Ink::Strong, &format!("{} {}", outline.title, outline.version));
        let short: String = outline.digest.chars().take(12).collect();
        _ = writeln!(self.out, "{title}");
        let (steps, asks) = (count(outline.steps, "step"), count(outline.questions, "question"));
        let changing = match (outline.changing, outline.steps) {
            (0, _) => "none changes the world".to_owned(),
            (1, 1) => "it changes the world".to_owned(),
            (1, _) => "1 changes the world".to_owned(),
            (some, all) if some == all => "all change the world".to_owned(),
            (some, _) => format!("{some} change the world"),
        };
        _ = writeln!(self.out, "plan {short} · {steps}, {changing} · {asks} to people");
        for approval in &outline.approvals {
            _ = writeln!(self.out, "approval            {approval}");
        }
        let point = outline.point_of_no_return.as_ref().map_or("none".to_owned(), |title| quoted(title));
        _ = writeln!(self.out, "point of no return  {point}");
        if let Some(lasting) = lasting_words(&outline.lasting) {
            _ = writeln!(self.out, "lasts               {lasting}");
        }
        let lost: Vec<_> =
            outline.irreversible.iter().map(|step| format!("{} \"{}\"", step.number, step.title)).collect();
        if !lost.is_empty() {
            let lost = paint(self.colour, Ink::Bad, &lost.join(", "));
            _ = writeln!(self.out, "cannot be undone    {lost}");
        }
    }

    fn looks(&mut self, outline: &Outline) {
        for (title, rows) in outline.looks.as_deref().map(rows).into_iter().flatten() {
            if rows.is_empty() {
                continue;
            }
            _ = writeln!(self.out, "\n{}", title.to_lowercase());
            for [path, answer] in rows {
                let room = self.columns.saturating_sub(4).max(NARROWEST);
                let row = format!("{path}: {answer}");
                let row = wrapped(&row, room).join("\n    ");
                _ = writeln!(self.out, "  {row}");
            }
        }
    }

    fn inputs(&mut self, outline: &Outline) {
        if outline.inputs.is_empty() {
            return;
        }
        self.out.push_str("\ninputs\n");
        let width = outline.inputs.iter().map(|input| input.name.chars().count()).max().unwrap_or(0);
        for input in &outline.inputs {
            let shown = match (&input.value, &input.from) {
                (Some(value), _) => value.clone(),
                (None, Some(from)) => format!("⟨{}, from {from}⟩", input.ty),
                (None, None) => format!("⟨{}, not given⟩", input.ty),
            };
            _ = writeln!(self.out, "  {:width$} = {shown}", input.name);
        }
    }

    /// An item and what is below it. `looking`: everything around it looks anyway.
    fn item(&mut self, item: &Item, depth: usize, looking: bool) {
        if item.kind == "commit" {
            return self.commit(item, depth);
        }
        let line = words(item, looking, self.colour);
        self.line(item.number, depth, &line);
        self.fold(item.prose.as_deref(), depth + 1, "");
        self.fold(item.script.as_deref(), depth + 1, "│ ");
        let looking = looks_inside(item, looking);
        item.items.iter().for_each(|inner| self.item(inner, depth + 1, looking));
    }

    fn commit(&mut self, item: &Item, depth: usize) {
        let title = item.title.as_deref().unwrap_or_default();
        let bar = format!("━━━ point of no return: \"{title}\" ━━━");
        let bar = paint(self.colour, Ink::Alert, &bar);
        self.line(None, depth, &bar);
        self.line(None, depth + 1, "after this nothing is rolled back; restores still run");
        self.fold(item.prose.as_deref(), depth + 1, "");
    }

    /// A text of several lines, folded where it is long.
    fn fold(&mut self, text: Option<&str>, depth: usize, mark: &str) {
        let Some(text) = text else { return };
        let lines = text.trim_end().lines().count();
        let shown = if self.full || lines <= LONG { lines } else { FOLDED };
        for line in text.lines().take(shown) {
            self.line(None, depth, &format!("{mark}{line}"));
        }
        if shown < lines {
            let more = format!("{mark}… {} more lines (--full shows them)", lines - shown);
            let more = paint(self.colour, Ink::Faint, &more);
            self.line(None, depth, &more);
        }
    }

    fn failures(&mut self, outline: &Outline) {
        let Some(failures) = &outline.failures else {
            let points = outline.points_of_failure;
            _ = writeln!(self.out, "\n{points} points of failure; --full tells what each would undo");
            return;
        };
        if failures.is_empty() {
            return;
        }
        let heads = ["if this fails", "this is undone, newest first", "and this stays"];
        let heads = heads.map(str::to_owned);
        let rows: Vec<[String; 3]> = failures.iter().map(row).collect();
        let widths = [0, 1].map(|column| {
            let cells = rows.iter().chain([&heads]).filter_map(|row| row.get(column));
            cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
        });
        self.out.push('\n');
        let widest = rows.iter().map(|[.., stays]| stays.chars().count()).max().unwrap_or(0);
        if widths.iter().sum::<usize>() + widest + 4 > self.columns {
            rows.iter().for_each(|row| self.stacked(&heads, row));
            return self.legend(failures);
        }
        for ([point, undone, stays], head) in
            [(&heads, true)].into_iter().chain(rows.iter().map(|row| (row, false)))
        {
            let [first, second] = widths;
            let line = format!("{point:first$}  {undone:second$}  {stays}");
            let line = if head { paint(self.colour, Ink::Strong, line.trim_end()) } else { line };
            _ = writeln!(self.out, "{}", line.trim_end());
        }
        self.legend(failures);
    }

    /// A row of a table that is too wide, its cells below each other.
    fn stacked(&mut self, heads: &[String; 3], row: &[String; 3]) {
        let room = self.columns.saturating_sub(4).max(NARROWEST);
        for (at, (head, cell)) in heads.iter().zip(row).enumerate().filter(|(_, (_, cell))| !cell.is_empty())
        {
            let indent = if at == 0 { "" } else { "  " };
            let head = paint(self.colour, Ink::Strong, &format!("{head}:"));
            for (row, text) in wrapped(&format!("{head} {cell}"), room).iter().enumerate() {
                let hang = if row == 0 { indent.to_owned() } else { format!("{indent}  ") };
                _ = writeln!(self.out, "{hang}{}", text.trim_start());
            }
        }
    }

    fn legend(&mut self, failures: &[Failure]) {
        let unsure = failures.iter().flat_map(|failure| &failure.undone).any(|undone| !undone.sure);
        let stays = failures.iter().flat_map(|failure| &failure.stays);
        let harmless = stays.clone().any(|stays| stays.why == "nothing to undo");
        let unanswered = stays.clone().any(|stays| stays.why == "no answer");
        let notes = [
            (unsure, "?  only if the step has run"),
            (harmless, "(n)  says itself that nothing needs undoing"),
            (unanswered, "n!  says nothing about undo"),
        ];
        for (_, note) in notes.into_iter().filter(|(used, _)| *used) {
            let note = paint(self.colour, Ink::Faint, note);
            _ = writeln!(self.out, "{note}");
        }
        if let Some(doubt) = doubt(failures) {
            self.out.push('\n');
            let room = self.columns.saturating_sub(2).max(NARROWEST);
            wrapped(&doubt, room).iter().for_each(|row| _ = writeln!(self.out, "{row}"));
        }
    }
}

/// Whether what is in an item looks anyway.
pub(super) fn looks_inside(item: &Item, looking: bool) -> bool {
    let looking = looking || matches!(item.kind, "check" | "guard" | "every" | "done when" | "gate");
    looking && !matches!(item.kind, "step" | "manual")
}

/// An item in one line. `looking`: everything around it looks anyway.
pub(super) fn words(item: &Item, looking: bool, colour: bool) -> String {
    let effect = matches!(item.kind, "run" | "script" | "http");
    let look = if effect && item.class == "reads" && !looking { "look " } else { "" };
    let binds =
        if item.binds.is_empty() { String::new() } else { format!("let {} = ", item.binds.join(", ")) };
    let strong = matches!(item.kind, "step" | "manual" | "phase");
    let kind = if strong { paint(colour, Ink::Strong, item.kind) } else { item.kind.to_owned() };
    let kind = if item.kind == "let" { String::new() } else { format!("{look}{kind}") };
    let mut words = vec![kind];
    let title = item.title.as_ref().map(|title| quoted(title));
    words.extend(title.clone().filter(|_| item.kind != "ask"));
    words.extend(item.text.as_ref().map(|text| {
        let none = item.kind == "rollback none";
        if none { format!("({text})") } else { text.clone() }
    }));
    words.extend(title.filter(|_| item.kind == "ask"));
    if let Some(on) = item.on.as_ref().filter(|_| strong) {
        words.push(paint(colour, Ink::Alert, &format!("ON {on}")));
    }
    // Beside the words of a program they would seem to be some of them.
    if item.kind == "run" && !item.options.is_empty() {
        words.push(format!("{{ {} }}", item.options.join("; ")));
    } else {
        words.extend(item.options.iter().cloned());
    }
    if matches!(item.kind, "step" | "manual") {
        let ink = if item.class == "irreversible" { Ink::Bad } else { Ink::Faint };
        words.push(paint(colour, ink, &format!("[{}]", item.class)));
    }
    words.retain(|word| !word.is_empty());
    binds + &words.join(" ")
}

/// The steps of which only a person can say whether they were done, and what would say it instead.
pub(super) fn doubt(failures: &[Failure]) -> Option<String> {
    let points = failures.iter().flat_map(|failure| &failure.points);
    let numbers: Vec<_> =
        points.filter(|point| point.stuck_if_unknown).filter_map(|point| point.number).collect();
    let next = |one: &usize, next: &usize| one + 1 == *next;
    let runs = numbers.chunk_by(next).map(|run| match run {
        [first, _, .., last] => format!("{first}–{last}"),
        run => run.iter().map(usize::to_string).collect::<Vec<_>>().join(" "),
    });
    let runs = runs.collect::<Vec<_>>().join(" ");
    (!numbers.is_empty()).then(|| {
        format!(
            "stuck if unknown: {runs} (after a crash or a lost connection only a person can say whether it was done; \"done when\" or \"idempotent\" would)"
        )
    })
}

/// How long a run lasts, in a line; nothing where the plan says nothing of it.
pub(super) fn lasting_words(lasting: &Lasting) -> Option<String> {
    let typical = (lasting.typical_seconds > 0).then(|| format!("{} of waiting", lasting.typical));
    let worst = (lasting.worst_seconds > 0).then(|| format!("at worst {}", lasting.worst));
    let open: Vec<_> = lasting.without_limit.iter().map(|(why, count)| without_limit(why, *count)).collect();
    let open = (!open.is_empty()).then(|| format!("without a limit: {}", open.join(", ")));
    let told: Vec<_> = [typical, worst, open].into_iter().flatten().collect();
    (!told.is_empty()).then(|| told.join(", "))
}

fn without_limit(why: &str, number: usize) -> String {
    match why {
        "people" => count(number, "question"),
        "programs" => count(number, "program"),
        "locks" => count(number, "lock"),
        "times" => count(number, "moment"),
        "windows" => count(number, "window"),
        "lists" => count(number, "list"),
        _ => count(number, "length"),
    }
}

fn count(number: usize, word: &str) -> String {
    if number == 1 { format!("1 {word}") } else { format!("{number} {word}s") }
}

fn quoted(title: &str) -> String {
    format!("\"{title}\"")
}

fn row(failure: &Failure) -> [String; 3] {
    let mut undone = undone(&failure.undone);
    if let Some(gaps) = failure.gaps() {
        undone = format!("{undone}; {gaps}");
    }
    if failure.after_commit.is_some() {
        undone = format!("retry, by hand or give up; then {undone}");
    }
    if let Some(attempt) = &failure.within {
        undone = format!("{undone}; then `otherwise` of \"{attempt}\"");
    }
    [points(&failure.points), undone, stays(&failure.stays)]
}

fn points(points: &[Point]) -> String {
    match points {
        [] => String::new(),
        [only] => cut(&point(only), POINTS),
        [first, .., last] => {
            let first = cut(&point(first), POINTS / 2);
            let last = cut(&point(last), POINTS.saturating_sub(first.chars().count() + 4));
            format!("{first} to {last}")
        }
    }
}

fn point(point: &Point) -> String {
    match point.number {
        Some(number) => number.to_string(),
        None => format!("{} \"{}\"", point.kind, point.title),
    }
}

/// `rollback 5 3; restore 2`, runs of neighbours as `9–3`.
fn undone(undone: &[UndoneItem]) -> String {
    if undone.is_empty() {
        return "nothing".to_owned();
    }
    let kinds = undone.chunk_by(|one, next| one.what == next.what);
    let told = kinds.map(|kind| {
        let what = kind.first().map_or("", |one| one.what);
        format!("{what} {}", numbers(kind))
    });
    told.collect::<Vec<_>>().join("; ")
}

fn numbers(undone: &[UndoneItem]) -> String {
    let next = |one: &UndoneItem, next: &UndoneItem| {
        one.sure == next.sure && one.step.number == next.step.number + 1
    };
    let runs = undone.chunk_by(next).map(|run| match run {
        [first, _, .., last] => format!("{}–{}{}", first.step.number, last.step.number, unsure(last)),
        run => {
            let each = run.iter().map(|one| format!("{}{}", one.step.number, unsure(one)));
            each.collect::<Vec<_>>().join(" ")
        }
    });
    runs.collect::<Vec<_>>().join(" ")
}

fn unsure(undone: &UndoneItem) -> &'static str {
    if undone.sure { "" } else { "?" }
}

fn stays(stays: &[StaysItem]) -> String {
    let each = stays.iter().map(|stays| match stays.why {
        "irreversible" => format!("{} irreversible", stays.step.number),
        "nothing to undo" => format!("({})", stays.step.number),
        "no answer" => format!("{}!", stays.step.number),
        _ => stays.step.number.to_string(),
    });
    each.collect::<Vec<_>>().join(" ")
}
