//! What a program prints: all of it into a file, its end in memory, its value if asked for.
//!
//! Memory stays bounded whatever is printed. What is kept or shown is masked; only the captured
//! value is in the clear.

mod file;
mod lines;

use std::path::Path;
use std::time::Instant;

use self::file::OutputFile;
pub use self::file::output_name;
use self::lines::{Latest, Tail};
use super::super::mask::{Mask, StreamMask};
use crate::event::{EffectId, OutputRef};
use crate::run::{Capture, Captured};

/// A stream larger than this is not kept as a value, in bytes.
pub(super) const LARGEST_VALUE: usize = 4 * 1024 * 1024;

/// The two streams, as an index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stream {
    Out,
    Err,
}

/// Takes what a program prints.
#[derive(Debug)]
pub(super) struct Output {
    out: StreamState,
    err: StreamState,
    file: OutputFile,
    tail: Tail,
    latest: Latest,
}

/// One stream's own state.
#[derive(Debug)]
struct StreamState {
    mask: StreamMask,
    value: Option<Vec<u8>>,
    /// Neither kept nor shown.
    hidden: bool,
}

/// Stands in the place of what is hidden.
const HIDDEN: &[u8] = b"[bowline] what it printed is a secret and is not kept\n";

/// What is known when a program has ended.
#[derive(Debug)]
pub(super) struct Printed {
    pub stdout: Captured,
    pub stderr: Captured,
    pub tail: String,
    pub output: Option<OutputRef>,
}

impl StreamState {
    fn new(mask: &Mask, capture: bool, hidden: bool) -> Self {
        Self { mask: StreamMask::new(mask), value: capture.then(Vec::new), hidden }
    }

    /// Whether it hides something.
    fn is_missing(&self) -> bool {
        self.hidden && self.value.as_ref().is_none_or(|value| !value.is_empty())
    }

    fn keep(&mut self, bytes: &[u8]) {
        if let Some(value) = &mut self.value {
            if value.len() + bytes.len() > LARGEST_VALUE {
                self.value = None;
            } else {
                value.extend_from_slice(bytes);
            }
        }
    }

    fn captured(self) -> Captured {
        self.value.map_or(Captured::NotKept, Captured::of)
    }
}

impl Output {
    /// Output of an effect that goes into `folder`; the file is made when there is something to keep.
    pub(super) fn new(folder: &Path, effect: EffectId, mask: &Mask, capture: Capture) -> Self {
        let (out, err) = match capture {
            Capture::Secret { stdout, stderr } => (stdout, stderr),
            Capture::Nothing | Capture::Value => (false, false),
        };
        let capture = capture != Capture::Nothing;
        Self {
            out: StreamState::new(mask, capture, out),
            err: StreamState::new(mask, capture, err),
            file: OutputFile::new(folder, effect),
            tail: Tail::default(),
            latest: Latest::default(),
        }
    }

    /// Takes what was read from a stream.
    pub(super) fn take(&mut self, stream: Stream, bytes: &[u8]) {
        let state = match stream {
            Stream::Out => &mut self.out,
            Stream::Err => &mut self.err,
        };
        state.keep(bytes);
        if state.hidden {
            return;
        }
        let masked = state.mask.feed(bytes);
        self.file.write(&masked);
        self.tail.take(&masked);
        self.latest.take(&masked);
    }

    /// The last line that a screen has not seen, if it is time to show one.
    pub(super) fn line(&mut self, now: Instant) -> Option<String> {
        self.latest.line(now)
    }

    /// When [`Self::line`] has something to show.
    pub(super) fn line_due(&self) -> Option<Instant> {
        self.latest.due()
    }

    /// Why not all of it is kept.
    pub(super) fn trouble(&self) -> Option<String> {
        self.file.trouble().map(|error| format!("the output could not be kept whole: {error}"))
    }

    /// The program has ended; `remarks` of ours stand below the last lines.
    pub(super) fn finish(mut self, remarks: &[String]) -> Printed {
        for rest in [self.out.mask.finish(), self.err.mask.finish()] {
            self.file.write(&rest);
            self.tail.take(&rest);
        }
        if self.out.is_missing() || self.err.is_missing() {
            self.file.write(HIDDEN);
            self.tail.take(HIDDEN);
        }
        Printed {
            tail: self.tail.text(remarks),
            output: self.file.finish(),
            stdout: self.out.captured(),
            stderr: self.err.captured(),
        }
    }
}
