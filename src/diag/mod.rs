//! A diagnostic as data: a stable code, a message, the spans it points at, help and fixes.
//!
//! Draws nothing and knows no terminal; `view` turns it into text, JSON and the rest.
//! Each code is a constant in [`codes`], phrased near the kind of statement that raises it.

pub mod codes;
pub mod explain;
pub mod retired;

pub use codes::{Code, Family};

use crate::text::Span;
pub use crate::text::nearest;

/// The words at a place where the same is wrong once more.
const AGAIN: &str = "here too";

/// How much a diagnostic matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Something to look at; the runbook still runs.
    Warning,
    /// The runbook does not check; nothing runs.
    Error,
}

/// A place in a source with the few words drawn under it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// What is underlined.
    pub span: Span,
    /// The words beside the line; may be empty.
    pub text: String,
}

/// A change of a text.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Edit {
    /// What is replaced; empty to insert.
    pub span: Span,
    /// The new text.
    pub text: String,
}

/// What mends the cause.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What it does, in the imperative.
    pub title: String,
    /// All that changes, in one source and in the order of places; nothing of it without the rest.
    pub edits: Vec<Edit>,
    /// Whether it can be applied without a person; else it is a guess of what was meant.
    pub certain: bool,
}

impl Fix {
    /// What changes first.
    #[must_use]
    pub fn first(&self) -> Option<&Edit> {
        self.edits.first()
    }
}

/// One thing wrong (or doubtful) in a source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Stable code, see [`codes`].
    pub code: Code,
    /// Error or warning.
    pub severity: Severity,
    /// One line in the author's words: what is wrong.
    pub message: String,
    /// Where, with the words drawn there.
    pub primary: Label,
    /// Other places that matter (the first definition, the opening bracket).
    pub secondary: Vec<Label>,
    /// What to do next, one sentence each.
    pub help: Vec<String>,
    /// The edit that mends it, if there is one to offer.
    pub fix: Option<Fix>,
    /// Where whatever else is found begins only because of this, and is not told.
    pub hides: Vec<Span>,
    /// The value that does not fit, where one is why.
    pub misfit: Option<Misfit>,
}

/// A named value that does not fit where it is used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Misfit {
    /// Where it gets its type.
    pub declared: Span,
    /// What it is, in words: `` `hosts` is a text``.
    pub what: String,
    /// What is taken where it is used, in words: `a list`.
    pub taken: String,
    /// In how many places it is used, those where it fits among them.
    pub uses: usize,
}

impl Diagnostic {
    /// An error at `span`.
    #[must_use]
    pub fn error(code: Code, span: Span, message: impl Into<String>) -> Self {
        Self::new(code, Severity::Error, span, message.into())
    }

    /// A warning at `span`.
    #[must_use]
    pub fn warning(code: Code, span: Span, message: impl Into<String>) -> Self {
        Self::new(code, Severity::Warning, span, message.into())
    }

    fn new(code: Code, severity: Severity, span: Span, message: String) -> Self {
        let primary = Label { span, text: String::new() };
        Self {
            code,
            severity,
            message,
            primary,
            secondary: vec![],
            help: vec![],
            fix: None,
            hides: vec![],
            misfit: None,
        }
    }

    /// The words drawn under the primary span.
    #[must_use]
    pub fn label(mut self, text: impl Into<String>) -> Self {
        self.primary.text = text.into();
        self
    }

    /// Points at another place too.
    #[must_use]
    pub fn also(mut self, span: Span, text: impl Into<String>) -> Self {
        self.secondary.push(Label { span, text: text.into() });
        self
    }

    /// Points at a place where the same is wrong once more.
    pub fn again(&mut self, span: Span) {
        self.secondary.push(Label { span, text: AGAIN.into() });
    }

    /// The same told of the next place where it is wrong, if there is one: nothing is to be said of this one.
    #[must_use]
    pub fn next_place(mut self) -> Option<Self> {
        let next = self.secondary.iter().position(|label| label.text == AGAIN)?;
        self.primary.span = self.secondary.remove(next).span;
        Some(self)
    }

    /// Says what to do next.
    #[must_use]
    pub fn help(mut self, sentence: impl Into<String>) -> Self {
        self.help.push(sentence.into());
        self
    }

    /// Keeps what begins in a part of the text from being told: it follows from this.
    #[must_use]
    pub fn hides(mut self, span: Span) -> Self {
        self.hides.push(span);
        self
    }

    /// Whether this is told without the other: that begins where this says that all follows from it.
    /// Of two that say so of each other the first stands, and at one place the one that was found first: what reads signs
    /// comes before what knows words.
    #[must_use]
    pub fn hides_report(&self, other: &Self) -> bool {
        let begins = |one: &Self| (one.primary.span.source, one.primary.span.start, one.code.id);
        self.covers(other) && (!other.covers(self) || begins(self) < begins(other))
    }

    fn covers(&self, other: &Self) -> bool {
        let at = other.primary.span;
        self.hides.iter().any(|span| span.source == at.source && (span.start..span.end).contains(&at.start))
    }

    /// Offers the edit that mends it, whatever else was meant.
    #[must_use]
    pub fn fix(self, title: impl Into<String>, span: Span, replacement: impl Into<String>) -> Self {
        self.fixes(title, vec![Edit { span, text: replacement.into() }])
    }

    /// Offers the edits that mend it, whatever else was meant.
    #[must_use]
    pub fn fixes(self, title: impl Into<String>, edits: Vec<Edit>) -> Self {
        Self { fix: Some(Fix { title: title.into(), edits, certain: true }), ..self }
    }

    /// Offers an edit that a person should look at: it mends what was probably meant.
    #[must_use]
    pub fn guess(self, title: impl Into<String>, span: Span, replacement: impl Into<String>) -> Self {
        self.guesses(title, vec![Edit { span, text: replacement.into() }])
    }

    /// Offers edits that a person should look at.
    #[must_use]
    pub fn guesses(self, title: impl Into<String>, edits: Vec<Edit>) -> Self {
        Self { fix: Some(Fix { title: title.into(), edits, certain: false }), ..self }
    }
}

/// Words as a list for a sentence.
#[must_use]
pub fn listed(words: &[&str]) -> String {
    if words.is_empty() {
        return "none".into();
    }
    words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
}
