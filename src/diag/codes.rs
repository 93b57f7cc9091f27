//! The stable codes of diagnostics: `E…` errors, `W…` warnings.
//!
//! `E00xx` reading files, `E01xx` syntax, `E02xx` names and types, `E03xx` statements and where they
//! stand, `E04xx` undo and plan, `W….` lints in the same hundreds. A code is never given a new meaning.

/// A stable code with the one-line title that tables print.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Code {
    /// `E0207`.
    pub id: &'static str,
    /// What it is about, without the particulars.
    pub title: &'static str,
}

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $id:literal, $title:literal;)*) => {
        $(
            #[doc = $title]
            pub const $name: Code = Code { id: $id, title: $title };
        )*
        /// Every code, in order.
        pub const ALL: &[Code] = &[$($name),*];
    };
}

codes! {
    UNREADABLE = "E0001", "the file cannot be read";
    TOO_LARGE = "E0002", "the file is larger than 64 MiB";
    NOT_UTF8 = "E0003", "the file is not UTF-8";
    TOO_DEEP = "E0004", "nesting goes deeper than 256";
    BAD_LINE = "E0101", "the line is not a statement";
    UNCLOSED = "E0102", "something opened is never closed";
    STRAY_CLOSE = "E0103", "a closing brace has no opening one";
    LEFTOVER = "E0104", "words after the end of a statement";
    SHELL_SYNTAX = "E0105", "shell syntax on a run line";
    BAD_LITERAL = "E0106", "a literal is malformed";
}
