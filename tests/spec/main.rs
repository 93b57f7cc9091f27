//! The language, said by examples: every bowline file below this folder states its verdict in its first comment,
//! and one function holds it to that ([`check::check`]). `README.md` says how a file is written.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    clippy::print_stderr,
    reason = "tests drive the real binary over real files"
)]

mod answers;
mod check;
mod coverage;
mod crooked;
mod cut;
mod events;
mod examples;
mod half;
mod header;
mod layout;
mod lines;
mod lost;
mod mistakes;
mod pairs;
mod pasted;
mod places;
mod random;
#[path = "../support/server.rs"]
mod server;
mod site;

/// One test for each folder of specs, and the list of them.
macro_rules! topics {
    ($($topic:ident),* $(,)?) => {
        /// Every folder of specs.
        const TOPICS: &[&str] = &[$(stringify!($topic)),*];
        $(
            #[test]
            fn $topic() {
                check::check_folder(stringify!($topic));
            }
        )*
    };
}

topics! {
    effects,
    people,
    undo,
    inputs,
    values,
    blocks,
    files,
    wrong,
    lints,
    config,
}
