//! The rules of a run, each as a small plan in a scripted world.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

mod after_commit;
mod build;
mod checks;
mod choices;
mod crash;
mod exclusive;
mod forward;
mod found;
mod loops;
mod people;
mod scopes;
mod sentences;
mod sequence;
mod stop;
mod undo;
mod world;
