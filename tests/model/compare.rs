//! The engine and the model agree, on random cases.

use super::adapter::held_against_the_model;
use super::random::{Size, cases};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

fn config(cases: u32) -> ProptestConfig {
    let usual = ProptestConfig::default();
    let seed = if usual.rng_seed == RngSeed::Random { RngSeed::Fixed(1) } else { usual.rng_seed };
    ProptestConfig { cases, rng_seed: seed, failure_persistence: None, ..usual }
}

proptest! {
    #![proptest_config(config(300))]

    #[test]
    #[ignore = "differences are being settled"]
    fn the_engine_does_what_the_model_says(case in cases(Size::default())) {
        if let Err(why) = held_against_the_model(&case) {
            prop_assert!(false, "{}", why);
        }
    }
}

#[test]
#[ignore = "survey"]
fn survey() {
    use proptest::strategy::ValueTree;
    let n: u32 = std::env::var("N").ok().and_then(|n| n.parse().ok()).unwrap_or(1000);
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let strategy = cases(Size::default());
    let mut seen = std::collections::BTreeMap::<String, (usize, String)>::new();
    for _ in 0..n {
        let case = strategy.new_tree(&mut runner).expect("no filters").current();
        if let Err(why) = held_against_the_model(&case) {
            let first: String = why.lines().take(2).collect::<Vec<_>>().join(" | ");
            let first: String =
                first.chars().map(|c| if c.is_ascii_digit() { '#' } else { c }).take(400).collect();
            let entry = seen.entry(first).or_insert((0, why.clone()));
            entry.0 += 1;
            if why.len() < entry.1.len() {
                entry.1 = format!("{why}\n{:?}", case.script);
            }
        }
    }
    let mut all: Vec<_> = seen.into_iter().collect();
    all.sort_by_key(|(_, (n, _))| std::cmp::Reverse(*n));
    let total: usize = all.iter().map(|(_, (n, _))| n).sum();
    println!("{total} of {n} differ, {} kinds", all.len());
    for (what, (n, shortest)) in all.iter().take(12) {
        println!("=== {n}x {what}\n{shortest}\n");
    }
}
