//! `resume RUN --replan` where it is less simple: with secrets, inside `parallel` and `attempt`, past the commit, twice.

use crate::replan::{events, held, replan, replan_with, status};
use crate::said::{Said, said};
use crate::site::Site;

// ---- secrets ----

const SECRET: &str = r#"
input token: secret from env "SHOP_TOKEN"

step "Enter" {
  run sh -c 'echo "enter $TOKEN" >> log' {
    env TOKEN = token
  }
  rollback none "x"
}

step "Fill" {
  run sh -c 'echo "fill $TOKEN" >> log; exit 1' {
    env TOKEN = token
  }
  rollback none "x"
}
"#;

const TOKEN: &str = "hunter22-of-the-shop";

fn with_token(site: &Site, token: &str, args: &[&str]) -> Said {
    said(site.command(args).env("SHOP_TOKEN", token))
}

fn held_with_a_secret() -> (Site, String) {
    let site = Site::new(SECRET);
    let said = with_token(&site, TOKEN, &["run", "a.runbook", "--on-failure", "hold"]);
    assert_eq!(said.code, Some(5), "{said:?}");
    let run = site.latest();
    site.runbook("a.runbook", &SECRET.replace("; exit 1", ""));
    (site, run)
}

/// Everything in the journal's folder.
fn kept(site: &Site) -> Vec<u8> {
    fn within(folder: &std::path::Path, all: &mut Vec<u8>) {
        for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
            if entry.path().is_dir() {
                within(&entry.path(), all);
            } else {
                all.extend(std::fs::read(entry.path()).unwrap());
            }
        }
    }
    let mut all = vec![];
    within(&site.path("journal"), &mut all);
    all
}

#[test]
fn a_secret_is_fetched_again_and_is_nowhere_in_what_is_kept() {
    let (site, run) = held_with_a_secret();
    let why = format!("the path was wrong, not {TOKEN}");
    let args = ["resume", &run, "--replan", "--decide", "Fill=again", "--because", &why];
    let said = with_token(&site, TOKEN, &args);
    assert_eq!(said.code, Some(0), "{said:?}");
    assert_eq!(
        site.lines("log"),
        [format!("enter {TOKEN}"), format!("fill {TOKEN}"), format!("fill {TOKEN}")]
    );
    assert!(said.err.contains("the path was wrong, not ***"), "{}", said.err);
    let kept = kept(&site);
    for canary in [TOKEN.as_bytes(), b"hunter22"] {
        let leak = kept.windows(canary.len()).any(|window| window == canary);
        assert!(!leak && !said.err.contains("hunter22") && !said.out.contains("hunter22"));
    }
}

#[test]
fn a_secret_that_is_gone_or_another_leaves_the_run_as_it_was() {
    let (site, run) = held_with_a_secret();
    let words = ["resume", &run, "--replan", "--decide", "Fill=again", "--because", "mended"];
    let gone = site.bowline(&words);
    assert!(matches!(gone.code, Some(2 | 5)) && gone.err.contains("SHOP_TOKEN"), "{gone:?}");
    let other = with_token(&site, "another-one-entirely", &words);
    assert!(matches!(other.code, Some(2 | 5)) && other.err.contains("--accept-secret token"), "{other:?}");
    assert_eq!((site.latest(), status(&site, &run).as_str()), (run.clone(), "waiting"));
    let accepted = [words.as_slice(), &["--accept-secret", "token"]].concat();
    let accepted = with_token(&site, "another-one-entirely", &accepted);
    assert_eq!(accepted.code, Some(0), "{accepted:?}");
    assert_eq!(site.lines("log").last().unwrap(), "fill another-one-entirely");
    let next = site.latest();
    assert!(events(&site, &next).contains("\"secret_changed\""), "the successor's record says so");
}

#[test]
fn a_secret_that_is_new_comes_from_its_source() {
    let site = Site::new(
        &SECRET.replace("input token: secret from env \"SHOP_TOKEN\"", "input token: text = \"t\""),
    );
    assert_eq!(site.bowline(&["run", "a.runbook", "--on-failure", "hold"]).code, Some(5));
    let run = site.latest();
    let with_key = SECRET
        .replace(
            "input token: secret from env \"SHOP_TOKEN\"",
            "input token: text = \"t\"\ninput key: secret from env \"SHOP_TOKEN\"",
        )
        .replace(
            "fill $TOKEN\" >> log; exit 1' {\n    env TOKEN = token",
            "fill $TOKEN\" >> log' {\n    env TOKEN = key",
        );
    site.runbook("a.runbook", &with_key);
    let words = ["resume", &run, "--replan", "--decide", "Fill=again", "--because", "it wants the key"];
    let without = site.bowline(&words);
    assert!(without.code == Some(2) && without.err.contains("SHOP_TOKEN"), "{without:?}");
    assert_eq!((site.latest(), status(&site, &run).as_str()), (run.clone(), "waiting"));
    let said = with_token(&site, TOKEN, &words);
    assert_eq!(said.code, Some(0), "{said:?}");
    assert_eq!(site.lines("log").last().unwrap(), &format!("fill {TOKEN}"));
}

// ---- inside `parallel` ----

const SIDES: &str = r#"
parallel {
  step "Left" {
    run sh -c "echo left >> log"
    rollback { run sh -c "echo unleft >> log" }
  }
  step "Right" {
    run sh -c "echo right >> log; exit 1"
    rollback { run sh -c "echo unright >> log" }
  }
}

step "After" {
  run sh -c "echo after >> log"
  rollback { run sh -c "echo unafter >> log" }
}
"#;

fn sorted(site: &Site) -> Vec<String> {
    let mut lines = site.lines("log");
    lines.sort();
    lines
}

#[test]
fn a_branch_that_failed_is_mended_and_the_other_is_not_repeated() {
    let (site, run) = held(SIDES);
    site.runbook("a.runbook", &SIDES.replace("right >> log; exit 1", "mended >> log"));
    let said = replan(&site, &run, &["Right=again"]);
    assert_eq!(said.code, Some(0), "{said:?}");
    assert_eq!(sorted(&site), ["after", "left", "mended", "right"]);
    assert_eq!(site.lines("log").last().unwrap(), "after");
}

#[test]
fn what_undoes_a_branch_that_is_over_is_that_of_the_new_plan() {
    let (site, run) = held(SIDES);
    let mended =
        SIDES.replace("right >> log; exit 1", "mended >> log; exit 1").replace("unleft", "better-unleft");
    site.runbook("a.runbook", &mended);
    let listed = replan(&site, &run, &["Right=again"]);
    assert!(listed.err.contains("\"Left\": it is done; what undoes it is another now"), "{}", listed.err);
    let said = replan_with(&site, &run, &["Right=again", "Left=keep"], &["--on-failure", "rollback"]);
    assert_eq!(said.code, Some(1), "{said:?}");
    assert_eq!(sorted(&site), ["better-unleft", "left", "mended", "right", "unright"]);
}

#[test]
fn a_branch_that_is_new_is_done_with_the_others() {
    let (site, run) = held(SIDES);
    let third = "  step \"Third\" {\n    run sh -c \"echo third >> log\"\n    rollback none \"x\"\n  }\n}\n\nstep \"After\"";
    let mended = SIDES.replace("right >> log; exit 1", "mended >> log").replace("}\n\nstep \"After\"", third);
    site.runbook("a.runbook", &mended);
    let said = replan(&site, &run, &["Right=again"]);
    assert_eq!(said.code, Some(0), "{said:?}");
    assert_eq!(sorted(&site), ["after", "left", "mended", "right", "third"]);
}

// ---- inside `attempt` ----

const TRIES: &str = r#"
step "Before" {
  run sh -c "echo before >> log"
  rollback { run sh -c "echo unbefore >> log" }
}

attempt "Fast" {
  step "Quick" {
    run sh -c "echo quick >> log"
    rollback { run sh -c "echo unquick >> log" }
  }
  step "Jump" {
    run sh -c "echo jump >> log; exit 1"
    rollback { run sh -c "echo unjump >> log" }
  }
} otherwise {
  step "Slow" {
    run sh -c "echo slow >> log"
    rollback { run sh -c "echo unslow >> log" }
  }
}

step "After" {
  run sh -c "echo after >> log; exit $(cat code)"
  rollback none "x"
}
"#;

#[test]
fn a_step_inside_an_attempt_is_mended_before_its_otherwise_is_needed() {
    let site = Site::new(TRIES);
    std::fs::write(site.path("code"), "0").unwrap();
    assert_eq!(site.bowline(&["run", "a.runbook", "--on-failure", "hold"]).code, Some(5));
    let run = site.latest();
    site.runbook("a.runbook", &TRIES.replace("jump >> log; exit 1", "hop >> log"));
    let said = replan(&site, &run, &["Jump=again"]);
    assert_eq!(said.code, Some(0), "{said:?}");
    assert_eq!(site.lines("log"), ["before", "quick", "jump", "hop", "after"]);
}

#[test]
fn an_attempt_that_fails_again_is_undone_in_its_new_form_and_its_otherwise_is_taken() {
    let site = Site::new(TRIES);
    std::fs::write(site.path("code"), "0").unwrap();
    assert_eq!(site.bowline(&["run", "a.runbook", "--on-failure", "hold"]).code, Some(5));
    let run = site.latest();
    let mended = TRIES.replace("jump >> log; exit 1", "hop >> log; exit 1").replace("unjump", "unhop");
    site.runbook("a.runbook", &mended.replace("echo slow", "echo slower"));
    let said = replan_with(&site, &run, &["Jump=again"], &["--on-failure", "rollback"]);
    assert_eq!(said.code, Some(0), "{said:?}");
    assert_eq!(site.lines("log"), ["before", "quick", "jump", "hop", "unhop", "unquick", "slower", "after"]);
}

/// The attempt has failed and is undone; what stands is its `otherwise`.
#[test]
fn an_attempt_that_is_over_stands_with_the_way_that_it_took() {
    let site = Site::new(TRIES);
    std::fs::write(site.path("code"), "1").unwrap();
    assert_eq!(site.bowline(&["run", "a.runbook", "--on-failure", "rollback"]).code, Some(1));
    let undone = ["before", "quick", "jump", "unjump", "unquick", "slow", "after", "unslow", "unbefore"];
    assert_eq!(site.lines("log"), undone);
    // The same, left where its last step failed: at the question whether it is gone on with.
    let site = Site::new(&TRIES.replace("step \"After\"", "confirm \"Sure\"\n\nstep \"After\""));
    std::fs::write(site.path("code"), "0").unwrap();
    assert_eq!(site.bowline(&["run", "a.runbook"]).code, Some(5));
    let run = site.latest();
    let now = TRIES.replace("step \"After\"", "confirm \"Sure\"\n\nstep \"After\"");
    site.runbook(
        "a.runbook",
        &now.replace("echo unslow", "echo better-unslow").replace("echo after", "echo later"),
    );
    std::fs::write(site.path("answers.toml"), "[Sure]\nanswer = false\n").unwrap();
    let said = replan_with(&site, &run, &["Slow=keep"], &["--answers", "answers.toml"]);
    assert_eq!(said.code, Some(1), "{said:?}");
    let log = ["before", "quick", "jump", "unjump", "unquick", "slow", "better-unslow", "unbefore"];
    assert_eq!(site.lines("log"), log, "{said:?}");
}

// ---- past the commit ----

const COMMITTED: &str = r#"
step "Copy" {
  run sh -c "echo copy >> log"
  rollback { run sh -c "echo uncopy >> log" }
}

commit "Customers are on it"

step "Announce" {
  run sh -c "echo announce >> log; exit 1"
  rollback none "x"
}
"#;

fn stuck_after_the_commit() -> (Site, String) {
    let site = Site::new(COMMITTED);
    let said = site.bowline(&["run", "a.runbook"]);
    assert_eq!(said.code, Some(4), "{said:?}");
    let run = site.latest();
    (site, run)
}

#[test]
fn past_the_commit_what_failed_is_mended_and_nothing_is_undone() {
    let (site, run) = stuck_after_the_commit();
    site.runbook("a.runbook", &COMMITTED.replace("announce >> log; exit 1", "mail >> log"));
    let said = replan(&site, &run, &["Announce=again"]);
    assert_eq!(said.code, Some(0), "{said:?}");
    assert_eq!(site.lines("log"), ["copy", "announce", "mail"]);
}

#[test]
fn a_commit_that_was_passed_stays_passed() {
    let (site, run) = stuck_after_the_commit();
    let mended = COMMITTED.replace("announce >> log; exit 1", "mail >> log; exit 1");
    site.runbook("a.runbook", &mended.replace("commit \"Customers are on it\"\n\n", ""));
    let gone = replan(&site, &run, &["Announce=again"]);
    assert_eq!(gone.code, Some(2), "{gone:?}");
    assert!(gone.err.contains("the point of no return was passed"), "{}", gone.err);
    assert_eq!((site.latest(), status(&site, &run).as_str()), (run.clone(), "stuck"));
    // In the new plan it fails again: stuck, and nothing is rolled back across the commit.
    site.runbook("a.runbook", &mended);
    let said = replan_with(&site, &run, &["Announce=again"], &["--on-failure", "rollback"]);
    assert_eq!(said.code, Some(4), "{said:?}");
    assert_eq!(site.lines("log"), ["copy", "announce", "mail"]);
    let next = site.latest();
    let given_up = site.bowline(&["settle", &next, "--give-up", "they know already"]);
    assert_eq!(given_up.code, Some(6), "{given_up:?}");
    assert!(given_up.err.contains("stays      \"Copy\" (past the point of no return)"), "{}", given_up.err);
}

// ---- a successor again ----

const TWICE: &str = r#"
exclusive "shop"

step "One" {
  let id: text = run sh -c "echo one >> log; echo out-of-one >&2; echo srv-1"
  rollback { run sh -c 'echo "unone $1" >> log' sh {id} }
}

step "Two" {
  run sh -c "echo two >> log; exit 1"
  rollback { run sh -c 'echo "untwo $1" >> log' sh {id} }
}

step "Three" {
  run sh -c 'echo "three $1" >> log; exit 1' sh {id}
  rollback { run sh -c "echo unthree >> log" }
}
"#;

#[test]
fn a_successor_is_planned_anew_as_any_run() {
    let (site, first) = held(TWICE);
    let once = TWICE.replace("two >> log; exit 1", "two-again >> log");
    site.runbook("a.runbook", &once);
    let said = replan_with(&site, &first, &["Two=again"], &["--on-failure", "hold"]);
    assert_eq!(said.code, Some(5), "{said:?}");
    let second = site.latest();
    let twice = once.replace("three $1\" >> log; exit 1", "three-again $1\" >> log; exit $(cat code)");
    site.runbook("a.runbook", &twice.replace("unone $1", "better-unone $1"));
    std::fs::write(site.path("code"), "1").unwrap();
    let said = replan_with(&site, &second, &["Three=again", "One=keep"], &["--on-failure", "hold"]);
    assert_eq!(said.code, Some(5), "{said:?}");
    let third = site.latest();
    let ids = [&first, &second, &third];
    assert_eq!(ids.map(|run| status(&site, run)), ["superseded", "superseded", "waiting"]);
    // The lock went along, and each of the two before names the next.
    let holds = |id: &str| {
        let lines = site.bowline(&["runs", "--format", "json"]).out;
        lines
            .lines()
            .any(|line| line.contains(&format!("\"id\":\"{id}\"")) && line.contains("\"holds\":[\"shop\"]"))
    };
    assert_eq!(ids.map(|run| holds(run)), [false, false, true]);
    for (run, next) in [(&first, &second), (&second, &third)] {
        let again = site.bowline(&["resume", run]);
        assert!(again.code == Some(2) && again.err.contains(&format!("goes on as run {next}")), "{again:?}");
    }
    // What the first printed is the third's as well, and all three can be proven.
    let logs = site.bowline(&["logs", &third]).out;
    assert!(logs.contains("out-of-one"), "{logs}");
    for run in ids {
        let pack = format!("{run}.tar");
        assert_eq!(site.bowline(&["evidence", run, "-o", &pack]).code, Some(0));
        let verified = site.bowline(&["verify", &pack]);
        assert_eq!(verified.code, Some(0), "{verified:?}");
    }
    // All that any of the three did is undone by what the last plan says, each once.
    let said = site.bowline(&["settle", &third, "--rollback"]);
    assert_eq!(said.code, Some(1), "{said:?}");
    let log = [
        "one",
        "two",
        "two-again",
        "three srv-1",
        "three-again srv-1",
        "unthree",
        "untwo srv-1",
        "better-unone srv-1",
    ];
    assert_eq!(site.lines("log"), log);
    assert!(site.bowline(&["prune", "--keep", "0"]).code == Some(0));
    assert!(
        site.bowline(&["runs"]).out.contains("there is no run") || site.bowline(&["runs"]).out.is_empty()
    );
}
