//! Times as people here read them: on their clock, and for how long by now.

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

/// How long something took: `40 ms`, `0.4 s`, `2m 5s`.
pub(super) fn took(length: SignedDuration) -> String {
    if length < SignedDuration::from_millis(100) {
        return format!("{} ms", length.as_millis().max(0));
    }
    if length < SignedDuration::from_mins(1) {
        return format!("{:.1} s", length.as_secs_f64());
    }
    format!("{:#}", SignedDuration::from_secs(length.as_secs()))
}

/// A time as it is read at another: the hour, with the day if that is another one.
#[must_use]
pub fn clock(zone: &TimeZone, now: Timestamp, at: Timestamp) -> String {
    let (at, now) = (at.to_zoned(zone.clone()), now.to_zoned(zone.clone()));
    let format = if at.date() == now.date() { "%H:%M:%S" } else { "%a %Y-%m-%d %H:%M %Z" };
    at.strftime(format).to_string()
}

/// `12 minutes ago`, in the largest unit that says enough.
#[must_use]
pub fn ago(length: SignedDuration) -> String {
    let seconds = length.as_secs().max(0);
    let (count, unit) = match seconds {
        0..60 => (seconds, "second"),
        60..3600 => (seconds / 60, "minute"),
        3600..172_800 => (seconds / 3600, "hour"),
        _ => (seconds / 86_400, "day"),
    };
    let several = if count == 1 { "" } else { "s" };
    format!("{count} {unit}{several} ago")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_age_is_told_in_the_largest_unit_that_says_enough() {
        let table = [
            (-5, "0 seconds ago"),
            (1, "1 second ago"),
            (59, "59 seconds ago"),
            (60, "1 minute ago"),
            (3599, "59 minutes ago"),
            (3600, "1 hour ago"),
            (172_799, "47 hours ago"),
            (172_800, "2 days ago"),
        ];
        for (seconds, text) in table {
            assert_eq!(ago(SignedDuration::from_secs(seconds)), text);
        }
    }

    #[test]
    fn a_time_of_another_day_is_told_with_its_day() {
        let now: Timestamp = "2026-11-21T14:00:00Z".parse().unwrap_or_default();
        let read = |at: &str| clock(&TimeZone::UTC, now, at.parse().unwrap_or_default());
        assert_eq!(read("2026-11-21T09:05:07Z"), "09:05:07");
        assert_eq!(read("2026-11-20T23:59:59Z"), "Fri 2026-11-20 23:59 UTC");
    }

    #[test]
    fn lengths_are_short() {
        assert_eq!(took(SignedDuration::from_millis(42)), "42 ms");
        assert_eq!(took(SignedDuration::from_secs(125)), "2m 5s");
    }
}
