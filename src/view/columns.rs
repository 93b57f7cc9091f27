//! Text fitted into the columns of a screen.

use unicode_width::UnicodeWidthStr;

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
