//! The rules of a run, each as a small plan in a scripted world.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

mod build;
mod sequence;
mod world;
