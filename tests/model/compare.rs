//! The engine and the model agree, on random plans with several random worlds each.
//!
//! `PROPTEST_RNG_SEED` gives other plans, `PROPTEST_CASES` more of them. What fails is kept in `seeds.txt` beside this
//! file and run first from then on; what it shows becomes a row of `rules` or a test of the engine.

use super::adapter::Compiled;
use super::coverage::Coverage;
use super::met::{Met, Outline};
use super::random::Size;
use super::worlds::several;
use proptest::test_runner::{Config, FileFailurePersistence, RngSeed, TestCaseError, TestError, TestRunner};
use std::cell::RefCell;

/// Worlds for each plan: compiling a plan costs as much as running it many times.
const WORLDS: usize = 10;

/// So many plans, times half of [`WORLDS`] on average.
fn config(plans: u32, seed: u64) -> Config {
    let usual = Config::default();
    let given = std::env::var_os("PROPTEST_CASES").is_some();
    let persistence = FileFailurePersistence::Direct("tests/model/seeds.txt");
    Config {
        cases: if given { usual.cases } else { plans },
        rng_seed: if usual.rng_seed == RngSeed::Random { RngSeed::Fixed(seed) } else { usual.rng_seed },
        failure_persistence: Some(Box::new(persistence)),
        ..usual
    }
}

/// Compares on so many plans; gives what was met on the way.
fn agree(config: Config, size: Size) -> Coverage {
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
        Ok(()) => coverage.into_inner(),
        Err(TestError::Fail(why, _)) => panic!("{why}"),
        Err(TestError::Abort(why)) => panic!("{why}"),
    }
}

#[test]
fn the_engine_does_what_the_model_says() {
    agree(config(1000, 1), Size::default()).is_enough(5000);
}

#[test]
fn the_engine_does_what_the_model_says_on_larger_plans() {
    agree(config(500, 2), Size { depth: 4, statements: 24 }).is_enough(2500);
}
