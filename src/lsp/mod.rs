//! The language server: `ide` as the Language Server Protocol has it. The only module that names `lsp_types`.
//!
//! One thread reads, one works: messages are done in their order, and a text is checked once no further message waits.
//! Knows files only through [`World`]. Total: no message and no text stops it.

mod answers;
mod capabilities;
mod changes;
mod documents;
mod everywhere;
mod failure;
mod frame;
mod late;
mod serve;
mod server;
mod shape;

pub use serve::serve;

use crate::compile::{Loader, Setting};

/// What the server asks of the machine.
pub trait World: Loader {
    /// What `bowline.toml` says about a file.
    fn setting(&self, path: &str) -> Setting;

    /// The runbooks and modules below a folder, at most so many.
    fn files_below(&self, folder: &str, most: usize) -> Below;

    /// The path of a copy, which an editor can open, of a file inside the binary; `None` for any other file, and where no
    /// copy can be made.
    fn copy_of(&self, bundled: &str) -> Option<String>;

    /// Whether a path is that of such a copy.
    fn is_copy(&self, path: &str) -> bool;
}

/// The files below a folder.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Below {
    /// Their paths, in order.
    pub files: Vec<String>,
    /// Whether there are more that were not looked for.
    pub more: bool,
}

/// How the server ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// As the protocol wants it: first `shutdown`, then `exit`.
    Clean,
    /// Without `shutdown` before.
    Abrupt,
}
