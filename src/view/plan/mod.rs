//! A plan for people and programs: first an outline (data), then text or JSON of it; and what people mean
//! who name a part of it.

mod acts;
mod changes;
mod failures;
mod html;
mod item;
mod lasting;
mod markdown;
mod mention;
mod mermaid;
mod named;
mod outline;
mod probe;
mod steps;
mod struck;
mod tell;
mod text;
mod titled;
mod words;

pub use changes::{Changes, plan_changes};
pub use failures::{Failure, Point, StaysItem, UndoneItem};
pub use html::plan_html;
pub(crate) use item::PROSE;
pub use item::{Item, StepRef};
pub use lasting::Lasting;
pub use markdown::plan_markdown;
pub use mention::{Mention, Names};
pub use mermaid::plan_mermaid;
pub use named::condition_as_written;
pub use outline::{InputItem, Outline, outline, outline_with_prose};
pub use probe::{Given, LookItem, looks_told};
pub use struck::effect_in_words;
pub use text::plan_text;
pub use words::Known;
