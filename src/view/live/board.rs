//! What is on, as rows for the foot of a screen.

use std::collections::HashMap;

use jiff::{SignedDuration, Timestamp};
use unicode_width::UnicodeWidthStr;

use super::{Moving, Now, clean};
use crate::event::EffectId;
use crate::view::Style;
use crate::view::columns::cut;
use crate::view::paint::{Ink, paint};

/// Rows for what moves at most; the rest is counted.
const MOST: usize = 8;
/// Columns for what is typed while nothing reads it.
const ECHOED: usize = 8;
/// Turns while something runs.
const TURNS: [&str; 8] = ["⣷", "⣯", "⣟", "⡿", "⢿", "⣻", "⣽", "⣾"];

impl Now {
    /// One row for each thing that runs or waits, with the last line that it printed, and one for the run as a whole.
    #[must_use]
    pub fn rows(
        &self,
        at: Timestamp,
        turn: usize,
        printed: &HashMap<EffectId, String>,
        style: Style,
    ) -> Vec<String> {
        let mark = TURNS.get(turn % TURNS.len()).copied().unwrap_or("·");
        let mut rows: Vec<String> = self
            .moving
            .iter()
            .take(MOST)
            .map(|moving| {
                let said = moving.effect.and_then(|effect| printed.get(&effect));
                moving.row(mark, at, said.map(String::as_str), style)
            })
            .collect();
        let more = self.moving.len().saturating_sub(MOST);
        if more > 0 {
            rows.push(format!("  and {more} more"));
        }
        let next =
            if self.next.is_empty() { String::new() } else { format!(" · next: {}", self.next.join(", ")) };
        // The cursor rests behind it: what a terminal echoes (`^C`) must not begin another row.
        let foot = cut(&format!("  {}{next}", self.head), style.width.saturating_sub(ECHOED));
        rows.push(paint(style.colour, Ink::Faint, &foot));
        rows
    }
}

impl Moving {
    /// `⣷ Run schema migrations  12s  applied 0005_metadata_json`
    fn row(&self, mark: &str, at: Timestamp, printed: Option<&str>, style: Style) -> String {
        let clock = match self.until {
            Some(until) if until > at => format!("{}, {} left", clock(at, self.since), clock(until, at)),
            _ => clock(at, self.since),
        };
        let text = printed.map(|line| clean(line).into_owned()).filter(|line| !line.trim().is_empty());
        let text = text.unwrap_or_else(|| self.text.clone());
        // The title may take half of the row, so that something is seen of what happens.
        let beside = mark.width() + clock.width() + 5;
        let title = cut(&self.title, (style.width / 2).min(style.width.saturating_sub(beside)));
        let room = style.width.saturating_sub(beside + title.width());
        let text = if room < 4 { String::new() } else { cut(&text, room) };
        let (mark, title) = (paint(style.colour, Ink::Alert, mark), paint(style.colour, Ink::Strong, &title));
        let row = format!("{mark} {title}  {clock}  {}", paint(style.colour, Ink::Faint, &text));
        row.trim_end().to_owned()
    }
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

    fn now() -> Now {
        let since = Timestamp::from_second(1_000).unwrap();
        let moving = |title: &str, text: &str, effect, until| Moving {
            effect,
            title: title.into(),
            text: text.into(),
            since,
            until,
        };
        let until = since.checked_add(SignedDuration::from_mins(10)).unwrap();
        Now {
            head: "3 of 8 steps".into(),
            moving: vec![
                moving("Run schema migrations", "migrate run --all", Some(EffectId(4)), None),
                moving("Queue depth is normal", "look 3, the last: not yet: 250 wait", None, Some(until)),
            ],
            next: vec!["Restart".into(), "Ingest a sample".into()],
        }
    }

    fn drawn(width: usize, printed: &str) -> Vec<String> {
        let printed = HashMap::from([(EffectId(4), printed.to_owned())]);
        let at = Timestamp::from_second(1_065).unwrap();
        now().rows(at, 0, &printed, Style { colour: false, width })
    }

    #[test]
    fn a_row_has_title_time_and_the_last_line() {
        let rows = drawn(200, "\u{1b}[32mapplied\u{1b}[0m 0005");
        assert_eq!(
            rows,
            [
                "⣷ Run schema migrations  1m 5s  applied 0005",
                "⣷ Queue depth is normal  1m 5s, 8m 55s left  look 3, the last: not yet: 250 wait",
                "  3 of 8 steps · next: Restart, Ingest a sample",
            ]
        );
    }

    #[test]
    fn no_row_is_wider_than_the_screen() {
        for width in [40, 60, 200] {
            let rows = drawn(width, &"a long line with 漢字 in it ".repeat(20));
            assert!(rows.iter().all(|row| row.width() <= width), "{width}: {rows:#?}");
        }
    }

    #[test]
    fn many_at_once_are_counted() {
        let mut now = now();
        now.moving = std::iter::repeat_n(now.moving[0].clone(), 20).collect();
        let rows = now.rows(Timestamp::UNIX_EPOCH, 0, &HashMap::new(), Style::PLAIN);
        assert_eq!(rows.len(), MOST + 2);
        assert_eq!(rows[MOST], "  and 12 more");
    }
}
