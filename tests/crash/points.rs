//! SIGKILL at every durable point: each write and sync on the journal's files, of a run of twenty steps.

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::cores;
use crate::site::{Site, killed, told};
use crate::strace::{Point, points, strace, traceable};

const STEPS: usize = 20;
/// The step that fails in the second run.
const FAILING: usize = 18;

/// Twenty steps that each write to the ledger and undo it; one looks whether it is in place, one may be repeated,
/// two run side by side, one leaves an artifact that a later undo takes, one is put back in any case.
fn runbook(failing: Option<usize>) -> String {
    let mut text = String::from("runbook \"twenty\" 1.0.0\n");
    for n in 1..=steps(failing) {
        text += &match n {
            7 => format!("parallel {{\n{}{}}}\n", step(7, "", "", true), step(8, "", "", true)),
            8 => String::new(),
            _ => step(n, option(n), &clauses(n), failing != Some(n)),
        };
    }
    text
}

/// The run that fails is the long one: it goes all the way forward and all the way back.
fn steps(failing: Option<usize>) -> usize {
    if failing.is_some() { STEPS } else { 12 }
}

fn option(n: usize) -> &'static str {
    if n == 5 { " idempotent" } else { "" }
}

fn clauses(n: usize) -> String {
    match n {
        3 => "  done when { run test -e three }\n".into(),
        10 => "  let kept = artifact \"ledger.kept\"\n".into(),
        12 => "  restore { run sh -c \"echo restore 12 >> ledger\" }\n".into(),
        _ => String::new(),
    }
}

fn step(n: usize, option: &str, clauses: &str, well: bool) -> String {
    let end = if well { "true" } else { "false" };
    // Its program dies with bowline, between two of its commands if need be: what the ledger has of step 10 is all there.
    let (before, also, undo_also) = match n {
        3 => ("", "; touch three", "rm -f three; "),
        10 => ("cp ledger ledger.kept; ", "", ""),
        _ => ("", "", ""),
    };
    let undo = if n == 11 { "    run test -f {kept}\n" } else { "" };
    format!(
        "step \"s{n}\"{option} {{\n  run sh -c \"{before}echo do {n} >> ledger{also}; {end}\"\n{clauses}  \
         rollback {{\n{undo}    run sh -c \"{undo_also}echo undo {n} >> ledger\"\n  }}\n}}\n"
    )
}

/// The durable points of an undisturbed run, which must end as it should: those of the shortest of five, since a child that ends
/// at once leaves no note of its pid; on one core, as the runs that are killed, where children end sooner.
fn durable_points(failing: Option<usize>) -> Vec<Point> {
    let counted = |_| {
        let site = Site::new(&runbook(failing), failing);
        undisturbed(&site, &strace(&site.path("journal"), &site.path("trace"), None), failing)
    };
    cores::on_one(|| (0..5).map(counted).min_by_key(Vec::len).unwrap())
}

fn undisturbed(site: &Site, traced: &[String], failing: Option<usize>) -> Vec<Point> {
    let output = site.under(traced, &["run", "a.runbook"]).output().unwrap();
    assert_eq!(output.status.code(), Some(i32::from(failing.is_some())), "{}", told(&output));
    points(&site.path("trace"))
}

/// Runs to the point, sees it die there, brings it home; gives the site. A point may be missed where the run was
/// quicker than when it was counted (a child that ends at once leaves no note of its pid): then it is tried again; nothing
/// where no run came so far.
fn killed_at(failing: Option<usize>, point: Point) -> Option<(Site, Option<i32>)> {
    for _ in 0..20 {
        let site = Site::new(&runbook(failing), failing);
        let traced = strace(&site.path("journal"), &site.path("trace"), Some(point));
        let output = site.under(&traced, &["run", "a.runbook"]).output().unwrap();
        if killed(output.status) {
            let end = site.bring_home();
            return Some((site, end));
        }
    }
    None
}

/// Kills at every point, on both cores, and looks at each result.
fn every_point(failing: Option<usize>, judge: fn(&Site, Option<i32>)) {
    if !traceable() {
        return;
    }
    let points = durable_points(failing);
    let (next, there) = (AtomicUsize::new(0), Mutex::new(BTreeSet::from_iter(points.clone())));
    std::thread::scope(|scope| {
        for core in 0..2 {
            let (points, next, there) = (&points, &next, &there);
            scope.spawn(move || {
                cores::keep_to_one(core);
                while let Some(point) = points.get(next.fetch_add(1, Ordering::Relaxed)) {
                    if !there.lock().unwrap().contains(point) {
                        continue;
                    }
                    let Some((site, end)) = killed_at(failing, *point) else {
                        // On a busy machine more children leave their note: what it is now says which points every run has.
                        let counted = BTreeSet::from_iter(durable_points(failing));
                        assert!(!counted.contains(point), "{point:?} was never reached");
                        there.lock().unwrap().retain(|point| counted.contains(point));
                        continue;
                    };
                    let seen = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| judge(&site, end)));
                    assert!(seen.is_ok(), "killed at {point:?}: {:?}", site.ledger());
                }
            });
        }
    });
    let there = there.into_inner().unwrap();
    assert!(there.len() * 5 >= points.len() * 4, "of {} points {} are there", points.len(), there.len());
    assert!(there.len() > 2 * steps(failing), "each step has at least a write and a sync: {there:?}");
    eprintln!("killed at {} points", there.len());
}

/// Each finished effect once: only the step that may be repeated is ever seen twice.
fn done_once(site: &Site, upto: usize) {
    let ledger = site.ledger();
    for n in 1..=upto {
        let most = if n == 5 { 2 } else { 1 };
        assert!((1..=most).contains(&ledger.times(&format!("do {n}"))), "do {n}");
    }
}

/// Else the points of the main thread were not all that there are.
#[test]
fn one_thread_writes_the_journal() {
    if traceable() {
        let site = Site::new(&runbook(Some(FAILING)), Some(FAILING));
        undisturbed(&site, &site.traced_whole(), Some(FAILING));
    }
}

#[test]
fn a_run_killed_at_any_durable_point_is_completed() {
    every_point(None, |site, end| {
        let Some(end) = end else { return assert!(site.ledger().is_empty(), "it never began") };
        assert_eq!(end, 0);
        done_once(site, steps(None));
        assert!(site.ledger().order("undo").is_empty());
        assert_eq!(site.ledger().order("restore"), ["12"]);
    });
}

#[test]
fn a_run_killed_at_any_durable_point_is_undone_whole() {
    every_point(Some(FAILING), |site, end| {
        let ledger = site.ledger();
        let Some(end) = end else { return assert!(ledger.is_empty(), "it never began") };
        assert_eq!(end, 1);
        done_once(site, FAILING);
        assert_eq!(ledger.times(&format!("do {}", FAILING + 1)), 0);
        let mut undone: Vec<usize> = ledger.order("undo").iter().map(|n| n.parse().unwrap()).collect();
        // The two that ran side by side are undone side by side.
        let pair = undone.iter().position(|n| *n == 7 || *n == 8).unwrap();
        undone[pair..pair + 2].sort_by_key(|n| std::cmp::Reverse(*n));
        assert_eq!(undone, (1..=FAILING).rev().collect::<Vec<_>>(), "newest first, each owed undo");
        // An undo whose outcome the crash hid is done again; one that ended never is.
        let again: Vec<&str> =
            ledger.repeated().into_iter().filter(|line| line.starts_with("undo")).collect();
        let side_by_side = again.iter().all(|line| ["undo 7", "undo 8"].contains(line));
        assert!(again.len() <= 1 || (side_by_side && again.len() == 2), "{ledger:?}");
    });
}
