//! The main job on real input: the real binary takes the practice deployment to GA, fails, is killed, and comes back.
#![expect(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    clippy::print_stderr,
    clippy::disallowed_methods,
    reason = "tests drive the real binary over real files"
)]

#[path = "../support/cores.rs"]
mod cores;
mod killed;
mod practice;
#[path = "../support/python.rs"]
mod python;
#[path = "../support/scratch.rs"]
mod scratch;
#[path = "../support/strace.rs"]
mod strace;

use practice::{MIGRATIONS, Practice, told};

#[test]
fn a_clean_run_migrates_the_database() {
    let practice = Practice::new(None);
    let before = practice.dump();
    let output = practice.run().output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", told(&output));
    let after = practice.dump();
    assert_ne!(before, after);
    assert!(MIGRATIONS.iter().all(|name| after.contains(name)));
    assert!(practice.read("requirements.txt").contains("memoria==1.0.0"));
    assert_eq!(practice.backups("pre-ga-").len(), 1);
}

#[test]
fn a_second_run_leaves_the_export_of_the_first_alone() {
    let practice = Practice::new(None);
    assert_eq!(practice.run().output().unwrap().status.code(), Some(0));
    let first = practice.backups("");
    let second = practice.run().output().unwrap();
    assert_eq!(second.status.code(), Some(0), "{}", told(&second));
    let both = practice.backups("");
    assert_eq!(both.len(), 2 * first.len(), "{:?}", both.keys());
    assert!(first.iter().all(|(name, text)| both.get(name) == Some(text)), "{:?}", first.keys());
}

#[test]
fn a_migration_that_fails_half_way_is_undone_whole() {
    for migration in MIGRATIONS {
        let practice = Practice::new(Some(migration));
        let (before, pin, config) =
            (practice.dump(), practice.read("requirements.txt"), practice.read("config.yaml"));
        let output = practice.run().output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{migration}: {}", told(&output));
        assert_eq!(practice.dump(), before, "{migration}");
        assert_eq!((practice.read("requirements.txt"), practice.read("config.yaml")), (pin, config));
        let taken = ["post-rollback-", "pre-ga-"]
            .map(|name| practice.backups(name).into_values().collect::<Vec<_>>());
        assert_eq!((taken[0].len(), &taken[0]), (1, &taken[1]));
        assert_eq!(practice.evidence(), taken[0], "the run keeps it");
    }
}
