//! The looks of a plan, asked of the real system outside of any run: checks, looks by themselves, guards, and whether a
//! step is in place.
//!
//! Knows plan and the engine behind [`crate::run::drive`]: a look is asked by the same code as in a run, alone in a small
//! plan of its own. Nothing that changes anything is started, nobody is asked, and nothing is recorded. What is found
//! before the first change of the world holds for the plan; what stands behind that is told as it is now. Knows no host.

mod ask;
mod unit;
mod walk;

pub use ask::{Answer, Asking};
pub use unit::LIMIT;
pub use walk::{Look, Probe, Values, probe};
