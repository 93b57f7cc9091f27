//! Words of a story: whatever a program or a person wrote, it is nothing but letters.

use jiff::Timestamp;

use crate::view::live::clean;

/// A text that moves no cursor and turns no direction. The only way into a story.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Text(String);

impl Text {
    /// A text of anywhere.
    pub(super) fn of(text: impl AsRef<str>) -> Self {
        Self(clean(text.as_ref()).into_owned())
    }

    /// Its letters.
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

/// `2026-11-21 14:05:09`.
pub(super) fn time(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M:%S").to_string()
}

/// `14:05:09`, or with the day where it is not that of the beginning.
pub(super) fn clock(at: Timestamp, began: Timestamp) -> String {
    let day = |at: Timestamp| at.strftime("%Y-%m-%d").to_string();
    if day(at) == day(began) { at.strftime("%H:%M:%S").to_string() } else { time(at) }
}

/// `12 B`, `3.4 KiB`.
pub(super) fn size(bytes: u64) -> String {
    let units = ["KiB", "MiB", "GiB", "TiB"];
    #[expect(clippy::cast_precision_loss, reason = "a size told with one decimal")]
    let mut amount = bytes as f64;
    let mut unit = "B";
    for next in units {
        if amount < 1024.0 {
            break;
        }
        (amount, unit) = (amount / 1024.0, next);
    }
    if unit == "B" { format!("{bytes} B") } else { format!("{amount:.1} {unit}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_nothing_but_letters() {
        assert_eq!(Text::of("a\u{1b}[31mb\u{202e}c\u{0}").as_str(), "ab\\u{202e}c\u{fffd}");
        assert_eq!(Text::of("zero\u{200b}width").as_str(), "zero\\u{200b}width");
        assert_eq!(Text::of("é 日本 👍\nb").as_str(), "é 日本 👍\nb");
    }

    #[test]
    fn sizes_are_short() {
        assert_eq!(
            (size(0).as_str(), size(1023).as_str(), size(1536).as_str()),
            ("0 B", "1023 B", "1.5 KiB")
        );
        assert_eq!(size(5 << 30), "5.0 GiB");
    }
}
