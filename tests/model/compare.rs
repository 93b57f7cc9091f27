//! The engine and the model agree, on random cases.

use super::adapter::held_against_the_model;
use super::random::{Size, cases};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

fn config(cases: u32) -> ProptestConfig {
    let usual = ProptestConfig::default();
    let seed = if usual.rng_seed == RngSeed::Random { RngSeed::Fixed(1) } else { usual.rng_seed };
    ProptestConfig { cases: usual.cases.max(cases), rng_seed: seed, failure_persistence: None, ..usual }
}

proptest! {
    #![proptest_config(config(300))]

    #[test]
    fn the_engine_does_what_the_model_says(case in cases(Size::default())) {
        if let Err(why) = held_against_the_model(&case) {
            prop_assert!(false, "{}", why);
        }
    }
}
