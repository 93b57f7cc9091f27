//! The reference model of the compensation rules, its table of rules, and random plans.

mod model;
mod random;
mod replay;
mod rules;
mod walk;
mod world;
