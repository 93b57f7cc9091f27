//! What a statement kind declares about itself: operands, options, block, and where it may stand.
//!
//! Schemas serve the resolver, the formatter's highlighting, completion, hover and the language
//! reference alike. They are `const` data in `forms/`, one per file.

use crate::value::Type;

/// The declaration of one statement kind.
#[derive(Debug)]
pub struct Schema {
    /// The keyword, or the name of a structural form (`run`, `fence`, `call`, `let`, `prose`).
    pub word: &'static str,
    /// One line for completion.
    pub summary: &'static str,
    /// Markdown for hover and the reference.
    pub doc: &'static str,
    /// A small correct use, in a place where it may stand; compiled by a test.
    pub example: &'static str,
    /// Where it may stand.
    pub stands_in: &'static [Place],
    /// Words of enclosing statements inside which it may not stand, however deep.
    pub never_inside: &'static [&'static str],
    /// Positional operands.
    pub operands: &'static [SlotKind],
    /// Options after the operands, in any order, each at most once.
    pub options: &'static [OptionSpec],
    /// The words of those without which it means nothing.
    pub needed: &'static [&'static str],
    /// What its block holds.
    pub block: BlockOf,
    /// What may follow the block.
    pub tail: TailOf,
    /// How names bound inside its block are seen after it.
    pub flow: Flow,
    /// Whether it changes the world unless `look` stands before it.
    pub effect: bool,
    /// Whether it can fail a check that it stands in.
    pub judges: bool,
    /// Whether what follows it is not reached.
    pub ends: bool,
    /// What `let x = …` before it binds, unless a type is given; `None`: it cannot be bound.
    pub gives: Option<&'static Type>,
    /// Names that exist only inside its block (`status`, `body`, `stdout`), with their types.
    pub provides: &'static [(&'static str, Type)],
}

/// A place where statements stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "each is the block of that name")]
pub enum Place {
    Runbook,
    Phase,
    Attempt,
    Step,
    Manual,
    Undo,
    Check,
    Guard,
    DoneWhen,
    Gate,
    Handler,
    Every,
    Choose,
    Answer,
    Parallel,
    Scenario,
    Module,
    ModuleCheck,
    /// The block of a `run` line.
    RunBlock,
    /// The block of a fenced script.
    FenceBlock,
    /// The block of `http`.
    HttpBlock,
    /// The block of `commit`, `approval`, `confirm`, `judge`: prose only, plus what the kind's own clauses say.
    TextBlock,
}

/// What an operand is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SlotKind {
    /// A title: text, possibly interpolated.
    Title,
    /// A title that may be left out.
    TitleOptional,
    /// Any expression of any type.
    Any,
    /// Any expression; may be left out.
    AnyOptional,
    /// A condition.
    Bool,
    /// A whole number.
    Int,
    /// A text.
    Text,
    /// A text, or a file that was produced.
    Content,
    /// A text that must be fixed when the file is compiled (a file).
    FixedText,
    /// The name of a group of approvers, in quotes.
    Group,
    /// The name of a role, in quotes.
    Role,
    /// The name of a channel, in quotes.
    Channel,
    /// The name of a target: a text, which may be a value.
    Target,
    /// A length of time.
    Duration,
    /// A regular expression literal.
    Regex,
    /// A list.
    List,
    /// One of these bare words (`GET`, `POST`; `success`, `rollback`).
    OneOf(&'static [&'static str]),
    /// A new name that the statement declares (`for x`).
    NewName,
    /// `name: type [= default]`.
    Decl,
    /// `NAME = value`.
    Assign,
    /// `{ key: value }` or any value that JSON can hold.
    Json,
    /// `(name: value, …)`.
    Args,
    /// `name(params)[: type]`.
    Signature,
    /// This word itself (`in` of `for x in list`, `rollback` of `before rollback`).
    Word(&'static str),
}

/// An option: a word (or words) and what follows it.
#[derive(Debug)]
pub struct OptionSpec {
    /// Its first word; its name.
    pub word: &'static str,
    /// What follows, words and slots.
    pub parts: &'static [Part],
    /// One line for completion and the reference.
    pub doc: &'static str,
}

/// A part of an option after its first word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// A fixed word (`most` of `at most 5`).
    Word(&'static str),
    /// A value.
    Slot(SlotKind),
    /// A value that may be left out (`parallel [5]`).
    Optional(SlotKind),
}

/// What the block of a statement is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BlockOf {
    /// It opens none.
    None,
    /// It may open one, a place of its own.
    Optional(Place),
    /// It must open one, a place of its own.
    Required(Place),
    /// It must open one, which is the same place as the one around it.
    Same,
}

/// What may follow the block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is the word")]
pub enum TailOf {
    None,
    Else,
    Otherwise,
    Until,
}

/// How names bound inside a block are seen after it (LANGUAGE.md, "Values").
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flow {
    /// As if the block's statements stood there (`step`, `phase`, `check`, `gate`).
    Through,
    /// Seen if every branch binds them (`if`/`else`, `attempt`/`otherwise`, `choose`).
    Branches,
    /// After it a map by item (`for`).
    Each,
    /// The last turn's are seen (`repeat`), by `until` too.
    LastTurn,
    /// Branches do not see each other; after it all are seen (`parallel`).
    Parallel,
    /// Not seen after it (`rollback`, `guard`, handlers).
    Inner,
}
