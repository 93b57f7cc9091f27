//! The reference model of the compensation rules, its table of rules, random plans, and the real engine
//! held against them.

#![expect(
    clippy::similar_names,
    clippy::match_bool,
    clippy::format_collect,
    clippy::needless_pass_by_value,
    reason = "the names of the rules; text put together for tests"
)]

mod adapter;
mod claims;
mod compare;
mod coverage;
mod met;
mod model;
mod names;
mod random;
mod render;
mod replay;
mod rules;
mod stage;
mod walk;
mod world;
mod worlds;
