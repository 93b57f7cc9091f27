//! What somebody who decides is shown before, and what becomes of the words: in the summary, in `show`, in the report.

use crate::seat::{CTRL_C, Seat, Site};

/// A step that can be undone, and one that fails when it is told to, with what is known of that.
const WORKS: &str = r#"
step "A" {
  run sh -c "echo a >> log"
  rollback { run sh -c "echo undo-a >> log" }
}

step "B" {
  run sh work.sh
  hint /disk full/ "Free some space"
  rollback { run sh -c "echo undo-b >> log" }
}

step "C" {
  run sh -c "echo c >> log"
  rollback none "x"
}
"#;

/// `B` fails once there is a file `go`, unless there is a file `fixed`.
fn works() -> Site {
    let site = Site::new(WORKS);
    let wait = "while test -e a.runbook -a ! -e go -a ! -e fixed; do sleep 0.02; done";
    let fails = "test -e fixed && { echo b >> log; exit 0; }\necho disk full >&2\nexit 3";
    site.write("work.sh", &format!("echo $$ > pid\n{wait}\n{fails}\n"));
    site
}

/// `B` fails after the first Ctrl-C; the question is there.
fn fails_after_a_stop(site: &Site) -> Seat {
    let mut seat = site.sits(&["run", "a.runbook"]);
    site.pid("pid");
    seat.hits(CTRL_C);
    seat.sees("stop asked for by olga");
    site.write("go", "");
    for line in [
        "? B\n  exit code 3\n  disk full\n  Hint: Free some space\n",
        "  Rolling back would undo, in this order:\n    - B\n    - A\n",
        "  1) retry ",
        "2) by hand ",
        "3) go on ",
        "4) roll back ",
        "5) leave ",
    ] {
        seat.sees(line);
    }
    seat
}

fn told(site: &Site, format: &str) -> String {
    String::from_utf8(site.alone(&["show", "--format", format]).stdout).unwrap()
}

/// The words are told in the summary, by `show` and in the report.
fn is_told_everywhere(site: &Site, seat: &Seat, said: &str) {
    let shown = seat.shown();
    assert!(shown.contains(said), "{said:?} is not in the summary:\n{shown}");
    for format in ["text", "markdown", "html"] {
        let told = told(site, format).replace("&quot;", "\"").replace("\\_", "_");
        assert!(told.contains(said), "{said:?} is not told by {format}:\n{told}");
    }
}

#[test]
fn what_failed_after_a_stop_is_asked_about_as_any_failure() {
    let site = works();
    let mut seat = fails_after_a_stop(&site);
    seat.answers("[1-5, and a note] ", "roll back, too late");
    assert_eq!((seat.leaves(), site.log().as_str()), (Some(1), "a undo-b undo-a"));
    assert!(seat.shown().contains("because    \"B\": exit code 3"), "{}", seat.shown());
    assert!(!seat.shown().contains("? stopped by"), "{}", seat.shown());
    is_told_everywhere(&site, &seat, "\"B\" rolled back (olga: too late)");
}

#[test]
fn tried_again_after_a_stop_the_run_goes_on() {
    let site = works();
    let mut seat = fails_after_a_stop(&site);
    site.write("fixed", "");
    seat.answers("[1-5, and a note] ", "retry");
    assert_eq!((seat.leaves(), site.log().as_str()), (Some(0), "a b c"));
}

#[test]
fn left_after_a_stop_the_failure_waits() {
    let site = works();
    let mut seat = fails_after_a_stop(&site);
    seat.answers("[1-5, and a note] ", "leave");
    seat.sees("waits for a decision about what failed");
    assert_eq!((seat.leaves(), site.log().as_str()), (Some(5), "a"));
    let mut seat = site.sits(&["resume", &site.run_id()]);
    seat.answers("? B\n", "go on not needed");
    assert_eq!((seat.leaves(), site.log().as_str()), (Some(0), "a c"));
}

/// Ctrl-C at the question about a failure asks it once more; twice, it is about the run, and says what failed.
#[test]
fn a_stop_at_the_question_about_a_failure_asks_it_again_and_then_about_the_run() {
    let site = works();
    site.write("go", "");
    let mut seat = site.sits(&["run", "a.runbook"]);
    seat.sees("[1-5, and a note] ");
    seat.hits(CTRL_C);
    seat.sees("(no longer asked)");
    seat.sees("? B\n  exit code 3\n  disk full\n");
    seat.sees("[1-5, and a note] ");
    seat.hits(CTRL_C);
    seat.sees("? stopped by olga\n  B: failed: exit code 3\n    disk full\n  Hint: Free some space\n");
    seat.answers("[1-3, and a note] ", "roll back");
    assert_eq!((seat.leaves(), site.log().as_str()), (Some(1), "a undo-b undo-a"));
    assert!(seat.shown().contains("failed     \"B\": exit code 3"), "{}", seat.shown());
}

#[test]
fn what_failed_after_a_stop_is_in_the_summary_where_nobody_is_asked() {
    let site = works();
    let mut child = site.starts_alone(&["run", "a.runbook"]);
    site.pid("pid");
    let pid = rustix::process::Pid::from_child(&child);
    rustix::process::kill_process(pid, rustix::process::Signal::TERM).unwrap();
    site.records("\"cancel_requested\"", 1);
    site.write("go", "");
    assert_eq!(child.wait().unwrap().code(), Some(1));
    let told = told(&site, "text");
    assert!(told.contains("  failed     \"B\": exit code 3\n"), "{told}");
    assert!(told.contains("  because    stopped by olga\n"), "{told}");
}

#[test]
fn words_beside_a_choice_before_a_step_are_told() {
    let site = works();
    site.write("fixed", "");
    let mut seat = site.sits(&["run", "a.runbook", "--step"]);
    seat.answers("[1-5, and a note] ", "run the window is open");
    seat.sees("? B\n");
    seat.answers("[1-5, and a note] ", "roll back wrong cluster");
    assert_eq!((seat.leaves(), site.log().as_str()), (Some(1), "a undo-a"));
    for said in [
        "rolled back by olga before it began: wrong cluster",
        "\"A\" run (olga: the window is open)",
        "\"B\" rolled back (olga: wrong cluster)",
    ] {
        is_told_everywhere(&site, &seat, said);
    }
}

#[test]
fn words_beside_a_rejection_are_told() {
    let site = Site::new("gate \"Ready\" {\n  check \"Room\" { look run false }\n}\n");
    let mut seat = site.sits(&["run", "a.runbook"]);
    seat.answers("[1-4, and a note] ", "reject too risky");
    assert_eq!(seat.leaves(), Some(1));
    is_told_everywhere(&site, &seat, "\"Ready\" rejected (olga: too risky)");
    assert!(seat.shown().contains("rejected by olga: too risky"), "{}", seat.shown());
}

const STANDING: &str = r#"
step "Export" {
  run true
  rollback none "only leaves a file"
}

step "Mail" irreversible {
  run true
}

for name in ["x", "y"] {
  step "Tag {name}" {
    run true
    rollback none "tags do no harm"
  }
}

step "Move" {
  run true
  rollback { run true }
}

step "Looked" {
  look run true
  rollback none "x"
}

step "Half" {
  run false
  rollback none "half of it may be there"
}
"#;

#[test]
fn what_would_stay_is_said_before_it_is_rolled_back() {
    let site = Site::new(STANDING);
    let mut seat = site.sits(&["run", "a.runbook"]);
    seat.sees("  Rolling back would undo, in this order:\n    - Move\n  This would stay as it is:\n");
    seat.sees("    - Export: only leaves a file\n    - Mail: cannot be undone\n");
    seat.sees("    - Tag … (2 times): tags do no harm\n    - Half: half of it may be there\n  1) retry ");
    seat.answers("[1-5, and a note] ", "roll back");
    assert_eq!(seat.leaves(), Some(6));
    let shown = seat.shown();
    for stays in ["\"Export\" (only", "\"Mail\" (cannot", "\"Tag x\" (tags", "\"Half\" (half"] {
        assert!(shown.contains(stays), "{stays}: {shown}");
    }
}

#[test]
fn what_would_stay_is_said_before_it_is_given_up() {
    let site = Site::new(
        "step \"A\" {\n  run true\n  rollback { run true }\n}\nstep \"P\" {\n  run true\n  rollback none \"x\"\n  restore { run true }\n}\ncommit \"Live\"\nstep \"B\" {\n  run false\n  rollback none \"y\"\n}\n",
    );
    let mut seat = site.sits(&["run", "a.runbook"]);
    seat.sees("  Giving up would put back, in this order:\n    - P\n  This would stay as it is:\n");
    seat.sees("    - A: past the point of no return\n    - P: x\n    - B: y\n  1) retry ");
    seat.answers("[1-4, and a note] ", "leave");
    assert_eq!(seat.leaves(), Some(4));
}

const LACKING: &str = r#"
step "Rent" {
  let id: text = run echo srv
  rollback none "x"
}

step "Fill" {
  run sh -c "echo fill >> log"
  run echo {id}
  rollback none "x"
}

step "Perhaps" {
  if id == "srv" {
    run echo {id}
  }
  rollback none "x"
}

step "Last" {
  run sh -c "echo last >> log"
  rollback none "x"
}
"#;

/// What takes a value that is gone cannot be run, and nothing of it is; it says so.
#[test]
fn what_can_no_longer_be_done_is_not_offered() {
    let site = Site::new(LACKING);
    let mut seat = site.sits(&["run", "a.runbook", "--step"]);
    seat.answers("[1-5, and a note] ", "skip there is one");
    seat.sees("? Fill\n");
    seat.sees("  It cannot be done any more: `id` has no value; it comes from \"Rent\".\n  1) skip ");
    seat.answers("[1-4, and a note] ", "run");
    seat.answers("Type one of the numbers", "skip no server");
    seat.sees("? Perhaps\n");
    seat.answers("[1-5, and a note] ", "skip the same");
    seat.answers("[1-5, and a note] ", "run");
    assert_eq!((seat.leaves(), site.log().as_str()), (Some(0), "last"));
}

#[test]
fn an_answer_for_a_role_is_told_under_its_name_and_a_judgement_by_its_verdict() {
    let site = Site::new(
        "confirm \"Rota\" by \"lead\"\njudge \"Sample\" showing \"abc\" by \"lead\"\nmanual \"Do it\" {\n  rollback none \"x\"\n}\njudge \"Second\" showing \"abc\" by \"lead\"\n",
    );
    site.write("bowline.toml", "[roles]\nlead = [\"ana\"]\n");
    let mut seat = site.sits(&["run", "a.runbook"]);
    seat.answers("? Rota\n", "yes seen");
    seat.sees("✓ Rota: yes (ana as lead, typed by olga: seen)");
    seat.answers("and a finding] ", "pass reads well");
    seat.sees("✓ Sample: pass (ana as lead, typed by olga: reads well)");
    seat.answers("? Do it\n", "done");
    seat.sees("✓ Do it: done (olga)");
    seat.answers("? Second\n", "fail garbled");
    seat.sees("✗ Second: fail (ana as lead, typed by olga: garbled)");
    seat.sees("because    judged a fail by ana as lead, typed by olga: garbled");
    assert_eq!(seat.leaves(), Some(1));
    let report = told(&site, "markdown");
    assert!(report.contains("ana as lead, typed by olga |"), "{report}");
}

const WIDE: &str = "
judge \"Sample\" showing \"\"\"
| name | orders | comment |
| cluster-a | 1204 | nothing to be seen here |
| cluster-b | 漢字漢字漢字漢字漢字 | e\u{301}verything is as it was before, with 漢字 |
\"\"\" expected \"\"\"
| name | orders | comment |
| cluster-a | 1204 | nothing to be seen here |
| cluster-b | 漢字漢字漢字漢字漢字 | as before |
\"\"\"
";

/// Rows of a table that are wider than the window are cut, never broken; a word shows them whole.
#[test]
fn a_table_to_be_judged_keeps_its_rows_in_a_narrow_window() {
    let site = Site::new(WIDE);
    let mut seat = site.sits(&["run", "a.runbook"]);
    seat.sees("and a finding] ");
    seat.resizes(60);
    seat.sees("  Some rows are cut; type all to see them whole.\n");
    seat.sees("and a finding] ");
    let screen = seat.screen();
    let below = screen.rsplit("? Sample").next().unwrap().to_owned();
    assert!(below.contains("  | cluster-b | 漢字漢字漢字漢字漢字 | e\u{301}verything is as it…"), "{screen}");
    assert!(below.lines().all(|row| row.is_empty() || row.starts_with("  ")), "no row is broken: {screen}");
    seat.types("all");
    seat.sees("everything is as it was before, with 漢字 |".get(1..).unwrap());
    seat.sees("and a finding] ");
    seat.resizes(200);
    seat.sees("  Found  ");
    seat.sees("| Expected\n");
    seat.answers("and a finding] ", "pass");
    assert_eq!(seat.leaves(), Some(0));
}

/// What was typed at the prompt of a table stays typed when the table is drawn for another window.
#[test]
fn what_was_typed_below_a_table_survives_another_width() {
    let site = Site::new("judge \"Sample\" showing \"| a | b |\"\n");
    let mut seat = site.sits(&["run", "a.runbook"]);
    seat.sees("[pass / fail, and a finding] ");
    seat.hits("fial\u{7f}\u{7f}\u{7f}ail, caf\u{e9}s missi".as_bytes());
    seat.shows("what is typed", |screen| screen.trim_end().ends_with("a finding] fail, caf\u{e9}s missi"));
    seat.resizes(60);
    seat.shows("it behind the new prompt", |screen| {
        screen.matches("a finding] fail, caf\u{e9}s missi").count() == 2
            && screen.trim_end().ends_with("missi")
    });
    seat.types("\u{7f}\u{7f}sing rows");
    assert_eq!(seat.leaves(), Some(1));
    let said = String::from_utf8(site.alone(&["show", &site.run_id()]).stdout).unwrap();
    assert!(said.contains("caf\u{e9}s missing rows") && !said.contains("fial"), "{said}");
}

/// Three times Ctrl-C leaves at once: what was at work is in doubt, and that is said, with what is owed and what to type.
#[test]
fn what_was_at_work_when_the_run_was_left_is_told_as_in_doubt() {
    let site = works();
    site.write("work.sh", "trap '' TERM INT\necho $$ > pid\nwhile test -e a.runbook; do sleep 0.02; done\n");
    let mut seat = site.sits(&["run", "a.runbook"]);
    site.pid("pid");
    for _ in 0..3 {
        seat.hits(CTRL_C);
        seat.sees("stop asked for by olga");
    }
    seat.sees("was left while something was at work:\n  --at \"B\": bowline was interrupted while it ran; it was: sh work.sh\nstill owed, in this order:\n");
    seat.sees("  rollback of \"B\": ");
    seat.sees(&format!("bowline settle {}` with --again, --done WHY", site.run_id()));
    seat.sees(&format!("or `bowline resume {}`", site.run_id()));
    assert_eq!(seat.leaves(), Some(5));
    // At a terminal, too, where a run that is taken up would ask.
    let mut seat = site.sits(&["settle", &site.run_id(), "--done", "seen on the host"]);
    seat.sees("seen on the host");
    assert_eq!(seat.leaves(), Some(0));
}

/// A run that was stopped tells what had failed in it, and each command that it names does what it says.
#[test]
fn a_stopped_run_names_what_failed_and_the_next_command() {
    let site = works();
    site.write("go", "");
    assert_eq!(site.alone(&["run", "a.runbook", "--on-failure", "hold"]).status.code(), Some(5));
    let run = site.run_id();
    let output = site.alone(&["cancel", &run]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    let undo = format!("bowline cancel {run} --on-failure rollback");
    assert!(said.contains("  B: failed: exit code 3\nstill owed"), "{said}");
    assert!(output.status.code() == Some(5) && said.contains(&format!("`{undo}` undoes it")), "{said}");
    let output = site.alone(&["settle", &run, "--rollback"]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        output.status.code() == Some(2) && said.contains("`bowline cancel --on-failure rollback`"),
        "{said}"
    );
    let words: Vec<&str> = undo.split(' ').skip(1).collect();
    assert_eq!((site.alone(&words).status.code(), site.log().as_str()), (Some(1), "a undo-b undo-a"));
}

/// At 60 columns words are broken between words, below what they belong to: the way, the items, the ways on.
#[test]
fn a_held_gate_breaks_no_row_in_a_narrow_window() {
    let site = Site::new(
        "confirm \"Go\"\ngate \"Pre-flight of the move to the other cluster\" {\n  confirm \"The rota covers the window of tonight and of tomorrow morning\"\n  check \"There is room on the disk of the cluster that it moves to\" { look run sh -c \"echo only 3 GiB are left on this machine, of which 2 are reserved; false\" }\n}\n",
    );
    let mut seat = site.sits(&["run", "a.runbook"]);
    seat.sees("? Go\n");
    seat.sees("and a note] ");
    seat.resizes(60);
    seat.types("yes");
    seat.sees("? Pre-flight of the move to the other cluster › The");
    seat.answers("and a note] ", "yes");
    seat.sees("only 3 GiB are left");
    seat.sees("[1-4, and a note] ");
    let screen = seat.screen();
    let (_, asked) = screen.split_once("? Pre-flight of the move to the other cluster › The").unwrap();
    let own = |row: &str| row.is_empty() || row.starts_with(['?', ' ', '0', '1', '2']);
    assert!(asked.lines().skip(1).all(own), "a row is broken:\n{screen}");
    let words = asked.split_whitespace().collect::<Vec<_>>().join(" ");
    for whole in [
        "no There is room on the disk of the cluster that it moves to exit code 1 only 3 GiB are left on this machine, of which 2 are reserved",
        "2) waive go on as if it had passed, for a reason and for so long",
    ] {
        assert!(words.contains(whole), "{whole}:\n{screen}");
    }
    seat.types("leave");
    assert_eq!(seat.leaves(), Some(5));
}

/// A window that is closed at the question about a failure leaves it to be decided, and that is said.
#[test]
fn a_window_closed_at_the_question_about_a_failure_leaves_it_to_be_decided() {
    let site = works();
    site.write("go", "");
    let mut seat = site.sits(&["run", "a.runbook"]);
    seat.sees("[1-5, and a note] ");
    seat.signal(rustix::process::Signal::HUP);
    seat.sees("stopped here: the terminal went away");
    seat.sees("waits for a decision about what failed:\n  --at \"B\": exit code 3; it was: sh work.sh\n");
    assert_eq!(seat.leaves(), Some(5));
    let output = site.alone(&["settle", &site.run_id(), "--rollback"]);
    assert_eq!((output.status.code(), site.log().as_str()), (Some(1), "a undo-b undo-a"));
}
