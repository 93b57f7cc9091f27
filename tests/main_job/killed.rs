//! The main job killed, at durable points of its journal and at instants within its steps; then taken up again.
//!
//! The points are a sample, each third of a second of work: `BOWLINE_CRASH_EVERY=1` goes through them all.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use crate::practice::{MIGRATIONS, Practice};
use crate::strace::{Point, points, strace, traceable};

/// Half-way through this one the run that fails is left.
const FAILING: &str = MIGRATIONS[1];
/// Without `BOWLINE_CRASH_EVERY`: one point in so many, a prime so that all calls and phases are met.
const EVERY: usize = 37;

/// Takes the run up until it has an end, and looks at the database: as the announcement wants it, or as it was.
fn comes_home(practice: &Practice, before: &str) {
    let (code, talk) = practice.bring_home();
    match code {
        None => assert_eq!(practice.dump(), before, "it never began: {talk}"),
        Some(0) => assert!(MIGRATIONS.iter().all(|name| practice.dump().contains(name)), "{talk}"),
        Some(1) => {
            assert_eq!(practice.dump(), before, "{talk}");
            assert!(practice.read("requirements.txt").contains("memoria==0.9.4"), "{talk}");
        }
        other => panic!("{other:?}: {talk}"),
    }
    assert!(code.is_none() || practice.repeated().is_empty(), "{:?}: {talk}", practice.repeated());
}

/// `tests/crash` sees that no other than the main thread writes the journal.
fn traced(practice: &Practice, kill_at: Option<Point>) -> Vec<String> {
    strace(&practice.journal(), &practice.path("trace"), kill_at)
}

/// The durable points of an undisturbed run, those of the sample: of the shortest of three, counted as they are killed, on one core.
fn sample(failing: Option<&'static str>) -> Vec<Point> {
    let every = std::env::var("BOWLINE_CRASH_EVERY").ok().and_then(|text| text.parse().ok()).unwrap_or(EVERY);
    let counted = |_| {
        let practice = Practice::new(failing);
        let status = practice.run_under(&traced(&practice, None)).output().unwrap().status;
        assert_eq!(status.code(), Some(i32::from(failing.is_some())));
        points(&practice.path("trace"))
    };
    let counted = crate::cores::on_one(|| (0..3).map(counted).min_by_key(Vec::len).unwrap());
    counted.into_iter().step_by(every).collect()
}

/// Runs to the point and sees it die there. A point may be missed where the run was quicker than when it was
/// counted (a child that ends at once leaves no note of its pid): then it is tried again.
fn killed_at(failing: Option<&'static str>, point: Point) -> (Practice, String) {
    for _ in 0..20 {
        let practice = Practice::new(failing);
        let before = practice.dump();
        let words = traced(&practice, Some(point));
        let output = practice.run_under(&words).output().unwrap();
        if crate::practice::killed(output.status) {
            return (practice, before);
        }
    }
    panic!("{point:?} was never reached");
}

fn at_durable_points(failing: Option<&'static str>) {
    if !traceable() {
        return;
    }
    let points = sample(failing);
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for core in 0..2 {
            let (points, next) = (&points, &next);
            scope.spawn(move || {
                crate::cores::keep_to_one(core);
                while let Some(point) = points.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let (practice, before) = killed_at(failing, *point);
                    eprintln!("killed at {point:?}");
                    comes_home(&practice, &before);
                }
            });
        }
    });
}

#[test]
fn at_durable_points_of_a_run_that_would_complete() {
    at_durable_points(None);
}

#[test]
fn at_durable_points_of_a_run_that_is_undone() {
    at_durable_points(Some(FAILING));
}

/// Instants spread over a run and beyond its end on a slow day; children are left alive.
fn at_instants(failing: Option<&'static str>) {
    for delay in (0..8).map(|turn| 90 + turn * 170) {
        let practice = Practice::new(failing);
        let before = practice.dump();
        let mut child = practice.run().spawn().unwrap();
        std::thread::sleep(Duration::from_millis(delay));
        child.kill().unwrap();
        if crate::practice::killed(child.wait().unwrap()) {
            comes_home(&practice, &before);
        }
    }
}

#[test]
fn at_instants_within_the_steps_of_a_run_that_would_complete() {
    at_instants(None);
}

#[test]
fn at_instants_within_the_steps_of_a_run_that_is_undone() {
    at_instants(Some(FAILING));
}
