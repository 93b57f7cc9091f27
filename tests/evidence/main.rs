//! Evidence: runs packed and verified by the real binary, and packs that somebody has tampered with.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "tests drive the real binary over real files"
)]

mod approved;
#[path = "../support/folder.rs"]
mod folder;
mod hostile;
mod large;
mod lives;
mod made;
mod open;
mod packs;
mod report;
#[path = "../support/said.rs"]
mod said;
mod shapes;
mod signed;
mod site;
mod tampered;
#[path = "../support/wait.rs"]
mod wait;
