//! The releases of the job queue, on a practice forge and a real Redis. Skipped visibly without `redis-server`.
//!
//! By default the alpha is failed and killed at a sample of its steps, the others at one; `BOWLINE_POINTS` asks for more.

use std::io::Write as _;
use std::path::Path;
use std::process::Command;

use crate::practice::{Ended, Practice, differing, sections};
use crate::proofs::{Job, Left, left};

const FILES: Left = left("file manifests/", "a manifest that was taken changes nothing");

const TOKEN: (&str, &str) = ("FORGE_TOKEN", "practice-token");

const ALPHA: Job = release("alpha");
const BETA: Job = release("beta");
const RC: Job = release("rc");
const V1: Job = release("v1");
const CHAOS: Job = Job { scenario: "rc", left: &[], ..release("chaos") };

const fn release(runbook: &'static str) -> Job {
    Job { left: &[FILES], env: &[TOKEN], ..Job::of("job-queue", runbook) }
}

/// Whether the practice system can be served here; if not, that is said.
fn served() -> bool {
    let wanted = std::env::var("BOWLINE_COMPONENTS").unwrap_or_default();
    let folders = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&folders).any(|folder| folder.join("redis-server").is_file());
    let why = match wanted.as_str() {
        "skip" => "BOWLINE_COMPONENTS=skip",
        _ if found => return true,
        _ => "no redis-server (apt install redis-server)",
    };
    assert_ne!(wanted, "required", "{why}");
    std::io::stderr().write_all(format!("skipped: {why}\n").as_bytes()).unwrap();
    false
}

/// Whether more than the default was asked for.
fn thorough() -> bool {
    std::env::var_os("BOWLINE_POINTS").is_some()
}

#[test]
fn alpha_completes() {
    if !served() {
        return;
    }
    let after = sections(&ALPHA.clean());
    assert!(after["forge refs"].contains("refs/tags/v0.4.0-alpha"), "{after:?}");
    assert!(after["cluster"].contains("queue:0.4.0-alpha"), "{after:?}");
    assert_eq!(after["forge protection"].lines().count(), 1, "the freeze is over: {after:?}");
}

#[test]
fn alpha_is_undone_wherever_it_fails() {
    if served() {
        ALPHA.fails_at_every_step();
    }
}

#[test]
fn alpha_survives_a_kill() {
    if served() {
        ALPHA.survives_kill();
    }
}

#[test]
fn beta_is_undone_to_the_alpha_and_without_its_toggles() {
    let told = undone(&BETA, "Smoke tests on 0.7.0-beta");
    for step in ["Make sure that v0.4.0-alpha is issued", "Switch limiter-jitter on", "Deploy 0.7.0-beta"] {
        assert!(told.is_empty() || told.contains(&format!("✓ rollback {step}")), "{step}: {told}");
    }
}

#[test]
fn the_release_candidate_is_undone_to_the_beta_and_its_branch_stays() {
    let told = undone(&RC, "Smoke tests on 0.9.0-rc");
    assert!(told.is_empty() || told.contains("✓ check The branch stays open for fixes"), "{told}");
}

#[test]
fn the_release_is_undone_to_the_candidate_and_its_announcements_are_paused() {
    let told = undone(&V1, "Start the announcements");
    assert!(told.is_empty() || told.contains("✓ check The announcements are paused"), "{told}");
}

/// Its last step fails after everything else was done: everything is as before, after chaos on a real Redis, too.
fn undone(job: &Job, last: &str) -> String {
    if !served() {
        return String::new();
    }
    if thorough() {
        job.clean();
        job.fails_at_every_step();
        job.survives_kill();
    }
    let practice = job.start();
    let before = practice.dump();
    let ended = practice.run(job.runbook, &["--inject", &format!("Promotion / {last}=failure")]);
    assert_eq!(ended.code(), Some(1), "{}", ended.told);
    assert_eq!(without_files(&before, &practice.dump()), Vec::<String>::new(), "{}", ended.told);
    ended.told
}

fn without_files(before: &str, after: &str) -> Vec<String> {
    differing(before, after).into_iter().filter(|heading| !heading.starts_with(FILES.what)).collect()
}

#[test]
fn chaos_loses_no_job_and_nobody_has_to_help() {
    if !served() {
        return;
    }
    let practice = CHAOS.start();
    let before = practice.dump();
    let ended = practice.run("chaos", &[]);
    assert_eq!(ended.code(), Some(0), "{}", ended.told);
    for proof in [
        "✓ check The breaker opens",
        "✓ check The worker says that it is not ready",
        "✓ check The breaker closed by itself and the worker is ready",
        "✓ check Answers that come too late open the breaker",
        "✓ check The breaker closed again and the worker is ready",
        "✓ check Every job was done and none is lost",
    ] {
        assert!(ended.told.contains(proof), "{proof}: {}", ended.told);
    }
    assert_eq!(differing(&before, &practice.dump()), Vec::<String>::new(), "{}", ended.told);
    if thorough() {
        CHAOS.fails_at_every_step();
    }
}

#[test]
fn chaos_that_fails_puts_redis_back() {
    if !served() {
        return;
    }
    let practice = CHAOS.start();
    let before = practice.dump();
    let ended = practice.run("chaos", &["--inject", "The worker lives nevertheless=failure"]);
    assert_eq!(ended.code(), Some(1), "{}", ended.told);
    assert!(ended.told.contains("restore Stop Redis"), "{}", ended.told);
    assert_eq!(differing(&before, &practice.dump()), Vec::<String>::new(), "{}", ended.told);
}

#[test]
fn what_is_not_green_or_not_clean_holds_the_release_and_nothing_is_tagged() {
    if !served() {
        return;
    }
    let mut faults = vec![
        ("ci-red", "ci/race: failure", "Acceptance criteria"),
        ("cve", "CVE-2026-0001 in example.org/yaml", "Acceptance criteria"),
    ];
    if thorough() {
        faults.extend([
            ("vulnerable", "govulncheck is clean: exit code 3", "Acceptance criteria"),
            ("stale-docs", "does not speak of 0.4.0-alpha", "Acceptance criteria"),
            ("open-stories", "1 stories are not in verify", "Every story is in verify"),
        ]);
    }
    for (fault, words, place) in faults {
        let practice = Practice::start("job-queue", "alpha", &[TOKEN, ("JOB_QUEUE_FAULTS", fault)]);
        let before = practice.dump();
        let held = practice.run("alpha", &["-i", "every=1h"]);
        assert_eq!(held.code(), Some(5), "{fault}: {}", held.told);
        assert!(held.told.contains(words) && held.told.contains(place), "{fault}: {}", held.told);
        let cancelled = cancel(&practice);
        assert_eq!(cancelled.code(), Some(1), "{fault}: {}", cancelled.told);
        assert_eq!(practice.dump(), before, "{fault}: {}", cancelled.told);
    }
}

#[test]
fn a_release_that_does_not_start_goes_back_to_the_one_before() {
    if !served() {
        return;
    }
    let practice = Practice::start("job-queue", "alpha", &[TOKEN, ("JOB_QUEUE_FAULTS", "bad-release")]);
    let before = practice.dump();
    let config = practice.path("practice/bowline.toml").display().to_string();
    let ended = practice.run("alpha", &["-i", "settle=3s", "--config", &config]);
    assert_eq!(ended.code(), Some(1), "{}", ended.told);
    assert!(ended.told.contains("hint: The worker does not start"), "{}", ended.told);
    assert_eq!(without_files(&before, &practice.dump()), Vec::<String>::new(), "{}", ended.told);
    let told = std::fs::read_to_string(practice.path("practice/channel-release.txt")).unwrap();
    assert_eq!(told, "v0.4.0-alpha was rolled back to v0.3.0");
}

#[test]
fn the_freeze_of_72_hours_outlives_the_process_and_the_branch_takes_no_push() {
    if !served() {
        return;
    }
    let practice = ALPHA.start();
    let before = practice.dump();
    let waiting = practice.run("alpha", &["-i", "freeze=72h"]);
    assert_eq!(waiting.code(), Some(5), "{}", waiting.told);
    assert!(waiting.told.contains("72h from now: Code freeze"), "{}", waiting.told);
    let due = practice.shown()["waiting"].clone();
    assert_eq!(due["why"], "Code freeze", "{due}");
    assert!(due["until"].as_str().is_some_and(|until| until.ends_with('Z')), "{due}");
    assert!(practice.dump().contains("\"lock_branch\": true"), "{}", practice.dump());
    let clone = practice.path("practice/work");
    let refused = push(&clone);
    assert!(!refused.status.success(), "a frozen branch took a push");
    assert!(String::from_utf8_lossy(&refused.stderr).contains("code freeze"), "{refused:?}");

    if let Some(ended) = days_later(&practice) {
        assert_eq!(ended.code(), Some(0), "{}", ended.told);
        assert!(!practice.dump().contains("lock_branch"), "{}", practice.dump());
        assert!(push(&clone).status.success(), "the branch is free again");
    } else {
        assert_eq!(cancel(&practice).code(), Some(1));
        assert_eq!(practice.dump(), before);
    }
}

#[test]
fn each_freeze_has_the_length_of_the_release_plan_by_default() {
    for (runbook, length) in [("alpha", "3d"), ("beta", "3d"), ("rc", "3d"), ("v1", "4d")] {
        let mut plan = Command::new(env!("CARGO_BIN_EXE_bowline"));
        let output = plan.args(["plan", &format!("job-queue/{runbook}")]).output().unwrap();
        let told = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(told.contains(&format!("wait \"Code freeze\" {length}\n")), "{runbook}: {told}");
    }
}

/// Pushes an empty commit to the branch that is released.
fn push(clone: &Path) -> std::process::Output {
    let git = |words: &[&str]| Command::new("git").arg("-C").arg(clone).args(words).output().unwrap();
    let made = git(&["commit", "--quiet", "--allow-empty", "--message", "after the freeze began"]);
    assert!(made.status.success(), "{made:?}");
    git(&["push", "--quiet", "origin", "HEAD:main"])
}

/// The run taken up again 73 hours later; `None`, with a visible line, without `faketime`.
fn days_later(practice: &Practice) -> Option<Ended> {
    let run = practice.shown()["id"].as_str().unwrap().to_owned();
    let answers = practice.answers("alpha").display().to_string();
    practice.later("+73h", &["resume", &run, "--answers", &answers])
}

fn cancel(practice: &Practice) -> Ended {
    let run = practice.shown()["id"].as_str().unwrap().to_owned();
    practice.bowline(&["cancel", &run])
}
