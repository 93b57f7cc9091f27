//! A plan for people and programs: first an outline (data), then text or JSON of it; and what people mean
//! who name a part of it.

mod acts;
mod failures;
mod item;
mod mention;
mod named;
mod outline;
mod steps;
mod struck;
mod tell;
mod text;
mod titled;
mod words;

pub use failures::{Failure, Point, StaysItem, UndoneItem};
pub use item::{Item, StepRef};
pub use mention::{Mention, Names};
pub use outline::{InputItem, Outline, outline};
pub use text::plan_text;
pub use words::Known;
