//! A line that gives a name without its keyword (`name = …`, `name: text`), or with the keyword joined to it (`lettag = …`).
//! Knows how a line that gives a name goes on, and not what it gives.

use super::Place;
use super::head::unknown_keyword;
use super::resolver::{Cx, Resolver};
use crate::diag::{Diagnostic, Edit, codes};
use crate::syntax::tree::Ident;
use crate::syntax::{NAMING, is_word, joined_keyword};
use crate::text::Span;

/// The signs by which a value gets a name, here and elsewhere.
const BINDING: &[&str] = &["=", ":=", "\"=\""];
/// Words that begin a type of several words.
const OF: &[&str] = &["list", "map", "one"];

impl Resolver<'_> {
    /// Says so of a line that begins with a word, whatever keyword that may be elsewhere. Whether it did.
    pub(super) fn tell_given(&mut self, word: &Ident, cx: Cx) -> bool {
        let behind = self.behind_words(word.span);
        let rest = self.words(behind).trim_start();
        let report = if let Some(keyword) = self.joined(&word.text, rest) {
            joined_keyword(&word.text, word.span, keyword)
        } else if assigns(rest) {
            self.assignment(word, cx)
        } else if declares(rest) {
            declaration(word, cx)
        } else {
            return false;
        };
        self.report(report.hides(behind));
        self.bound_anyway(word.span);
        true
    }

    /// The keyword that a word is joined with: what follows is as behind that keyword, and the rest of the word is a name
    /// that stands elsewhere.
    fn joined(&self, word: &str, rest: &str) -> Option<&'static str> {
        let (keyword, name) =
            NAMING.iter().find_map(|keyword| Some((*keyword, word.strip_prefix(keyword)?)))?;
        let goes_on = match keyword {
            "for" => rest.starts_with("in "),
            "let" => assigns(rest) || declares(rest),
            _ => declares(rest),
        };
        let mut words = self.frame.unit.source.text().split(|c| !is_word(c));
        (goes_on && !name.is_empty() && words.any(|word| word == name)).then_some(keyword)
    }

    /// `name = …`: a binding without its `let`, or a value that should change.
    fn assignment(&self, word: &Ident, cx: Cx) -> Diagnostic {
        let name = &word.text;
        if self.frame.scope.get(name).is_some() {
            let message = format!("`{name}` is bound, and a value never changes");
            let help = format!("give the new value a name of its own: `let next_{name} = …`");
            return Diagnostic::error(codes::TAKEN_NAME, word.span, message).help(help);
        }
        if let Some(around) = self.kinds.with_option(name, cx.place) {
            let help = format!("it is an option of `{}`, and stands on its line without `=`", around.word);
            return unknown_keyword(word).help(help);
        }
        let behind = self.words(self.behind(word.span));
        let blanks = behind.len() - behind.trim_start().len();
        let Some(sign) = BINDING.iter().find(|sign| behind.trim_start().starts_with(**sign)) else {
            return unknown_keyword(word)
                .help("a value never changes: what is computed from it gets another name");
        };
        let report = unknown_keyword(word).help(format!("to give a value a name, write `let {name} = …`"));
        let start = word.span.end.saturating_add(u32::try_from(blanks).unwrap_or_default());
        let end = start.saturating_add(u32::try_from(sign.len()).unwrap_or_default());
        let before = Span { end: word.span.start, ..word.span };
        let edits = [(before, "let "), (Span { start, end, ..word.span }, "=")];
        let edits = edits.map(|(span, text)| Edit { span, text: text.to_owned() });
        report.guesses("write `let`", edits.into_iter().take(if *sign == "=" { 1 } else { 2 }).collect())
    }
}

/// `name: type`: an input, or a binding, without its keyword.
fn declaration(word: &Ident, cx: Cx) -> Diagnostic {
    let name = &word.text;
    if cx.place == Some(Place::Runbook) {
        return without(word, "input", format!("to declare an input, write `input {name}: …`"));
    }
    without(word, "let", format!("to give a value a name, write `let {name}: … = …`"))
}

fn without(word: &Ident, keyword: &str, help: String) -> Diagnostic {
    let at = Span { end: word.span.start, ..word.span };
    unknown_keyword(word).help(help).guess(format!("write `{keyword}`"), at, format!("{keyword} "))
}

/// Whether what stands behind a word gives it a value, or another one.
fn assigns(behind: &str) -> bool {
    let changing = ["+=", "-=", "++", "--"];
    changing.iter().chain(BINDING).any(|sign| behind.starts_with(sign)) && !behind.starts_with("==")
}

/// Whether what stands behind a word gives it a type.
fn declares(behind: &str) -> bool {
    let ty = behind.strip_prefix(':').map(str::trim_start);
    let word = ty.and_then(|ty| ty.split(|c: char| !c.is_ascii_alphabetic()).next()).unwrap_or_default();
    super::types::named(word).is_some() || OF.contains(&word)
}
