//! What people and programs see of a run: lines, the checklist at a terminal, `show`, `logs`, `runs`.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "tests drive the real binary over real files"
)]

mod lines;
mod logs;
mod schemas;
mod site;
mod terminal;
mod tty;
