//! The reference model of the compensation rules, its table of rules, random plans, and the real engine
//! held against them.

mod adapter;
mod compare;
mod model;
mod names;
mod random;
mod render;
mod replay;
mod rules;
mod stage;
mod walk;
mod world;
