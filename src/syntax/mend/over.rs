//! A text that goes on in the lines below its first, read as if it stood on one. Knows quotes, and no statement kind.

use super::Reader;
use super::habit;

/// In more lines its end is not looked for.
const MOST: usize = 16;

impl Reader<'_> {
    /// Reads the line with those in which its text goes on, where they are one statement together. Whether they are.
    pub(super) fn goes_over_lines(&mut self, at: usize) -> bool {
        let Some((last, code)) = self.one_line(at) else { return false };
        let Some(end) = self.lines.get(last).map(|last| last.end) else { return false };
        let Some(line) = self.lines.get_mut(at) else { return false };
        let Some(quote) = line.brackets.text else { return false };
        let with = code.get(line.code.len()..).unwrap_or_default().to_owned();
        self.telling.over_lines(quote, line.end..end, &with);
        line.becomes(code);
        self.lines.drain(at + 1..=last);
        true
    }

    /// The line in which a text ends that begins in another, and all of it on one.
    fn one_line(&self, at: usize) -> Option<(usize, String)> {
        let mut lines = self.lines.get(at..)?.iter().take(MOST).enumerate();
        let (_, first) = lines.next().filter(|(_, line)| !line.continued && !line.goes_on)?;
        let verbatim = self.text.get(first.brackets.text?..)?.starts_with('\'');
        let mut code = first.code.clone().into_owned();
        for (number, line) in lines {
            code.push_str(if verbatim { " " } else { "\\n" });
            code.push_str(&line.code);
            if habit::is_ours(&line.code) {
                return None;
            }
            if line.brackets.text.is_some() {
                return (self.reads)(&code).then_some((at + number, code));
            }
        }
        None
    }
}
