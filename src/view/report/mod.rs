//! The report of a run, for people who were not there: one story, as Markdown and as a page that stands alone.
//!
//! The story is a fold over the events through the same fold as screen and `show`, so that they cannot disagree.
//! Both renderers draw nothing but the story. Times are UTC: the same run gives the same report everywhere.

mod asked;
mod facts;
mod fold;
mod html;
mod log;
mod markdown;
mod open;
mod scale;
mod story;
mod text;

pub use fold::tell;
pub use html::html;
pub use markdown::markdown;
pub use story::Story;

#[cfg(test)]
mod tests;
