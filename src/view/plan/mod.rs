//! A plan for people and programs: first an outline (data), then text or JSON of it.

mod acts;
mod failures;
mod named;
mod outline;
mod steps;
mod tell;
mod text;
mod words;

pub use failures::{Failure, Point, StaysItem, UndoneItem};
pub use outline::{InputItem, Item, Outline, StepRef, outline};
pub use text::plan_text;
pub use words::Known;
