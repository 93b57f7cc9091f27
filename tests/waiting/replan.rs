//! `resume RUN --replan`: a run goes on as the runbook is now, with what it did.

use crate::said::{Said, said};
use crate::site::Site;
use crate::strace;

/// Three steps and a restore; the third fails.
const FAILS: &str = r#"
exclusive "shop"

step "Back up" {
  let copy: text = run sh -c "echo backup >> log; echo copy-1"
  rollback { run sh -c "echo unbackup >> log" }
}

phase "Move" {
  step "Stop" {
    run sh -c "echo stop >> log"
    restore { run sh -c "echo start >> log" }
  }
  step "Copy" {
    run sh -c "echo prepare >> log"
    run sh -c "echo copy >> log; exit 1"
    rollback { run sh -c "echo uncopy >> log" }
  }
}

step "Switch" {
  run sh -c "echo switch >> log"
  rollback { run sh -c "echo unswitch >> log" }
}
"#;

pub(crate) fn held(body: &str) -> (Site, String) {
    let site = Site::new(body);
    let said = site.bowline(&["run", "a.runbook", "--on-failure", "hold"]);
    assert_eq!(said.code, Some(5), "{said:?}");
    let run = site.latest();
    (site, run)
}

pub(crate) fn replan(site: &Site, run: &str, words: &[&str]) -> Said {
    replan_with(site, run, words, &[])
}

/// The same, with more options.
pub(crate) fn replan_with(site: &Site, run: &str, words: &[&str], more: &[&str]) -> Said {
    let mut args = vec!["resume", run, "--replan"];
    for word in words {
        args.extend(["--decide", word]);
    }
    if !words.is_empty() {
        args.extend(["--because", "mended at three"]);
    }
    args.extend(more);
    site.bowline(&args)
}

pub(crate) fn status(site: &Site, run: &str) -> String {
    let runs = site.bowline(&["runs", "--format", "json"]).out;
    let of = |line: &str| serde_json::from_str::<serde_json::Value>(line).unwrap();
    let line = runs.lines().map(of).find(|line| line["id"] == run).unwrap();
    line["status"].as_str().unwrap().to_owned()
}

pub(crate) fn events(site: &Site, run: &str) -> String {
    site.bowline(&["show", run, "--format", "events"]).out
}

#[test]
fn a_step_that_failed_is_mended_and_the_run_goes_on_to_its_end() {
    let (site, run) = held(FAILS);
    assert_eq!(site.lines("log"), ["backup", "stop", "prepare", "copy"]);
    site.runbook("a.runbook", &FAILS.replace("copy >> log; exit 1", "copied >> log"));
    let listed = replan(&site, &run, &[]);
    assert_eq!(listed.code, Some(2), "{listed:?}");
    for line in [
        "-     run sh -c 'echo copy >> log; exit 1' [changes]\n",
        "+     run sh -c 'echo copied >> log' [changes]\n",
        "  \"Move / Copy\": it has begun, and does something else now\n",
        "    --decide \"Move / Copy=again\"\n    --decide \"Move / Copy=done\"\n",
    ] {
        assert!(listed.err.contains(line), "{line}\n{}", listed.err);
    }
    assert_eq!((site.latest(), status(&site, &run).as_str()), (run.clone(), "waiting"));
    let said = replan(&site, &run, &["Copy=again"]);
    assert_eq!(said.code, Some(0), "{said:?}");
    assert_eq!(site.lines("log"), ["backup", "stop", "prepare", "copy", "copied", "start", "switch"]);
    let next = site.latest();
    assert!(said.err.contains(&format!("run {run} goes on as run {next}\n")), "{}", said.err);
    assert_eq!((status(&site, &run).as_str(), status(&site, &next).as_str()), ("superseded", "completed"));
    let runs = site.bowline(&["runs"]).out;
    assert!(runs.contains(&format!("goes on as run {next}")), "{runs}");
    let shown = site.bowline(&["show", &next]).out;
    for line in [
        "! Copy is done again, as this plan has it (olga): mended at three",
        &format!(
            "planned anew (olga): all above was done as run {run}; mended at three; \"Move / Copy\": again"
        ),
        "✓ step Back up",
    ] {
        assert!(shown.contains(line), "{line}\n{shown}");
    }
    let old = site.bowline(&["show", &run]).out;
    assert!(old.contains(&format!("superseded: planned anew, it goes on as run {next}")), "{old}");
    let again = site.bowline(&["resume", &run]);
    assert_eq!(again.code, Some(2), "{again:?}");
    assert!(again.err.contains(&format!("goes on as run {next}: `bowline resume {next}`")), "{}", again.err);
}

#[test]
fn what_undoes_is_that_of_the_new_plan_and_the_older_attempt_is_owed_for() {
    let (site, run) = held(FAILS);
    let mended = FAILS
        .replace("copy >> log; exit 1", "copied >> log; exit 3")
        .replace("echo unbackup", "echo restored-copy");
    site.runbook("a.runbook", &mended);
    let listed = replan(&site, &run, &["Copy=again"]);
    assert_eq!(listed.code, Some(2), "{listed:?}");
    assert!(listed.err.contains("\"Back up\": it is done; what undoes it is another now"), "{}", listed.err);
    let said = replan_with(&site, &run, &["Copy=again", "Back up=keep"], &["--on-failure", "rollback"]);
    assert_eq!(said.code, Some(1), "{said:?}");
    let log = ["backup", "stop", "prepare", "copy", "copied", "uncopy", "start", "restored-copy"];
    assert_eq!(site.lines("log"), log);
}

#[test]
fn a_step_that_failed_clean_in_its_new_form_still_owes_what_its_old_form_did() {
    let (site, run) = held(FAILS);
    let mended = FAILS.replace("run sh -c \"echo copy >> log; exit 1\"", "run ./no-such-program");
    site.runbook("a.runbook", &mended);
    let said = replan_with(&site, &run, &["Copy=again"], &["--on-failure", "rollback"]);
    assert_eq!(said.code, Some(1), "{said:?}");
    assert_eq!(site.lines("log"), ["backup", "stop", "prepare", "copy", "uncopy", "start", "unbackup"]);
}

#[test]
fn a_step_that_failed_is_done_by_hand_and_listed() {
    let (site, run) = held(FAILS);
    site.runbook("a.runbook", &FAILS.replace("copy >> log; exit 1", "copied >> log"));
    let said = replan(&site, &run, &["Move / Copy=done"]);
    assert_eq!(said.code, Some(0), "{said:?}");
    assert_eq!(site.lines("log"), ["backup", "stop", "prepare", "copy", "start", "switch"]);
    assert!(said.err.contains("\"Copy\" done by hand (olga: mended at three)"), "{}", said.err);
}

#[test]
fn something_new_before_what_failed_is_done_first() {
    let (site, run) = held(FAILS);
    let mended = FAILS.replace(
        "    run sh -c \"echo copy >> log; exit 1\"",
        "    run sh -c \"echo room >> log\"\n    run sh -c \"echo copied >> log\"",
    );
    site.runbook("a.runbook", &mended);
    assert_eq!(replan(&site, &run, &["Copy=again"]).code, Some(0));
    assert_eq!(site.lines("log"), ["backup", "stop", "prepare", "copy", "room", "copied", "start", "switch"]);
}

const VALUES: &str = r#"
input size: int = 1

step "Rent" {
  let id: text = run echo srv-1
  let zone: text = run echo eu
  rollback { run sh -c 'echo "return $1" >> log' sh {id} }
}

step "Fill" {
  run sh -c 'echo "fill $1" >> log; exit $(cat code)' sh {id}
  rollback none "x"
}

step "Open" {
  run sh -c 'echo "open $1 $2" >> log' sh {id} {zone}
  rollback none "x"
}
"#;

fn rented() -> (Site, String) {
    let site = Site::new(VALUES);
    std::fs::write(site.path("code"), "1").unwrap();
    assert_eq!(site.bowline(&["run", "a.runbook", "--on-failure", "hold"]).code, Some(5));
    let run = site.latest();
    std::fs::write(site.path("code"), "0").unwrap();
    (site, run)
}

/// Goes on with the effect that failed.
fn settled(site: &Site) -> Said {
    let next = site.latest();
    site.bowline(&["settle", &next, "--again"])
}

#[test]
fn values_of_a_step_that_stands_are_those_that_later_steps_read() {
    let (site, run) = rented();
    site.runbook("a.runbook", &VALUES.replace("run echo srv-1", "run echo srv-2"));
    let listed = replan(&site, &run, &[]);
    let what = "  \"Rent\": it is done, and does something else now\n    --decide \"Rent=keep\"\n";
    assert!(listed.err.contains(what), "{}", listed.err);
    assert!(!listed.err.contains("Rent=again"), "Fill has read what it gave: {}", listed.err);
    let said = replan_with(&site, &run, &["Rent=keep"], &["--on-failure", "hold"]);
    assert_eq!(said.code, Some(5), "{said:?}");
    assert_eq!(settled(&site).code, Some(0));
    assert_eq!(site.lines("log"), ["fill srv-1", "fill srv-1", "open srv-1 eu"]);
}

#[test]
fn a_value_that_the_old_form_did_not_give_and_a_later_step_needs_is_refused() {
    let (site, run) = rented();
    let mended = VALUES
        .replace("let zone: text = run echo eu", "let place: text = run echo west")
        .replace("{zone}", "{place}");
    site.runbook("a.runbook", &mended);
    let said = replan(&site, &run, &["Rent=keep"]);
    assert_eq!(said.code, Some(2), "{said:?}");
    let why = "\"Open\": it needs `place`, which \"Rent\" would give, and that is not run";
    assert!(said.err.contains(why), "{}", said.err);
    assert_eq!(status(&site, &run), "waiting");
    assert_eq!(site.latest(), run);
}

#[test]
fn an_undo_that_lacks_a_value_is_listed_as_left() {
    let (site, run) = rented();
    let mended = VALUES
        .replace(
            "let zone: text = run echo eu",
            "let zone: text = run echo eu\n  let bill: text = run echo b",
        )
        .replace("return $1\" >> log' sh {id}", "return $1\" >> log' sh {bill}");
    site.runbook("a.runbook", &mended);
    let said = replan_with(&site, &run, &["Rent=keep"], &["--on-failure", "rollback"]);
    assert_eq!(said.code, Some(6), "{said:?}");
    let left = "stays      \"Rent\" (what undoes it now needs values that are not there)";
    assert!(said.err.contains(left), "{}", said.err);
    assert!(!site.lines("log").iter().any(|line| line.starts_with("return")));
}

#[test]
fn a_step_that_was_done_is_done_again_where_nothing_came_after_it() {
    let asks = |word: &str| {
        format!(
            "step \"Back up\" {{\n  run sh -c \"echo {word} >> log\"\n  rollback {{ run sh -c \"echo un{word} >> log\" }}\n}}\n\nconfirm \"All well\"\n\nstep \"Switch\" {{\n  run sh -c \"echo switch >> log; exit 1\"\n  rollback none \"x\"\n}}"
        )
    };
    let site = Site::new(&asks("backup"));
    assert_eq!(site.bowline(&["run", "a.runbook"]).code, Some(5));
    let run = site.latest();
    site.runbook("a.runbook", &asks("better"));
    std::fs::write(site.path("answers.toml"), "[\"All well\"]\nanswer = true\n").unwrap();
    let said = site.bowline(&[
        "resume",
        &run,
        "--replan",
        "--decide",
        "Back up=again",
        "--because",
        "x",
        "--answers",
        "answers.toml",
    ]);
    assert_eq!(said.code, Some(1), "{said:?}");
    assert_eq!(site.lines("log"), ["backup", "better", "switch", "unbetter"]);
}

#[test]
fn a_step_after_which_others_were_done_is_not_done_again() {
    let (site, run) = held(FAILS);
    site.runbook("a.runbook", &FAILS.replace("echo backup", "echo better-backup"));
    let said = replan(&site, &run, &["Back up=again"]);
    assert_eq!(said.code, Some(2), "{said:?}");
    assert!(said.err.contains("it is done, and does something else now; it takes keep"), "{}", said.err);
}

#[test]
fn a_removed_step_is_not_undone_and_the_end_says_so() {
    let (site, run) = held(FAILS);
    let start = FAILS.find("step \"Back up\"").unwrap();
    let end = FAILS.find("phase \"Move\"").unwrap();
    let without = FAILS[..start].to_owned() + &FAILS[end..];
    site.runbook("a.runbook", &without);
    let listed = replan(&site, &run, &[]);
    let what = "  \"Back up\": it is done, and is not in the new plan: nothing undoes it then\n";
    assert!(listed.err.contains(what), "{}", listed.err);
    let said = site.bowline(&[
        "resume",
        &run,
        "--replan",
        "--decide",
        "Back up=keep",
        "--because",
        "not needed",
        "--on-failure",
        "rollback",
    ]);
    assert_eq!(said.code, Some(6), "{said:?}");
    assert_eq!(site.lines("log"), ["backup", "stop", "prepare", "copy", "uncopy", "start"]);
    assert!(said.err.contains("stays      \"Back up\" (not needed)"), "{}", said.err);
}

#[test]
fn a_new_step_whose_place_has_passed_is_left_out_with_a_reason() {
    let (site, run) = held(FAILS);
    let news = "step \"Announce\" {\n  run sh -c \"echo announce >> log\"\n  rollback none \"x\"\n}\n\nphase \"Move\"";
    site.runbook("a.runbook", &FAILS.replace("phase \"Move\"", news).replace("; exit 1", ""));
    let listed = replan(&site, &run, &[]);
    assert!(listed.err.contains("\"Announce\": it is new, and its place has passed"), "{}", listed.err);
    let said = replan(&site, &run, &["Copy=again", "Announce=skip"]);
    assert_eq!(said.code, Some(0), "{said:?}");
    assert!(!site.lines("log").contains(&"announce".to_owned()));
    let next = site.latest();
    let shown = site.bowline(&["show", &next]).out;
    assert!(shown.contains("- Announce skipped: mended at three (olga)"), "{shown}");
}

#[test]
fn nobody_gets_past_a_gate_by_writing_it_in_behind() {
    let (site, run) = held(FAILS);
    let news = "gate \"Ready\" {\n  confirm \"Sure\"\n}\n\nphase \"Move\"";
    site.runbook("a.runbook", &FAILS.replace("phase \"Move\"", news).replace("; exit 1", ""));
    let said = replan(&site, &run, &["Copy=again"]);
    assert_eq!(said.code, Some(2), "{said:?}");
    assert!(said.err.contains("nobody gets past a gate"), "{}", said.err);
    assert_eq!(site.latest(), run);
}

#[test]
fn a_word_that_fits_nothing_is_refused_and_nothing_changes() {
    let (site, run) = held(FAILS);
    site.runbook("a.runbook", &FAILS.replace("; exit 1", ""));
    for (word, why) in [
        ("Copy", "write STEP=keep, again, done or skip"),
        ("Coppy=again", "nothing of that name needs a word; did you mean \"Move / Copy\"?"),
        ("Copy=keep", "it has begun, and does something else now; it takes again or done"),
    ] {
        let said = replan(&site, &run, &[word]);
        assert_eq!(said.code, Some(2), "{said:?}");
        assert!(said.err.contains(why), "{}", said.err);
    }
    let reasonless = site.bowline(&["resume", &run, "--replan", "--decide", "Copy=again"]);
    assert_eq!(reasonless.code, Some(2));
    assert_eq!((site.latest(), status(&site, &run).as_str()), (run, "waiting"));
}

#[test]
fn a_runbook_that_does_not_check_or_has_not_changed_leaves_the_run_as_it_was() {
    let (site, run) = held(FAILS);
    site.runbook("a.runbook", "stepp \"Back up\" {\n}");
    let broken = replan(&site, &run, &[]);
    assert_eq!(broken.code, Some(3), "{broken:?}");
    assert!(broken.err.contains(&format!("run {run} stays as it was")), "{}", broken.err);
    assert_eq!(status(&site, &run), "waiting");
    site.runbook("a.runbook", &format!("# a remark\n{FAILS}"));
    let same = site.bowline(&["resume", &run, "--replan", "--on-failure", "hold"]);
    assert_eq!(same.code, Some(5), "{same:?}");
    assert!(same.err.contains("the plan is the same; nothing is planned anew\n"), "{}", same.err);
    assert_eq!(site.latest(), run);
}

#[test]
fn a_new_input_is_given_and_the_others_stay() {
    let (site, run) = rented();
    let mended = VALUES
        .replace("input size: int = 1", "input size: int = 1\ninput who: text")
        .replace("\"open $1 $2\" >> log' sh {id} {zone}", "\"open $1 $2\" >> log' sh {who} {zone}");
    site.runbook("a.runbook", &mended);
    let missing = replan(&site, &run, &[]);
    assert_eq!(missing.code, Some(2), "{missing:?}");
    assert!(missing.err.contains("who: text"), "{}", missing.err);
    let other = site.bowline(&["resume", &run, "--replan", "-i", "who=ada", "-i", "size=2"]);
    assert!(other.err.contains("input `size` was given when the run was started"), "{}", other.err);
    let said = site.bowline(&["resume", &run, "--replan", "-i", "who=ada", "--on-failure", "hold"]);
    assert_eq!(said.code, Some(5), "{said:?}");
    assert_eq!(settled(&site).code, Some(0));
    assert_eq!(site.lines("log").last().unwrap(), "open ada eu");
}

#[test]
fn a_broken_rollback_of_a_stuck_run_is_mended() {
    let site = Site::new(&FAILS.replace("echo uncopy >> log", "echo broken >> log; exit 1"));
    let stuck = site.bowline(&["run", "a.runbook"]);
    assert_eq!(stuck.code, Some(4), "{stuck:?}");
    let run = site.latest();
    let before = site.lines("log");
    site.runbook("a.runbook", FAILS);
    let listed = replan(&site, &run, &[]);
    let what =
        "  \"Move / Copy\": its undo has begun, and is another now\n    --decide \"Move / Copy=again\"\n";
    assert!(listed.err.contains(what), "{}", listed.err);
    let said = replan(&site, &run, &["Copy=again"]);
    assert_eq!(said.code, Some(1), "{said:?}");
    assert_eq!(site.lines("log")[before.len()..], ["uncopy", "start", "unbackup"]);
}

#[test]
fn a_lock_moves_with_the_run() {
    let (site, run) = held(FAILS);
    site.runbook("a.runbook", &FAILS.replace("copy >> log; exit 1", "copied >> log; exit 1"));
    let said = replan_with(&site, &run, &["Copy=again"], &["--on-failure", "hold"]);
    assert_eq!(said.code, Some(5), "{said:?}");
    let next = site.latest();
    assert_ne!(next, run);
    let runs = site.bowline(&["runs", "--format", "json"]).out;
    let holds = |id: &str| {
        let line = runs.lines().find(|line| line.contains(&format!("\"id\":\"{id}\""))).unwrap();
        line.contains("\"holds\":[\"shop\"]")
    };
    assert!(holds(&next) && !holds(&run), "{runs}");
    let other = site.bowline(&["run", "a.runbook"]);
    assert_eq!(other.code, Some(5));
    assert!(other.err.contains(&format!("run {next} (Move the shop) holds `shop`")), "{}", other.err);
}

#[test]
fn evidence_of_both_runs_verifies_and_outputs_go_with_the_run() {
    let (site, run) = held(&FAILS.replace("echo prepare >> log", "echo prepare >> log; echo out-of-prepare"));
    let now = FAILS.replace("echo prepare >> log", "echo prepare >> log; echo out-of-prepare");
    site.runbook("a.runbook", &now.replace("copy >> log; exit 1", "copied >> log"));
    let said = replan(&site, &run, &["Copy=again"]);
    assert_eq!(said.code, Some(0), "{said:?}");
    let next = site.latest();
    for id in [&run, &next] {
        let pack = format!("{id}.tar");
        let packed = site.bowline(&["evidence", id, "-o", &pack]);
        assert_eq!(packed.code, Some(0), "{packed:?}");
        let verified = site.bowline(&["verify", &pack]);
        assert_eq!(verified.code, Some(0), "{verified:?}");
    }
    let logs = site.bowline(&["logs", &next]).out;
    assert!(logs.contains("out-of-prepare"), "{logs}");
    assert!(events(&site, &next).contains(&format!("\"planned_anew\":{{\"from\":\"{run}\"")));
}

#[test]
fn a_run_that_is_driven_is_not_planned_anew() {
    let site = Site::new("step \"Work\" {\n  run sh -c \"touch in; sleep 20\"\n  rollback none \"x\"\n}");
    let mut child = site.start(&[]);
    site.await_file("in");
    let run = site.latest();
    site.runbook("a.runbook", "step \"Work\" {\n  run true\n  rollback none \"x\"\n}");
    let said = replan(&site, &run, &["Work=again"]);
    assert_eq!(said.code, Some(5), "{said:?}");
    assert!(said.err.contains("drives this run since"), "{}", said.err);
    child.kill().unwrap();
    child.wait().unwrap();
    let crashed = replan(&site, &run, &["Work=again"]);
    assert_eq!(crashed.code, Some(0), "what was in flight is ended first: {crashed:?}");
}

#[test]
fn turns_of_a_loop_that_are_over_stand_and_the_others_are_done_as_it_is_now() {
    let body = "for name in [\"a\", \"b\", \"c\"] {\n  step \"Move {name}\" {\n    run sh -c 'echo \"move $1\" >> log; test \"$1\" != b' sh {name}\n    rollback { run sh -c 'echo \"back $1\" >> log' sh {name} }\n  }\n}";
    let site = Site::new(body);
    assert_eq!(site.bowline(&["run", "a.runbook", "--on-failure", "hold"]).code, Some(5));
    let run = site.latest();
    site.runbook(
        "a.runbook",
        &body.replace("; test \"$1\" != b", "; echo moved").replace("move $1", "shift $1"),
    );
    let listed = replan(&site, &run, &[]);
    assert!(listed.err.contains("\"Move ⟨name⟩\""), "{}", listed.err);
    // What is over goes by its title for all turns; what has begun by its own turn.
    for line in ["\"Move ⟨name⟩\": it is done, ", "\"b / Move b\": it has begun, "] {
        assert!(listed.err.contains(line), "{line}\n{}", listed.err);
    }
    let said = replan(&site, &run, &["Move ⟨name⟩=keep", "Move b=again"]);
    assert_eq!(said.code, Some(0), "{said:?}");
    assert_eq!(site.lines("log"), ["move a", "move b", "shift b", "shift c"]);
}

/// A process that is killed at each durable point of a replan: of the two runs exactly one goes on, and holds the lock.
#[test]
fn whatever_kills_it_exactly_one_of_the_runs_goes_on() {
    if !strace::traceable() {
        return;
    }
    let mended = || FAILS.replace("copy >> log; exit 1", "copied >> log");
    let words = |run: &str| -> Vec<String> {
        ["resume", run, "--replan", "--decide", "Copy=again", "--because", "x"].map(str::to_owned).to_vec()
    };
    let traced = |site: &Site, run: &str, kill: Option<strace::Point>| {
        let trace = site.path("trace");
        let tracer = strace::strace(&site.path("journal"), &trace, kill);
        let mut command = std::process::Command::new(&tracer[0]);
        command.args(&tracer[1..]).arg(env!("CARGO_BIN_EXE_bowline")).args(words(run));
        command.current_dir(site.path("")).stdin(std::process::Stdio::null());
        command.env("BOWLINE_JOURNAL", site.path("journal")).env("USER", "olga").env("TZ", "UTC");
        let said = said(&mut command);
        (said, trace)
    };
    let (site, run) = held(FAILS);
    site.runbook("a.runbook", &mended());
    let (said, trace) = traced(&site, &run, None);
    assert_eq!(said.code, Some(0), "{said:?}");
    let points = strace::points(&trace);
    let (mut before, mut after) = (0, 0);
    for point in points.into_iter().filter(|(call, nth)| *call != "write" && *nth <= 24) {
        let (site, run) = held(FAILS);
        site.runbook("a.runbook", &mended());
        traced(&site, &run, Some(point));
        let next = site.latest();
        let runs = site.bowline(&["runs", "--format", "json"]).out;
        let open =
            runs.lines().filter(|line| !line.contains("\"superseded\"") && !line.contains("\"completed\""));
        let open: Vec<_> = open.collect();
        assert!(open.len() <= 1, "{point:?}: {runs}");
        let goes_on = if next == run {
            before += 1;
            replan(&site, &run, &["Copy=again"])
        } else {
            after += 1;
            assert_eq!(status(&site, &run), "superseded", "{point:?}");
            site.bowline(&["resume", &next, "--on-failure", "hold"])
        };
        // Whatever was in flight when it died is in doubt; nothing else is lost.
        assert!(matches!(goes_on.code, Some(0 | 4 | 5)), "{point:?}: {goes_on:?}");
        for done in ["backup", "stop", "prepare"] {
            assert_eq!(site.lines("log").iter().filter(|line| *line == done).count(), 1, "{point:?}");
        }
    }
    assert!(before > 0 && after > 0, "{before} before, {after} after");
}
