//! What people and programs see of a run: lines, the checklist at a terminal, `show`, `logs`, `runs`.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "tests drive the real binary over real files"
)]

#[path = "../support/folder.rs"]
mod folder;
mod lines;
mod logs;
#[path = "../support/said.rs"]
mod said;
mod schemas;
mod site;
mod terminal;
mod tty;
#[path = "../support/wait.rs"]
mod wait;
