//! A whole command in quotes, `run "systemctl stop app"`: it is one word, and no program is called so.

use super::resolver::Resolver;
use crate::diag::{Diagnostic, codes};
use crate::syntax::tree::{Piece, Word};

/// What only a shell reads.
const SHELL: &[char] = &['|', '>', '<', '&', ';', '$', '`', '*'];

impl Resolver<'_> {
    /// Warns of a `run` line that is nothing but a text of several words. A path may hold blanks, a program that is found by
    /// its name hardly.
    pub(super) fn warn_of_quoted_command(&mut self, words: &[Word]) {
        let [only] = words else { return };
        let Some(Piece::Text(first)) = only.pieces.first() else { return };
        let Some((program, _)) = first.split_once(' ').filter(|(program, _)| is_called(program)) else {
            return;
        };
        let message = format!("the program is looked for by the whole text, not as `{program}`");
        let report = Diagnostic::warning(codes::QUOTED_COMMAND, only.span, message);
        let bare = self.words(only.span).trim_matches(['"', '\'']);
        let report = if bare.contains(SHELL) {
            report.help("what a shell is to read stands in a ```sh fence")
        } else if bare.contains(['"', '\'', '\\', '(', ')']) || bare.contains("{{") {
            report.help(
                "each word that the program is given stands apart, and only those with blanks in quotes",
            )
        } else {
            report.help("each word that the program is given stands apart").guess(
                "take the quotes out",
                only.span,
                bare,
            )
        };
        self.report(report);
    }
}

/// Whether a word may be the name by which a program is found.
fn is_called(word: &str) -> bool {
    let is_sign = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '+');
    word.starts_with(|c: char| c.is_ascii_alphanumeric()) && word.chars().all(is_sign)
}
