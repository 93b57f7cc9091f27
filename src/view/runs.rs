//! The list of runs: how each stands, since when, and what the open ones need and from whom.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::Style;
use super::columns::wrapped;
use super::live::clean;
use super::moment::clock;
use super::paint::{Ink, paint};

/// A run as it is listed.
#[derive(Clone, Debug)]
pub struct RunRow {
    /// Its short id.
    pub id: String,
    /// Title of the runbook.
    pub title: String,
    /// How it stands, in a word or two.
    pub status: String,
    /// Since when it stands so.
    pub since: Timestamp,
    /// What it needs, where it is open.
    pub needs: Vec<String>,
    /// Locks that it holds.
    pub holds: Vec<String>,
}

/// Below this width what a run needs stands under it, not beside it.
const BESIDE: usize = 120;
/// So much of a title is told where room is short.
const TITLE: usize = 40;
/// What stands under a run is so far to the right.
const UNDER: usize = 7;

/// The rows as a table, on a screen with a head.
#[must_use]
pub fn runs_text(rows: &[RunRow], zone: &TimeZone, now: Timestamp, style: Style) -> String {
    let cells: Vec<Cells> = rows.iter().map(|row| Cells::of(row, zone, now)).collect();
    let widest = |cell: fn(&Cells) -> &str, head: &str| {
        cells.iter().map(|cells| cell(cells).width()).chain([head.width()]).max().unwrap_or(0)
    };
    let id = widest(|cells| &cells.id, "run");
    let status = widest(|cells| &cells.status, "state");
    let since = widest(|cells| &cells.since, "since");
    let before = id + status + since + 6;
    let title = widest(|cells| &cells.title, "runbook").min(TITLE.max(style.width / 4));
    let beside = style.width >= BESIDE;
    let title = if beside { title } else { title.min(style.width.saturating_sub(before).max(10)) };
    let table = Table { id, title, status, since, beside, style };
    // A program that reads lines wants no head.
    let head = if style.width == usize::MAX { String::new() } else { table.head() };
    cells.iter().fold(head, |text, cells| text + &table.row(cells))
}

/// The texts of a row.
struct Cells {
    id: String,
    title: String,
    status: String,
    since: String,
    open: bool,
    needs: Vec<String>,
}

impl Cells {
    fn of(row: &RunRow, zone: &TimeZone, now: Timestamp) -> Self {
        let holds = row.holds.iter().map(|lock| format!("holds `{lock}`"));
        Self {
            id: row.id.clone(),
            title: clean(&row.title).replace('\n', " "),
            status: row.status.clone(),
            since: clock(zone, now, row.since),
            open: !row.needs.is_empty(),
            needs: row
                .needs
                .iter()
                .cloned()
                .chain(holds)
                .map(|text| clean(&text).replace('\n', " "))
                .collect(),
        }
    }
}

/// Columns with their widths.
struct Table {
    id: usize,
    title: usize,
    status: usize,
    since: usize,
    beside: bool,
    style: Style,
}

impl Table {
    fn head(&self) -> String {
        let head = self.columns(["run", "runbook", "state", "since"]);
        let head = if self.beside { head + "  needs" } else { head.trim_end().to_owned() };
        paint(self.style.colour, Ink::Faint, &head) + "\n"
    }

    fn columns(&self, [id, title, status, since]: [&str; 4]) -> String {
        let cells = [(id, self.id), (title, self.title), (status, self.status), (since, self.since)];
        let cells = cells.map(|(text, width)| padded(&fitted(text, width), width));
        cells.join("  ")
    }

    fn row(&self, cells: &Cells) -> String {
        let columns = self.columns([&cells.id, &cells.title, &cells.status, &cells.since]);
        let own = columns.width() + 2;
        let indent = if self.beside { own } else { UNDER };
        let room = self.style.width.saturating_sub(indent).max(20);
        let mut needs = cells.needs.iter().flat_map(|need| wrapped(need, room));
        let first = if self.beside { needs.next() } else { None };
        let first = first.map(|need| format!("  {}", self.inked(cells, &need))).unwrap_or_default();
        let columns = if first.is_empty() { columns.trim_end().to_owned() } else { columns };
        let rest = needs
            .fold(String::new(), |all, need| all + &" ".repeat(indent) + &self.inked(cells, &need) + "\n");
        format!("{columns}{first}\n{rest}")
    }

    fn inked(&self, cells: &Cells, text: &str) -> String {
        if cells.open { paint(self.style.colour, Ink::Alert, text) } else { text.to_owned() }
    }
}

/// A text with blanks behind it up to a width.
fn padded(text: &str, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(text.width())))
}

/// A text cut to a width, with a mark where it was.
fn fitted(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mut room = width.saturating_sub(1);
    let kept = text.chars().take_while(|c| {
        let wide = c.width().unwrap_or(0);
        let fits = wide <= room;
        room = room.saturating_sub(wide);
        fits
    });
    format!("{}…", kept.collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(id: &str, title: &str, status: &str, needs: &[&str]) -> RunRow {
        RunRow {
            id: id.into(),
            title: title.into(),
            status: status.into(),
            since: "2026-11-21T14:03:12Z".parse().unwrap_or_default(),
            needs: needs.iter().map(|need| (*need).to_owned()).collect(),
            holds: if status == "stuck" { vec!["memoria /srv/memoria.db".into()] } else { vec![] },
        }
    }

    fn drawn(width: usize) -> String {
        let rows = [
            row(
                "k2x9z",
                "Memoria GA upgrade, self-managed",
                "waiting",
                &["approval `Go` from 2 of release-managers, until 18:03:12"],
            ),
            row(
                "b7c4d",
                "Move the shop to the other side of the town, 店を移す, and back again",
                "stuck",
                &["settle: Copy orders / Copy: exit code 1; it was: cp orders.db /mnt/elsewhere/orders.db"],
            ),
            row("m3n5p", "Rollout", "completed", &[]),
        ];
        let now = "2026-11-21T15:00:00Z".parse().unwrap_or_default();
        runs_text(&rows, &TimeZone::UTC, now, Style { colour: false, width })
    }

    #[test]
    fn no_row_is_wider_than_the_screen() {
        for width in [60, 80, 119, 120, 200] {
            let text = drawn(width);
            assert!(text.lines().all(|line| line.width() <= width), "{width}:\n{text}");
            for part in ["18:03:12", "/mnt/elsewhere/orders.db", "holds `memoria", "m3n5p"] {
                assert!(text.contains(part), "{width}: {part}\n{text}");
            }
        }
    }

    #[test]
    fn a_narrow_screen_has_needs_below_a_wide_one_beside() {
        insta::assert_snapshot!(format!("60 columns\n{}\n200 columns\n{}", drawn(60), drawn(200)));
    }
}
