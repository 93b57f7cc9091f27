//! What the texts of requests and statements are laid out with.

use crate::text::is_unseen;

/// The first line of every request.
pub(super) const HEAD: &str = "bowline approval request, version 1";

/// The rule between what is asked and what a signer writes. No line of a request that comes from a runbook can be it.
pub const RULE: &str = "----------------------------------------------------------------";

/// A text on one line that a screen shows as it is: whatever would end the line, move the cursor, is not
/// seen or turns letters round is spelled out.
pub(super) fn one_line(text: &str) -> String {
    text.chars().fold(String::new(), |mut all, c| {
        if c == '\t' {
            all.push(' ');
        } else if c.is_control() || is_unseen(c) {
            all.extend(c.escape_default());
        } else {
            all.push(c);
        }
        all
    })
}
