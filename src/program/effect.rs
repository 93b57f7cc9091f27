//! What is done where a value stands, as a shell has it: `if run test -f list {`. What a program prints, and whether it ends
//! well, gets a name on a line before.

use super::resolver::Resolver;
use crate::diag::{Diagnostic, codes};
use crate::text::Span;

const ANSWERED: &str = "what it answers gets a name before: `let answer = look http GET \"…\"`";

const ENDED: &str = "what it prints gets a name before, `let answer = look run …`; and so does whether it ends well, `let ready = check \"Title\" { run … }`";

impl Resolver<'_> {
    /// Whether a name that nothing has begins an effect; that is then reported, and the line behind it says nothing more.
    pub(super) fn tell_effect(&mut self, name: &str, span: Span) -> bool {
        let behind = self.behind_words(span);
        let given = self.words(behind).strip_prefix(' ').unwrap_or_default();
        let begins_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '/' | '{');
        let help = match name {
            "run" if given.starts_with(begins_word) => ENDED,
            "look" if given.starts_with("run ") => ENDED,
            "look" if given.starts_with("http ") => ANSWERED,
            "http" if given.starts_with(|c: char| c.is_ascii_uppercase()) => ANSWERED,
            _ => return false,
        };
        self.unread.push(behind);
        let message = format!("`{name}` does something, and here a value stands");
        self.report(Diagnostic::error(codes::MISPLACED, span, message).help(help).hides(behind));
        true
    }
}
