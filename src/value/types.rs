//! The types that a value can have.

use serde::{Deserialize, Serialize};

/// A type of the language (LANGUAGE.md, "Values").
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Type {
    /// UTF-8 text.
    Text,
    /// A whole number, 64 bits.
    Int,
    /// A number; an `int` fits where a `number` stands.
    Number,
    /// `true` or `false`.
    Bool,
    /// A length of time, `30s`.
    Duration,
    /// A number of bytes, `2GiB`.
    Size,
    /// An instant.
    Time,
    /// A `SemVer` version.
    Version,
    /// An absolute URL.
    Url,
    /// A file path.
    Path,
    /// A text that is never shown or stored.
    Secret,
    /// Whatever JSON holds; a field of it is `json` again.
    Json,
    /// The lines of a text; as a value a `list of text`.
    Lines,
    /// `list of T`.
    List(Box<Type>),
    /// `map of T`, keys are text.
    Map(Box<Type>),
    /// One of these texts.
    OneOf(Vec<String>),
    /// A file that was really produced, with its SHA-256.
    Artifact,
    /// What a statement gives that gives nothing.
    Nothing,
    /// The type of something already reported as wrong; fits everywhere, so that one mistake is one report.
    Unknown,
}

impl Type {
    /// How a value of the type is given from outside; `None` where any text is one.
    #[must_use]
    pub fn example(&self) -> Option<&str> {
        Some(match self {
            Self::Int => "3",
            Self::Number => "0.5",
            Self::Bool => "true",
            Self::Duration => "10m",
            Self::Size => "2GiB",
            Self::Time => "2030-03-01T14:00:00Z",
            Self::Version => "1.0.0",
            Self::Url => "https://example.org/",
            Self::Json => r#"{"name": 1}"#,
            Self::List(_) => r#"["a", "b"]"#,
            Self::Map(_) => r#"{"a": "b"}"#,
            Self::OneOf(words) => words.first()?,
            Self::Text
            | Self::Path
            | Self::Secret
            | Self::Lines
            | Self::Artifact
            | Self::Nothing
            | Self::Unknown => return None,
        })
    }
}
