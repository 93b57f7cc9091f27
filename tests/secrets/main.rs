//! No secret is recorded or shown: the real binary, and every byte that it leaves searched.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "tests drive the real binary over real files"
)]

mod again;
#[path = "../support/folder.rs"]
mod folder;
mod given;
mod site;
mod unread;
mod values;
mod words;
