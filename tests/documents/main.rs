//! Every example of the documents is held to what the page says of it: the real binary checks it.
#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "tests drive the real binary over real files"
)]

mod authoring;
mod codes;
mod doubles;
mod links;
mod pages;
mod pipeline;
mod planned;
mod plans;
mod site;
mod stability;
mod statements;
mod templates;
mod tools;
