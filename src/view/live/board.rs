//! What is on, as rows for the foot of a screen.

use std::collections::HashMap;

use jiff::{SignedDuration, Timestamp};
use unicode_width::UnicodeWidthStr;

use super::{Ahead, Moving, Now, clean};
use crate::event::EffectId;
use crate::view::Style;
use crate::view::columns::cut;
use crate::view::paint::{Ink, paint};

/// Rows for what moves at most; the rest is counted.
const MOST: usize = 8;
/// Turns while something runs.
const TURNS: [&str; 8] = ["⣷", "⣯", "⣟", "⡿", "⢿", "⣻", "⣽", "⣾"];

/// What a screen shows besides what is on.
#[derive(Debug)]
pub struct Screenful<'a> {
    /// Now.
    pub at: Timestamp,
    /// Counts up with each drawing.
    pub turn: usize,
    /// The last line of what runs.
    pub printed: &'a HashMap<EffectId, String>,
    /// The last lines of the output that is unfolded; `None` while it is folded.
    pub output: Option<Vec<String>>,
    /// Lines of the screen.
    pub height: usize,
    /// How it is drawn.
    pub style: Style,
}

impl Now {
    /// One row for each thing that runs or waits, with the last line that it printed; the output where that is
    /// unfolded; the steps that come; and one row for the run as a whole.
    #[must_use]
    pub fn rows(&self, screen: &Screenful<'_>) -> Vec<String> {
        let style = screen.style;
        let most = MOST.min((screen.height / 3).max(1));
        let mut rows: Vec<String> = self.moving.iter().take(most).map(|moving| moving.row(screen)).collect();
        let more = self.moving.len().saturating_sub(most);
        if more > 0 {
            rows.push(format!("  and {more} more"));
        }
        rows.extend(screen.output_rows(rows.len()));
        let room = screen.height.saturating_sub(rows.len() + 3).min(screen.height / 4);
        let next = self.next.iter().take(room).map(|ahead| ahead.row(screen.at, style));
        rows.extend(next.collect::<Vec<_>>());
        rows.push(self.foot(screen, room));
        rows
    }

    fn foot(&self, screen: &Screenful<'_>, room: usize) -> String {
        let untold = self.more + self.next.len().saturating_sub(room);
        let then = if untold > 0 && room > 0 { format!(" · then {untold} more") } else { String::new() };
        let key = match screen.output {
            Some(_) => " · o folds the output",
            None if screen.printed.is_empty() => "",
            None => " · o shows the output",
        };
        let text = cut(&format!("  {}{then}{key}", clean(&self.head)), screen.style.width);
        paint(screen.style.colour, Ink::Faint, &text)
    }
}

impl Screenful<'_> {
    /// The unfolded output, as much of it as there is room for.
    fn output_rows(&self, above: usize) -> Vec<String> {
        let Some(output) = &self.output else { return vec![] };
        let room = self.height.saturating_sub(above + 4).max(1);
        let width = self.style.width.saturating_sub(4);
        let shown = output.iter().skip(output.len().saturating_sub(room));
        let rows = shown.map(|line| {
            format!("  {} {}", paint(self.style.colour, Ink::Faint, "│"), cut(&clean(line), width))
        });
        let rows: Vec<String> = rows.map(|row| row.trim_end().to_owned()).collect();
        if rows.is_empty() { vec!["  │ nothing is printed yet".to_owned()] } else { rows }
    }
}

impl Ahead {
    /// `○ Restart  due in 4m 10s`
    fn row(&self, at: Timestamp, style: Style) -> String {
        let due = self.due.map(|due| due_in(at, due)).unwrap_or_default();
        let title = cut(&clean(&self.title), style.width.saturating_sub(due.width() + 4));
        let ink = if self.due.is_some_and(|due| due < at) { Ink::Bad } else { Ink::Faint };
        let row = if due.is_empty() { format!("○ {title}") } else { format!("○ {title}  {due}") };
        paint(style.colour, ink, &row)
    }
}

impl Moving {
    /// `⣷ Run schema migrations  12s  applied 0005_metadata_json`
    fn row(&self, screen: &Screenful<'_>) -> String {
        let (at, style) = (screen.at, screen.style);
        let mark = TURNS.get(screen.turn % TURNS.len()).copied().unwrap_or("·");
        let printed = self.effect.and_then(|effect| screen.printed.get(&effect));
        let mut clock = match self.until {
            Some(until) if until > at => format!("{}, {} left", clock(at, self.since), clock(until, at)),
            _ => clock(at, self.since),
        };
        clock.extend(self.due.map(|due| format!(", {}", due_in(at, due))));
        let text = printed.map(|line| clean(line).into_owned()).filter(|line| !line.trim().is_empty());
        let text = text.unwrap_or_else(|| clean(&self.text).into_owned());
        // The title may take half of the row, so that something is seen of what happens.
        let beside = mark.width() + clock.width() + 5;
        let title = cut(&clean(&self.title), (style.width / 2).min(style.width.saturating_sub(beside)));
        let room = style.width.saturating_sub(beside + title.width());
        let text = if room < 4 { String::new() } else { cut(&text, room) };
        let late = self.due.is_some_and(|due| due < at);
        let clock = if late { paint(style.colour, Ink::Bad, &clock) } else { clock };
        let (mark, title) = (paint(style.colour, Ink::Alert, mark), paint(style.colour, Ink::Strong, &title));
        let row = format!("{mark} {title}  {clock}  {}", paint(style.colour, Ink::Faint, &text));
        row.trim_end().to_owned()
    }
}

/// `due in 4m 10s`, `overdue by 12s`.
fn due_in(at: Timestamp, due: Timestamp) -> String {
    if due < at { format!("overdue by {}", clock(at, due)) } else { format!("due in {}", clock(due, at)) }
}

/// `0s`, `1m 5s`, `2h 10m`, `3d 4h`.
fn clock(later: Timestamp, earlier: Timestamp) -> String {
    let seconds = later.duration_since(earlier).max(SignedDuration::ZERO).as_secs();
    match seconds {
        ..60 => format!("{seconds}s"),
        60..3600 => format!("{}m {}s", seconds / 60, seconds % 60),
        3600..86_400 => format!("{}h {}m", seconds / 3600, seconds / 60 % 60),
        _ => format!("{}d {}h", seconds / 86_400, seconds / 3600 % 24),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(seconds).unwrap()
    }

    fn now() -> Now {
        let moving = |title: &str, text: &str, effect, until| Moving {
            effect,
            title: title.into(),
            text: text.into(),
            since: at(1_000),
            until,
            due: None,
        };
        let until = at(1_600);
        let ahead = |title: &str, due| Ahead { title: title.into(), due };
        Now {
            head: "3 of 8 steps".into(),
            moving: vec![
                moving("Run schema migrations", "migrate run --all", Some(EffectId(4)), None),
                moving("Queue depth is normal", "250 wait, look 3", None, Some(until)),
            ],
            next: vec![ahead("Restart", Some(at(1_095))), ahead("Ingest a sample", Some(at(1_005)))],
            more: 1,
        }
    }

    fn drawn(now: &Now, width: usize, printed: &str, output: Option<Vec<String>>) -> Vec<String> {
        let printed = HashMap::from([(EffectId(4), printed.to_owned())]);
        let style = Style { colour: false, width };
        now.rows(&Screenful { at: at(1_065), turn: 0, printed: &printed, output, height: 30, style })
    }

    /// Titles and commands hold what programs printed, too.
    #[test]
    fn no_row_moves_the_cursor_or_turns_letters_round() {
        let mut now = now();
        let Moving { title, text, .. } = &mut now.moving[1];
        for text in [&mut now.head, title, text, &mut now.next[0].title] {
            text.insert_str(0, "\u{1b}[2J\u{202e}");
        }
        let rows = drawn(&now, 200, "\u{202e}gnp.exe", Some(vec!["\u{200b}x".into()])).join("\n");
        assert!(!rows.contains(['\u{1b}', '\u{202e}', '\u{200b}']), "{rows:?}");
        assert_eq!(rows.matches("\\u{202e}").count(), 5, "{rows}");
    }

    #[test]
    fn a_row_has_title_time_and_the_last_line() {
        let rows = drawn(&now(), 200, "\u{1b}[32mapplied\u{1b}[0m 0005", None);
        assert_eq!(
            rows,
            [
                "⣷ Run schema migrations  1m 5s  applied 0005",
                "⣷ Queue depth is normal  1m 5s, 8m 55s left  250 wait, look 3",
                "○ Restart  due in 30s",
                "○ Ingest a sample  overdue by 1m 0s",
                "  3 of 8 steps · then 1 more · o shows the output",
            ]
        );
    }

    #[test]
    fn what_is_unfolded_shows_its_end() {
        let output = (1..=99).map(|line| format!("line {line}")).collect();
        let rows = drawn(&now(), 60, "line 99", Some(output));
        assert!(
            rows.contains(&"  │ line 99".to_owned()) && !rows.contains(&"  │ line 1".to_owned()),
            "{rows:#?}"
        );
        assert!(rows.len() < 30, "{rows:#?}");
        assert!(rows.last().unwrap().ends_with("o folds the output"), "{rows:#?}");
    }

    #[test]
    fn no_row_is_wider_than_the_screen() {
        let long = "a long line with 漢字 and e\u{301} in it ".repeat(20);
        for width in [40, 60, 200] {
            let rows = drawn(&now(), width, &long, Some(vec![long.clone()]));
            assert!(rows.iter().all(|row| row.width() <= width), "{width}: {rows:#?}");
        }
    }

    #[test]
    fn many_at_once_are_counted() {
        let mut now = now();
        now.moving = std::iter::repeat_n(now.moving[0].clone(), 20).collect();
        let rows = drawn(&now, 100, "x", None);
        assert_eq!(rows[MOST], "  and 12 more");
    }
}
