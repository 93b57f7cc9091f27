//! The engine and the model agree, on random plans with several random worlds each.
//!
//! `PROPTEST_RNG_SEED` gives other plans, `PROPTEST_CASES` more of them. What differs becomes a row of `rules` or a test
//! of the engine.

use super::adapter::Compiled;
use super::coverage::Coverage;
use super::met::{Met, Outline};
use super::random::Size;
use super::worlds::several;
use proptest::test_runner::{Config, RngSeed, TestCaseError, TestError, TestRunner};
use std::cell::RefCell;

/// Worlds for each plan, half of it on average: compiling a plan costs as much as running it eight times.
const WORLDS: usize = 30;

/// So many plans, unless the environment says otherwise.
fn config(plans: u32, seed: u64) -> Config {
    let usual = Config::default();
    let given = std::env::var_os("PROPTEST_CASES").is_some();
    Config {
        cases: if given { usual.cases } else { plans },
        rng_seed: if usual.rng_seed == RngSeed::Random { RngSeed::Fixed(seed) } else { usual.rng_seed },
        failure_persistence: None,
        ..usual
    }
}

/// Compares on random plans, and sees that they met enough.
#[track_caller]
fn agree(config: Config, size: Size) {
    let plans = config.cases as usize;
    let coverage = RefCell::new(Coverage::default());
    let result = TestRunner::new(config).run(&several(size, WORLDS), |(run, scripts)| {
        let plan = Compiled::new(&run).map_err(TestCaseError::fail)?;
        let outline = Outline::of(&run);
        for script in &scripts {
            let ran = plan.held_against_the_model(script).map_err(TestCaseError::fail)?;
            coverage.borrow_mut().count(&Met { plan: &outline, script, ran: &ran });
        }
        Ok(())
    });
    match result {
        Ok(()) => coverage.into_inner().is_enough(plans * WORLDS * 9 / 20),
        Err(TestError::Fail(why, _) | TestError::Abort(why)) => panic!("{why}"),
    }
}

#[test]
fn the_engine_does_what_the_model_says() {
    agree(config(300, 1), Size::default());
}

#[test]
fn the_engine_does_what_the_model_says_on_larger_plans() {
    agree(config(130, 2), Size { depth: 4, statements: 24 });
}
