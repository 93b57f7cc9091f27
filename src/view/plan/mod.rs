//! A plan for people and programs: first an outline (data), then text or JSON of it.

mod acts;
mod outline;
mod text;
mod words;

pub use outline::{Item, Outline, outline};
pub use text::plan_text;
pub use words::Known;
