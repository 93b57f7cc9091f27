//! Source texts: their bytes, spans into them, and lines; how near one spelling is to another, and which
//! characters a screen does not show.
//!
//! Knows nothing of the language. Every later value that came from a file keeps a [`Span`],
//! so that any message can point at the words that caused it.

mod fence;
mod lines;
mod source;
mod spelling;
mod unseen;

pub use fence::{backticks, fence_for};
pub use lines::{Lines, Place16};
pub use source::{MAX_SOURCE_BYTES, Position, Source, SourceId, Sources};
pub use spelling::nearest;
pub use unseen::is_unseen;

use serde::{Deserialize, Serialize};

/// A range of bytes in one source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Span {
    /// The source that the bytes belong to.
    pub source: SourceId,
    /// First byte, from 0.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// A span over `start..end`; an inverted range collapses to an empty one at `start`.
    #[must_use]
    pub fn new(source: SourceId, start: usize, end: usize) -> Self {
        let start = u32::try_from(start).unwrap_or(u32::MAX);
        let end = u32::try_from(end).unwrap_or(u32::MAX).max(start);
        Self { source, start, end }
    }

    /// The smallest span that holds both; the other must be of the same source.
    #[must_use]
    pub fn to(self, other: Self) -> Self {
        Self { source: self.source, start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// The bytes as a range, to slice a source's text with.
    #[must_use]
    pub fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }

    /// Whether something begins in here.
    #[must_use]
    pub fn holds(self, at: Self) -> bool {
        self.source == at.source && (self.start..self.end).contains(&at.start)
    }

    /// Whether `offset` lies inside, the end included (where a cursor stands).
    #[must_use]
    pub fn touches(self, offset: u32) -> bool {
        self.start <= offset && offset <= self.end
    }
}
