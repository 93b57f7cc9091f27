//! Windows and moments of the week as text: `Sat 02:00-04:00 Europe/Paris`.
//!
//! Pure: a window says when it is open around an instant that it is given.

use jiff::civil::{Time, Weekday};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp, ToSpan, Zoned};

/// Days of the week (every day where none is named), a time or a stretch of time, a time zone.
#[derive(Clone, Debug)]
pub struct Window {
    days: Vec<Weekday>,
    from: Time,
    /// The end of the stretch; before `from` it is on the next day. `None`: a moment.
    to: Option<Time>,
    zone: TimeZone,
}

const DAYS: &[(&str, Weekday)] = &[
    ("mon", Weekday::Monday),
    ("tue", Weekday::Tuesday),
    ("wed", Weekday::Wednesday),
    ("thu", Weekday::Thursday),
    ("fri", Weekday::Friday),
    ("sat", Weekday::Saturday),
    ("sun", Weekday::Sunday),
];

impl Window {
    /// Reads `[days] HH:MM[-HH:MM] Zone`; days are `Sat`, `Mon-Fri` or `Sat,Sun`.
    ///
    /// # Errors
    /// In words, which part is wrong.
    pub fn parse(text: &str) -> Result<Self, String> {
        let words: Vec<_> = text.split_whitespace().collect();
        let (days, times, zone) = match words.as_slice() {
            [times, zone] => (&[][..], *times, *zone),
            [days, times, zone] => (std::slice::from_ref(days), *times, *zone),
            _ => return Err("it has days, times and a time zone, in that order".into()),
        };
        let days = days.first().map_or_else(|| Ok(vec![]), |days| parse_days(days))?;
        let (from, to) = match times.split_once('-') {
            Some((from, to)) => (parse_time(from)?, Some(parse_time(to)?)),
            None => (parse_time(times)?, None),
        };
        if to == Some(from) {
            return Err("it ends when it begins".into());
        }
        let zone = TimeZone::get(zone).map_err(|_| format!("no time zone is called `{zone}`"))?;
        Ok(Self { days, from, to, zone })
    }

    /// Whether it is open at that instant; a moment never is.
    #[must_use]
    pub fn is_open(&self, at: Timestamp) -> bool {
        self.around(at).any(|(from, to)| from <= at && at < to)
    }

    /// When it next opens, now if it is open, or the next such moment; `None` only at the end of time.
    #[must_use]
    pub fn next_opening(&self, at: Timestamp) -> Option<Timestamp> {
        if self.is_open(at) {
            return Some(at);
        }
        self.around(at).map(|(from, _)| from).filter(|from| *from >= at).min()
    }

    /// [`Self::next_opening`] of a text; `None` too where it cannot be read.
    #[must_use]
    pub fn next_opening_of(text: &str, at: Timestamp) -> Option<Timestamp> {
        Self::parse(text).ok()?.next_opening(at)
    }

    /// The openings from the day before to a week after, with their ends.
    fn around(&self, at: Timestamp) -> impl Iterator<Item = (Timestamp, Timestamp)> {
        let today = at.to_zoned(self.zone.clone());
        (-1..=8).filter_map(move |day| self.on(&today, day.days()))
    }

    fn on(&self, today: &Zoned, days: Span) -> Option<(Timestamp, Timestamp)> {
        let date = today.date().checked_add(days).ok()?;
        if !self.days.is_empty() && !self.days.contains(&date.weekday()) {
            return None;
        }
        let at = |date: jiff::civil::Date, time: Time| {
            Some(date.to_datetime(time).to_zoned(self.zone.clone()).ok()?.timestamp())
        };
        let from = at(date, self.from)?;
        let to = match self.to {
            None => from,
            Some(to) if to > self.from => at(date, to)?,
            Some(to) => at(date.tomorrow().ok()?, to)?,
        };
        Some((from, to))
    }
}

fn parse_days(text: &str) -> Result<Vec<Weekday>, String> {
    let mut days = vec![];
    for part in text.split(',') {
        let Some((first, last)) = part.split_once('-') else {
            days.push(parse_day(part)?);
            continue;
        };
        let (first, last) = (parse_day(first)?, parse_day(last)?);
        let mut day = first;
        days.push(day);
        while day != last {
            day = day.next();
            days.push(day);
        }
    }
    Ok(days)
}

fn parse_day(text: &str) -> Result<Weekday, String> {
    let lower = text.to_lowercase();
    let full = |day: Weekday| format!("{day:?}").to_lowercase();
    let known = DAYS.iter().find(|(short, day)| *short == lower || full(*day) == lower);
    known.map(|(_, day)| *day).ok_or_else(|| format!("`{text}` is no day of the week"))
}

fn parse_time(text: &str) -> Result<Time, String> {
    let wrong = || match parse_day(text) {
        Ok(_) => "a time zone is missing, as in `Sat 02:00 Europe/Paris`".to_owned(),
        Err(_) => format!("`{text}` is no time of day such as `02:00`"),
    };
    let (hour, minute) = text.split_once(':').ok_or_else(wrong)?;
    let number = |digits: &str| digits.parse::<i8>().ok().filter(|_| digits.len() == 2);
    let time = number(hour).zip(number(minute)).and_then(|(hour, minute)| Time::new(hour, minute, 0, 0).ok());
    time.ok_or_else(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn a_window_opens_at_its_next_beginning() {
        let open =
            |now: &str| Window::next_opening_of("Sat 02:00-04:00 Europe/Paris", at(now)).unwrap().to_string();
        assert_eq!(open("2026-01-09T12:00:00Z"), "2026-01-10T01:00:00Z");
        assert_eq!(open("2026-01-10T02:30:00Z"), "2026-01-10T02:30:00Z", "inside");
        assert_eq!(open("2026-01-10T03:00:00Z"), "2026-01-17T01:00:00Z", "its end is outside");
        assert_eq!(open("2026-07-10T12:00:00Z"), "2026-07-11T00:00:00Z", "summer time");
    }

    #[test]
    fn a_window_may_pass_midnight() {
        let open = |now: &str| Window::next_opening_of("22:00-02:00 UTC", at(now)).unwrap().to_string();
        assert_eq!(open("2026-01-10T01:00:00Z"), "2026-01-10T01:00:00Z");
        assert_eq!(open("2026-01-10T03:00:00Z"), "2026-01-10T22:00:00Z");
    }

    #[test]
    fn a_moment_is_the_next_one() {
        let open = |now: &str| Window::next_opening_of("Sat 02:00 UTC", at(now)).unwrap().to_string();
        assert_eq!(open("2026-01-10T02:00:00Z"), "2026-01-10T02:00:00Z");
        assert_eq!(open("2026-01-10T02:00:01Z"), "2026-01-17T02:00:00Z");
    }

    #[test]
    fn days_may_be_several() {
        let open = |days: &str| {
            Window::next_opening_of(&format!("{days} 02:00-04:00 UTC"), at("2026-01-10T12:00:00Z"))
                .unwrap()
                .to_string()
        };
        assert_eq!(open("Mon-Fri"), "2026-01-12T02:00:00Z");
        assert_eq!(open("Wed,sunday"), "2026-01-11T02:00:00Z");
        assert_eq!(open("Fri-Sun"), "2026-01-11T02:00:00Z");
    }

    #[test]
    fn what_cannot_be_read_is_said() {
        for (text, part) in
            [("", "in that order"), ("Sat 25:00 UTC", "25:00"), ("02:00 Mars/Base", "Mars/Base")]
        {
            assert!(Window::parse(text).unwrap_err().contains(part), "{text}");
        }
    }
}
