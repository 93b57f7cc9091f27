//! The proofs proven: on a runbook with every end that a failed step can come to, and on ones that are wrong.

use crate::points::{End, points};
use crate::practice::differing;
use crate::proofs::{Job, Left, Seen, every, left};

const SPECIMEN: Job = Job {
    left: &[
        Left { since: Some("Send"), ..left("file sent", "what is sent is sent") },
        Left { since: Some("Close"), ..left("file ", "the point of no return is passed: all of it stays") },
    ],
    unreached: &[
        ("Never", "its condition does not hold"),
        ("Long way", "the short way does not fail by itself"),
    ],
    ..Job::of("specimen", "specimen")
};

#[test]
fn the_plan_says_what_each_failure_comes_to() {
    let points = points(&SPECIMEN.start().plan("specimen"));
    let told: Vec<_> = points.iter().map(|point| (point.path.as_str(), point.end, point.attempts)).collect();
    let expected = [
        ("Copy", End::Undone, 1),
        ("Prepare / Try thrice", End::Undone, 3),
        ("Prepare / Never", End::Undone, 1),
        ("The short way / Short cut", End::Within, 1),
        ("The short way / Long way", End::Undone, 1),
        ("Each", End::Undone, 1),
        ("Send", End::Kept, 1),
        ("Follow", End::Kept, 1),
        ("Close", End::Committed, 1),
    ];
    assert_eq!(told, expected);
    assert_eq!(points[1].undone, ["Try thrice", "Copy"]);
}

#[test]
fn every_end_is_as_the_plan_says() {
    SPECIMEN.fails_at_every(1);
}

#[test]
fn every_kill_comes_home() {
    SPECIMEN.survives_kill_at_every(every().min(2));
}

#[test]
#[should_panic(expected = "`file sent` differs")]
fn what_is_kept_must_be_named() {
    Job { left: &[], ..SPECIMEN }.fails_at_every(1);
}

#[test]
#[should_panic(expected = "`file nothing` never differs")]
fn what_is_named_must_differ() {
    Seen::default().all(&[left("file nothing", "nobody knows")]);
}

#[test]
#[should_panic(expected = "whether \"Prepare / Never\" is reached")]
fn what_is_not_reached_must_be_named() {
    const UNREACHED: &[(&str, &str)] = &[SPECIMEN.unreached[1]];
    Job { unreached: UNREACHED, ..SPECIMEN }.fails_at_every(1);
}

#[test]
fn dumps_are_compared_by_section() {
    let one = "== file a\nx\n== file b\ny\n";
    assert_eq!(differing(one, one), [""; 0]);
    assert_eq!(differing(one, "== file a\nx\n== file b\nz\n== file c\n"), ["file b", "file c"]);
    assert_eq!(differing(one, "stray\n== file a\nx\n"), ["", "file b"]);
}

#[test]
fn a_practice_system_takes_its_settings_and_ends_with_its_test() {
    let practice = Job { env: &[("SPECIMEN_KEPT", "otherwise")], ..SPECIMEN }.start();
    assert_eq!(practice.dump(), "== file kept\notherwise\n");
    let server = practice.server();
    assert!(std::path::Path::new(&format!("/proc/{server}/cmdline")).exists());
    drop(practice);
    let command = std::fs::read_to_string(format!("/proc/{server}/cmdline")).unwrap_or_default();
    assert!(!command.contains("practice.py"), "{command}");
}
