//! Windows of time, as text: `Sat 02:00-04:00 Europe/Paris`, or a moment, `Sat 02:00 Europe/Paris`.
//!
//! Pure: time comes in as an argument.

use jiff::civil::{Time, Weekday};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan, Zoned};

/// A window that opens once a week, or every day.
#[derive(Clone, Debug, PartialEq)]
pub struct Window {
    day: Option<Weekday>,
    from: Time,
    to: Option<Time>,
    zone: TimeZone,
}

/// Reads `[Day] HH:MM[-HH:MM] [Zone]`; without a zone it is UTC.
///
/// # Errors
/// In words what cannot be read.
pub fn parse(text: &str) -> Result<Window, String> {
    let mut words = text.split_whitespace().peekable();
    let day = words.peek().and_then(|word| weekday(word));
    if day.is_some() {
        words.next();
    }
    let times = words.next().ok_or_else(|| format!("no time of day in {text:?}"))?;
    let (from, to) = match times.split_once('-') {
        Some((from, to)) => (time(from)?, Some(time(to)?)),
        None => (time(times)?, None),
    };
    let zone = words.next().unwrap_or("UTC");
    let zone = TimeZone::get(zone).map_err(|_| format!("no time zone is called {zone:?}"))?;
    match words.next() {
        Some(more) => Err(format!("{more:?} stands after the time zone")),
        None => Ok(Window { day, from, to, zone }),
    }
}

/// The next time at or after `now` that lies inside the window; `None` where the text cannot be read.
#[must_use]
pub fn next_open(text: &str, now: Timestamp) -> Option<Timestamp> {
    parse(text).ok()?.next_open(now)
}

impl Window {
    /// The next time at or after `now` that lies inside; a moment lies inside only itself.
    #[must_use]
    pub fn next_open(&self, now: Timestamp) -> Option<Timestamp> {
        let today = now.to_zoned(self.zone.clone());
        (-1..=8).find_map(|days| {
            let date = today.date().checked_add(days.days()).ok()?;
            if self.day.is_some_and(|day| day != date.weekday()) {
                return None;
            }
            let from = date.to_datetime(self.from).to_zoned(self.zone.clone()).ok()?;
            let ended = match self.close(&from) {
                Some(to) => to.timestamp() <= now,
                None => from.timestamp() < now,
            };
            (!ended).then(|| from.timestamp().max(now))
        })
    }

    /// The end of the opening that begins then; past midnight where it is not after its beginning.
    fn close(&self, from: &Zoned) -> Option<Zoned> {
        let to = self.to?;
        let date = if to > self.from { from.date() } else { from.date().checked_add(1.day()).ok()? };
        date.to_datetime(to).to_zoned(self.zone.clone()).ok()
    }
}

fn time(text: &str) -> Result<Time, String> {
    let wrong = || format!("{text:?} is no time of day; write it as 02:00");
    let (hour, minute) = text.split_once(':').ok_or_else(wrong)?;
    let (hour, minute) = (hour.parse().map_err(|_| wrong())?, minute.parse().map_err(|_| wrong())?);
    Time::new(hour, minute, 0, 0).map_err(|_| wrong())
}

fn weekday(word: &str) -> Option<Weekday> {
    use Weekday::{Friday, Monday, Saturday, Sunday, Thursday, Tuesday, Wednesday};
    let days = [
        ("monday", Monday),
        ("tuesday", Tuesday),
        ("wednesday", Wednesday),
        ("thursday", Thursday),
        ("friday", Friday),
        ("saturday", Saturday),
        ("sunday", Sunday),
    ];
    let word = word.to_lowercase();
    let found = days.iter().find(|(name, _)| word.len() >= 3 && name.starts_with(word.as_str()));
    found.map(|(_, day)| *day)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn a_window_opens_at_its_next_beginning() {
        let open = |now: &str| next_open("Sat 02:00-04:00 Europe/Paris", at(now)).unwrap().to_string();
        assert_eq!(open("2026-01-09T12:00:00Z"), "2026-01-10T01:00:00Z");
        assert_eq!(open("2026-01-10T02:30:00Z"), "2026-01-10T02:30:00Z", "inside");
        assert_eq!(open("2026-01-10T03:00:00Z"), "2026-01-17T01:00:00Z", "its end is outside");
        assert_eq!(open("2026-07-10T12:00:00Z"), "2026-07-11T00:00:00Z", "summer time");
    }

    #[test]
    fn a_window_may_pass_midnight() {
        let open = |now: &str| next_open("22:00-02:00", at(now)).unwrap().to_string();
        assert_eq!(open("2026-01-10T01:00:00Z"), "2026-01-10T01:00:00Z");
        assert_eq!(open("2026-01-10T03:00:00Z"), "2026-01-10T22:00:00Z");
    }

    #[test]
    fn a_moment_is_the_next_one() {
        let open = |now: &str| next_open("Sat 02:00 UTC", at(now)).unwrap().to_string();
        assert_eq!(open("2026-01-10T02:00:00Z"), "2026-01-10T02:00:00Z");
        assert_eq!(open("2026-01-10T02:00:01Z"), "2026-01-17T02:00:00Z");
    }

    #[test]
    fn what_cannot_be_read_is_said() {
        for (text, part) in [("", "no time of day"), ("Sat 25:00", "25:00"), ("02:00 Mars/Base", "Mars/Base")]
        {
            assert!(parse(text).unwrap_err().contains(part), "{text}");
        }
    }
}
