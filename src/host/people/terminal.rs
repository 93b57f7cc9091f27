//! A terminal: where it is, and its two directions. Knows nothing of lines and modes.

use std::fs::File;
use std::io::{IsTerminal, Write};
use std::os::fd::{AsFd, OwnedFd};

/// The two directions of a terminal.
#[derive(Debug)]
pub struct Terminal {
    input: File,
    output: File,
}

impl Terminal {
    /// The terminal that this process belongs to, else one that its input comes from; `None` where
    /// there is neither.
    #[must_use]
    pub fn of_process() -> Option<Self> {
        let (stdin, stderr) = (std::io::stdin(), std::io::stderr());
        if let Ok(input) = File::options().read(true).write(true).open("/dev/tty") {
            return Some(Self { output: input.try_clone().ok()?, input });
        }
        let both = stdin.is_terminal() && stderr.is_terminal();
        let copy = |file: std::os::fd::BorrowedFd<'_>| file.try_clone_to_owned().ok();
        both.then(|| Some(Self::of(copy(stdin.as_fd())?, copy(stderr.as_fd())?))).flatten()
    }

    /// Any pair of descriptors.
    #[must_use]
    pub fn of(input: OwnedFd, output: OwnedFd) -> Self {
        Self { input: input.into(), output: output.into() }
    }

    /// A second handle, for whoever has to leave it as it was.
    pub(super) fn again(&self) -> std::io::Result<Self> {
        Ok(Self { input: self.input.try_clone()?, output: self.output.try_clone()? })
    }

    pub(super) fn input(&self) -> &File {
        &self.input
    }

    pub(super) fn output(&self) -> &File {
        &self.output
    }

    /// Writes; a terminal that is gone is noticed by the next read.
    pub(super) fn write(&self, text: &str) {
        let mut output = &self.output;
        let _ = output.write_all(text.as_bytes()).and_then(|()| output.flush());
    }
}
