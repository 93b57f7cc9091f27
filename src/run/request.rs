//! What a host is asked for, all values filled in: programs and HTTP requests.

use crate::value::MASKED;

/// A text that may be secret. `Debug` shows only that.
#[derive(Clone)]
pub struct ArgText {
    /// The text in the clear; for the world only.
    pub clear: String,
    /// Whether it is tainted.
    pub secret: bool,
}

impl ArgText {
    /// A text that is no secret.
    pub fn plain(text: impl Into<String>) -> Self {
        Self { clear: text.into(), secret: false }
    }

    /// The text as it may be told.
    #[must_use]
    pub fn told(&self) -> &str {
        if self.secret { MASKED } else { &self.clear }
    }
}

impl std::fmt::Debug for ArgText {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.told())
    }
}

/// A program to start.
#[derive(Debug)]
pub struct Program {
    /// The program and its arguments. For a script: the interpreter.
    pub words: Vec<ArgText>,
    /// A script, handed over as a file after the words.
    pub script: Option<String>,
    /// Added to the environment.
    pub env: Vec<(String, ArgText)>,
    /// Working folder, relative to the folder of the run.
    pub dir: Option<String>,
    /// Standard input; empty where there is none.
    pub stdin: Option<ArgText>,
    /// Whether it gets the real terminal.
    pub terminal: bool,
    /// Whether its standard output or error is read as a value (kept in memory, bounded).
    pub capture: Capture,
}

impl Program {
    /// These words and nothing around them; what it prints is only kept.
    pub fn of(words: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self {
            words: words.into_iter().map(ArgText::plain).collect(),
            script: None,
            env: vec![],
            dir: None,
            stdin: None,
            terminal: false,
            capture: Capture::Nothing,
        }
    }
}

/// What becomes of what a program prints, besides being kept and shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Capture {
    /// Nothing.
    #[default]
    Nothing,
    /// It is read as a value.
    Value,
    /// These streams are read as a value that is secret: they are neither kept nor shown.
    Secret {
        /// Standard output is.
        stdout: bool,
        /// Standard error is.
        stderr: bool,
    },
}

/// An HTTP request.
#[derive(Debug)]
pub struct HttpRequest {
    /// Upper case.
    pub method: String,
    /// Whole URL, query included.
    pub url: ArgText,
    /// Headers, credentials included.
    pub headers: Vec<(String, ArgText)>,
    /// The body with its media type.
    pub body: Option<(String, Content)>,
}

/// The body of a request.
#[derive(Clone, Debug)]
pub enum Content {
    /// A text.
    Text(ArgText),
    /// What a file holds, as it is; its path, relative to the folder of the run.
    File(String),
}

impl Content {
    /// The text, where it is one.
    #[must_use]
    pub fn as_text(&self) -> Option<&ArgText> {
        match self {
            Self::Text(text) => Some(text),
            Self::File(_) => None,
        }
    }
}
