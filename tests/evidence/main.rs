//! Evidence: runs packed and verified by the real binary, and packs that somebody has tampered with.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "tests drive the real binary over real files"
)]

mod approved;
mod hostile;
mod large;
mod made;
mod packs;
mod report;
mod shapes;
mod signed;
mod site;
mod tampered;
