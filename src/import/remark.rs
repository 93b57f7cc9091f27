//! A remark on a line of the document: a guess, a repair, or a sentence that wants a statement of its own.

/// What a remark is about; the order is that in which they are reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// What was decided without being certain.
    Guess,
    /// Markdown or encoding that was broken.
    Repair,
    /// A sentence that tells to wait.
    Wait,
    /// A sentence about somebody's consent.
    Approval,
    /// A sentence that warns.
    Danger,
    /// A sentence with a condition or a choice.
    Decision,
    /// A sentence about undoing.
    Undo,
    /// What an exported document says of a statement and Markdown cannot carry.
    Lost,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Guess,
        Self::Repair,
        Self::Wait,
        Self::Approval,
        Self::Danger,
        Self::Decision,
        Self::Undo,
        Self::Lost,
    ];

    /// As it stands in a comment.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Guess => "guess",
            Self::Repair => "repair",
            Self::Wait => "wait",
            Self::Approval => "approval",
            Self::Danger => "danger",
            Self::Decision => "decision",
            Self::Undo => "undo",
            Self::Lost => "not carried",
        }
    }
}

/// A remark.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Remark {
    /// Line of the document, from 1.
    pub(super) line: usize,
    pub(super) kind: Kind,
    pub(super) text: String,
}

impl Remark {
    pub(super) fn new(line: usize, kind: Kind, text: impl Into<String>) -> Self {
        Self { line, kind, text: text.into() }
    }

    /// As the text of a comment.
    pub(super) fn comment(&self) -> String {
        format!("line {}: {}: {}", self.line, self.kind.word(), self.text.replace('\n', " "))
    }
}
