//! Text fitted into the columns of a screen.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// A text is not broken into less than this, however narrow the screen.
pub(crate) const NARROWEST: usize = 20;

/// A line broken at blanks; what follows stands below its text, a little to the right.
pub(crate) fn wrapped(line: &str, room: usize) -> Vec<String> {
    if line.width() <= room {
        return vec![line.to_owned()];
    }
    let lead: usize = line.chars().take_while(|c| " │|".contains(*c)).count();
    let hang = " ".repeat(if lead == 0 { 4 } else { lead }.min(room / 2));
    let (mut rows, mut row) = (vec![], String::new());
    for word in line.split_inclusive(' ') {
        if !row.trim().is_empty() && row.width() + word.trim_end().width() > room {
            rows.push(std::mem::replace(&mut row, hang.clone()));
        }
        row.push_str(word);
    }
    rows.push(row);
    rows.iter().map(|row| row.trim_end().to_owned()).collect()
}

/// As much of a text as fits into so many columns: up to a blank, where one stands in the second half of that.
pub(crate) fn cut(text: &str, room: usize) -> String {
    if text.width() <= room {
        return text.to_owned();
    }
    let mut used = 0;
    let fits = |c: &char| {
        used += c.width().unwrap_or(0);
        used < room
    };
    let kept: String = text.chars().take_while(fits).collect();
    let whole_words = if text.get(kept.len()..).is_some_and(|rest| rest.starts_with(' ')) {
        Some(kept.as_str())
    } else {
        kept.rsplit_once(' ').map(|(words, _)| words).filter(|words| 2 * words.width() >= room)
    };
    whole_words.unwrap_or(&kept).trim_end().to_owned() + "…"
}

/// A text behind what it belongs to; what does not fit goes on below itself.
pub(crate) fn beside(before: &str, text: &str, room: usize) -> Vec<String> {
    let hang = before.width();
    if text.is_empty() || room == usize::MAX || hang + text.width() <= room {
        return vec![format!("{before}{text}").trim_end().to_owned()];
    }
    let indent = before.chars().take_while(|c| *c == ' ').count() + 4;
    let (mut rows, hang) =
        if hang * 2 > room { (vec![before.trim_end().to_owned()], indent) } else { (vec![], hang) };
    let below = " ".repeat(hang);
    let mut row = if rows.is_empty() { before.to_owned() } else { below.clone() };
    for word in text.split_whitespace() {
        if row.trim_end().width() > hang && row.width() + word.width() > room {
            rows.push(std::mem::replace(&mut row, below.clone()).trim_end().to_owned());
        }
        row = row + word + " ";
    }
    rows.push(row.trim_end().to_owned());
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cut_text_ends_with_a_word() {
        assert_eq!(cut("Run schema migrations", 21), "Run schema migrations");
        assert_eq!(cut("Run schema migrations", 20), "Run schema…");
        assert_eq!(cut("Run schema migrations", 11), "Run schema…");
        assert_eq!(cut("Run schema migrations", 10), "Run schem…", "the blank stands too far before");
        assert_eq!(cut("migrations", 5), "migr…");
    }

    #[test]
    fn a_description_goes_on_below_itself() {
        assert_eq!(beside("  name  ", "what it is for", 16), ["  name  what it", "        is for"]);
        assert_eq!(
            beside("  a long name  ", "what it is for", 16),
            ["  a long name", "      what it is", "      for"]
        );
        assert_eq!(beside("  name  ", "", 4), ["  name"]);
    }
}
