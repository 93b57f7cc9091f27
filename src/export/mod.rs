//! A plan as Markdown that a person can follow by hand: steps with tick boxes, values filled in, how to go back at the end.
//!
//! Knows outlines of plans and Markdown. What bowline adds to the runbook's own words is marked with an anchor, so that
//! `import` can tell them apart: `marks` is what both keep to.

mod markdown;
pub(crate) mod marks;
mod remarks;
mod steps;

pub use markdown::guide;
