//! What the texts of requests and statements are laid out with.

/// The first line of every request.
pub(super) const HEAD: &str = "bowline approval request, version 1";

/// The rule between what is asked and what a signer writes. No line of a request that comes from a runbook can be it.
pub const RULE: &str = "----------------------------------------------------------------";

/// A text on one line that a screen shows as it is: whatever would end the line, move the cursor or turn the
/// direction of writing is spelled out.
pub(super) fn one_line(text: &str) -> String {
    let turns = |c: char| matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}');
    text.chars().fold(String::new(), |mut all, c| {
        if c == '\t' {
            all.push(' ');
        } else if c.is_control() || turns(c) {
            all.extend(c.escape_default());
        } else {
            all.push(c);
        }
        all
    })
}
