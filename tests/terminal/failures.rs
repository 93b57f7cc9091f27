//! The question after a failure, each of its choices, and what asks when a run is stuck.

use crate::processes::ends;
use crate::seat::{Seat, Site};

/// Three steps of which the second fails until there is a file `fixed`.
fn failing() -> Site {
    let step = |name: &str, run: &str| {
        format!(
            "step \"{name}\" {{\n  run sh -c \"{run}\"\n  hint /disk full/ \"Free some space\"\n  rollback {{ run sh -c \"echo undo-{name} >> log\" }}\n}}\n"
        )
    };
    let fails = "echo b >> log; test -e fixed || echo disk full >&2; test -e fixed";
    Site::new(&[step("A", "echo a >> log"), step("B", fails), step("C", "echo c >> log")].concat())
}

fn asked(site: &Site) -> Seat {
    let mut seat = site.sits(&["run", "a.runbook"]);
    seat.sees("? B\n");
    seat.sees("disk full");
    seat.sees("Hint: Free some space");
    seat.sees("Rolling back would undo, in this order:\n    - B\n    - A\n");
    seat.sees("1) retry ");
    seat.sees("5) leave ");
    seat.sees("[1-5, and a note] ");
    seat
}

fn recorded(site: &Site) -> String {
    String::from_utf8(site.alone(&["show", "--format", "events"]).stdout).unwrap()
}

#[test]
fn what_a_check_looked_at_is_shown_with_its_failure() {
    let site = Site::new(
        "step \"A\" {\n  run true\n  rollback { run true }\n}\ncheck \"Queue\" { look run sh -c \"echo 412 messages; false\" }\n",
    );
    let mut seat = site.sits(&["run", "a.runbook"]);
    seat.sees("? Queue\n  exit code 1\n  412 messages\n  Rolling back would undo, in this order:\n    - A\n  1) retry ");
    seat.types("leave");
    assert_eq!(seat.leaves(), Some(5));
}

#[test]
fn a_failure_of_another_process_is_shown_with_its_command() {
    let site = failing();
    assert_eq!(site.alone(&["run", "a.runbook", "--on-failure", "hold"]).status.code(), Some(5));
    let mut seat = site.sits(&["resume", &site.run_id()]);
    seat.sees("? B\n  exit code 1\n  It was: sh -c 'echo b >> log; test -e fixed || echo disk full >&2; test -e fixed'\n  disk full\n  Hint: Free");
    seat.types("leave");
    assert_eq!(seat.leaves(), Some(5));
}

#[test]
fn retry_tries_what_failed_again() {
    let site = failing();
    let mut seat = asked(&site);
    seat.types("retry");
    seat.sees("? B\n");
    site.write("fixed", "");
    seat.answers("[1-5, and a note] ", "1 there is room now");
    assert_eq!((seat.leaves(), site.log().as_str()), (Some(0), "a b b b c"));
    assert!(recorded(&site).contains("there is room now"), "a note beside a choice is kept");
}

#[test]
fn by_hand_and_go_on_want_a_reason() {
    for (choice, word) in [("2", "by hand"), ("go on", "go on")] {
        let site = failing();
        let mut seat = asked(&site);
        seat.types(choice);
        seat.answers("Why?", "");
        seat.answers("Why?", "seen on the host");
        assert_eq!((seat.leaves(), site.log().as_str()), (Some(0), "a b c"), "{word}");
        assert!(recorded(&site).contains("seen on the host"), "{word}");
    }
}

#[test]
fn by_hand_at_a_check_settles_the_check_alone() {
    let site = Site::new(
        "phase \"Upgrade\" {\n  step \"A\" {\n    run sh -c \"echo a >> log\"\n    rollback none \"x\"\n  }\n  check \"Queue is normal\" { look run false }\n  look run false\n  step \"B\" {\n    run sh -c \"echo b >> log\"\n    rollback none \"x\"\n  }\n}\n",
    );
    let mut seat = site.sits(&["run", "a.runbook"]);
    seat.answers("? Upgrade › Queue is normal\n", "by hand seen on the console");
    seat.answers("? Upgrade\n", "go on not needed");
    assert_eq!((seat.leaves(), site.log().as_str()), (Some(0), "a b"));
    let shown = seat.shown();
    for said in [
        "→ \"Queue is normal\": done by hand (olga: seen on the console)",
        "→ in \"Upgrade\": passed over (olga: not needed)",
        "by people  \"Queue is normal\" done by hand (olga: seen on the console)",
        "in \"Upgrade\" passed over (olga: not needed)",
    ] {
        assert!(shown.contains(said), "{said}: {shown}");
    }
    assert!(!shown.contains("\"Upgrade\" done by hand") && !shown.contains("Upgrade: "), "{shown}");
    let decided = recorded(&site);
    let decided = decided.lines().filter(|line| line.contains("\"decided\""));
    let places: Vec<_> =
        decided.map(|line| line.split("\"node\":").nth(1).unwrap().split(',').next()).collect();
    assert_eq!(places.len(), 2);
    assert_ne!(places[0], places[1], "each at its own place");
}

#[test]
fn roll_back_undoes_newest_first() {
    let site = failing();
    let mut seat = asked(&site);
    seat.types("roll back, no time left");
    assert_eq!((seat.leaves(), site.log().as_str()), (Some(1), "a b undo-B undo-A"));
    assert!(recorded(&site).contains("no time left"));
}

/// An attempt is undone by itself, and its `otherwise` runs: that is no end, and is not called one.
#[test]
fn in_an_attempt_it_is_said_what_follows_once_it_is_undone() {
    let attempt = |inner: &str| {
        format!(
            "attempt \"Fast\" {{\n  step \"A\" {{\n    run sh -c \"echo a >> log\"\n    rollback {{ run sh -c \"echo undo-a >> log\" }}\n  }}\n  {inner}\n}} otherwise {{\n  step \"Slow\" {{\n    run sh -c \"echo slow >> log\"\n    rollback none \"x\"\n  }}\n}}\n"
        )
    };
    let fails = "step \"B\" {\n    run false\n    rollback none \"x\"\n  }";
    let site = Site::new(&attempt(fails));
    let mut seat = site.sits(&["run", "a.runbook"]);
    seat.sees("4) roll back  undo this attempt, newest first; then its `otherwise` runs\n");
    seat.types("roll back");
    assert_eq!((seat.leaves(), site.log().as_str()), (Some(0), "a undo-a slow"));
    let site = Site::new(&attempt("judge \"Sample\" showing \"x\""));
    let mut seat = site.sits(&["run", "a.runbook"]);
    seat.sees("fail: this attempt is undone, newest first; then its `otherwise` runs\n");
    seat.types("fail too slow");
    assert_eq!((seat.leaves(), site.log().as_str()), (Some(0), "a undo-a slow"));
    let site = Site::new(&attempt("gate \"Ready\" {\n    check \"Room\" { look run false }\n  }"));
    let mut seat = site.sits(&["run", "a.runbook"]);
    seat.sees("reject      it is a no: this attempt is undone, then its `otherwise` runs\n");
    seat.types("reject no room");
    assert_eq!((seat.leaves(), site.log().as_str()), (Some(0), "a undo-a slow"));
    let site = Site::new(&attempt(fails));
    let mut seat = site.sits(&["run", "a.runbook", "--step"]);
    seat.answers("? Fast › A\n", "run");
    seat.sees("? Fast › B\n");
    seat.sees("4) roll back  undo this attempt, newest first; then its `otherwise` runs\n");
    seat.types("roll back");
    seat.answers("? Fast › Slow\n", "run");
    assert_eq!((seat.leaves(), site.log().as_str()), (Some(0), "a undo-a slow"));
}

/// One without `otherwise` fails what stands around it, and that is undone as well: all of it is told.
#[test]
fn an_attempt_without_otherwise_takes_with_it_what_stands_around() {
    let step = |name: &str, run: &str| {
        format!(
            "step \"{name}\" {{\n  run sh -c \"{run}\"\n  rollback {{ run sh -c \"echo undo-{name} >> log\" }}\n}}\n"
        )
    };
    let inner = format!("attempt \"Fast\" {{\n{}}}", step("B", "false"));
    let site = Site::new(&(step("A", "echo a >> log") + &inner + "\n"));
    let mut seat = site.sits(&["run", "a.runbook"]);
    seat.sees("Rolling back would undo, in this order:\n    - B\n    - A\n");
    seat.sees("4) roll back  undo, newest first, and end\n");
    seat.types("roll back");
    assert_eq!((seat.leaves(), site.log().as_str()), (Some(1), "a undo-B undo-A"));
    // Within one that has it.
    let outer = format!(
        "attempt \"Way\" {{\n{}{inner}\n}} otherwise {{\n{}}}\n",
        step("A", "echo a >> log"),
        step("C", "echo c >> log")
    );
    let site = Site::new(&outer);
    let mut seat = site.sits(&["run", "a.runbook"]);
    seat.sees("Rolling back would undo, in this order:\n    - B\n    - A\n");
    seat.sees("4) roll back  undo this attempt, newest first; then its `otherwise` runs\n");
    seat.types("roll back");
    assert_eq!((seat.leaves(), site.log().as_str()), (Some(0), "a undo-B undo-A c"));
}

/// Past the point of no return there is nothing around it that is undone.
#[test]
fn after_the_commit_an_attempt_that_is_undone_holds_the_run() {
    let commit = "commit \"Live\" {\n  \"\"\"\n  Fix forward.\n  \"\"\"\n}\n";
    let step = "step \"A\" {\n    run false\n    rollback { run sh -c \"echo undo >> log\" }\n  }";
    let site = Site::new(&format!("{commit}attempt \"Fast\" {{\n  {step}\n}}\n"));
    let mut seat = site.sits(&["run", "a.runbook"]);
    seat.sees("4) roll back  undo this attempt, newest first; then you are asked how the run goes on");
    seat.types("roll back");
    seat.sees("? Fast\n");
    seat.types("give up no use");
    assert_eq!((seat.leaves(), site.log().as_str()), (Some(6), "undo"));
}

#[test]
fn leave_touches_nothing_and_resume_asks_again() {
    let site = failing();
    let mut seat = asked(&site);
    seat.types("leave");
    assert_eq!((seat.leaves(), site.log().as_str()), (Some(5), "a b"));
    let mut seat = site.sits(&["resume", &site.run_id()]);
    site.write("fixed", "");
    seat.answers("? B\n", "retry");
    assert_eq!((seat.leaves(), site.log().as_str()), (Some(0), "a b b c"));
}

#[test]
fn after_the_commit_there_is_no_way_back() {
    let site = Site::new(
        "step \"A\" {\n  run sh -c \"echo a >> log\"\n  rollback { run sh -c \"echo undo >> log\" }\n}\ncommit \"Live\" {\n  \"\"\"\n  Fix forward.\n  \"\"\"\n}\nstep \"B\" {\n  run false\n  rollback none \"x\"\n}\n",
    );
    let mut seat = site.sits(&["run", "a.runbook"]);
    seat.sees("? B\n");
    seat.answers("[1-4, and a note] ", "roll back");
    seat.answers("Type one of the numbers", "give up");
    seat.answers("Why?", "beyond repair");
    assert_eq!((seat.leaves(), site.log().as_str()), (Some(6), "a"));
    assert!(!seat.shown().contains("Rolling back would"), "{}", seat.shown());
}

#[test]
fn a_gate_holds_and_is_tested_again_or_rejected() {
    let gate = "gate \"Ready\" {\n  check \"Room\" { look run test -e fixed }\n  confirm \"Rota\"\n}\n";
    let site = Site::new(gate);
    let mut seat = site.sits(&["run", "a.runbook"]);
    seat.answers("? Ready › Rota", "yes");
    seat.sees("? Ready\n");
    seat.sees("no   Room");
    seat.sees("yes  Rota");
    site.write("fixed", "");
    seat.answers("[1-4, and a note] ", "test again");
    assert_eq!(seat.leaves(), Some(0));
    std::fs::remove_file(site.path("fixed")).unwrap();
    let mut seat = site.sits(&["run", "a.runbook"]);
    seat.answers("? Ready › Rota", "yes");
    seat.answers("[1-4, and a note] ", "reject");
    seat.answers("Why?", "too risky");
    assert_eq!(seat.leaves(), Some(1));
    assert!(recorded(&site).contains("too risky"), "the reason of a rejection is kept");
}

#[test]
fn settle_asks_how_what_is_stuck_stands() {
    let site = Site::new(
        "step \"A\" {\n  run sh -c \"echo a >> log\"\n  rollback once { run sh -c \"echo undo >> log; test -e fixed\" }\n}\nstep \"B\" {\n  run false\n  rollback none \"x\"\n}\n",
    );
    assert_eq!(site.alone(&["run", "a.runbook"]).status.code(), Some(4));
    let run = site.run_id();
    let mut seat = site.sits(&["settle", &run]);
    seat.answers("? A: ", "leave");
    assert_eq!((seat.leaves(), site.log().as_str()), (Some(4), "a undo"));
    let mut seat = site.sits(&["settle", &run]);
    seat.answers("? A: ", "again");
    seat.sees("? A\n");
    site.write("fixed", "");
    seat.answers("[1-4, and a note] ", "again, there is room now");
    assert_eq!((seat.leaves(), site.log().as_str()), (Some(1), "a undo undo undo"));
}

#[test]
fn a_rollback_that_fails_is_tried_again_aloud_and_then_asked_about() {
    let site = Site::new(
        "step \"A\" {\n  run true\n  rollback { run sh -c \"echo undo-a >> log\" }\n}\nstep \"B\" {\n  run sh -c \"echo broken; false\"\n  hint /disk full/ \"Free some space\"\n  rollback retry 2 every 10ms { run sh -c \"echo undo-b >> log; test -e fixed || echo disk full; test -e fixed\" }\n}\n",
    );
    let mut seat = site.sits(&["run", "a.runbook"]);
    seat.answers("[1-5, and a note] ", "roll back");
    seat.sees("failed: exit code 1");
    seat.sees("↻ retry 1 of 2 in 10 ms: exit code 1");
    seat.sees("↻ retry 2 of 2 in 10 ms: exit code 1");
    seat.sees("? B\n  exit code 1\n  It was: sh -c 'echo undo-b");
    seat.sees("  disk full\n  Hint: Free some space\n");
    seat.sees("  Still owed, in this order:\n    - rollback of \"B\": sh -c 'echo undo-b");
    seat.sees("    - rollback of \"A\": sh -c 'echo undo-a >> log'\n  1) again ");
    for choice in ["2) done ", "3) skip ", "4) leave "] {
        seat.sees(choice);
    }
    site.write("fixed", "");
    seat.answers("[1-4, and a note] ", "1");
    assert_eq!((seat.leaves(), site.log().as_str()), (Some(1), "undo-b undo-b undo-b undo-b undo-a"));
}

#[test]
fn a_failed_rollback_that_is_left_is_reported_with_what_is_owed() {
    let site = Site::new(
        "step \"A\" {\n  run true\n  rollback { run sh -c \"echo undo-a >> log\" }\n}\nstep \"B\" {\n  run false\n  rollback once { run false }\n}\n",
    );
    let mut seat = site.sits(&["run", "a.runbook"]);
    seat.answers("[1-5, and a note] ", "roll back");
    seat.answers("[1-4, and a note] ", "leave");
    seat.sees("is stuck:\n  --at \"B\": its undo failed: exit code 1; it was: false\n");
    seat.sees("still owed, in this order:\n  rollback of \"B\": false\n  rollback of \"A\": sh -c 'echo undo-a >> log'\n");
    seat.sees("with --again, --done WHY or --skip WHY\n");
    assert_eq!(seat.leaves(), Some(4));
    let told = site.alone(&["show", "--format", "json"]);
    let told = String::from_utf8(told.stdout).unwrap();
    for said in [
        "\"settle\": [\n        \"--again\",\n        \"--done WHY\",\n        \"--skip WHY\"\n",
        "\"step\": \"A\"",
    ] {
        assert!(told.contains(said), "{told}");
    }
    let mut seat = site.sits(&["resume", &site.run_id()]);
    seat.answers("? B\n", "skip seen to");
    assert_eq!((seat.leaves(), site.log().as_str()), (Some(6), "undo-a"));
}

#[test]
fn after_a_kill_it_says_what_to_inspect_and_asks_how_it_stands() {
    let site = Site::new(
        "step \"A\" {\n  run sh work.sh\n  rollback { run sh -c \"echo undo >> log\" }\n}\nstep \"B\" {\n  run sh -c \"echo b >> log\"\n  rollback none \"x\"\n}\n",
    );
    site.write("work.sh", "echo $$ > pid\nwhile test -e a.runbook; do sleep 0.02; done\n");
    let mut seat = site.sits(&["run", "a.runbook"]);
    let pid = site.pid("pid");
    seat.signal(rustix::process::Signal::KILL);
    seat.leaves();
    ends(pid);
    let run = site.run_id();
    let output = site.alone(&["resume", &run]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.code() == Some(4) && said.contains("it was: sh work.sh"), "{said}");
    let mut seat = site.sits(&["settle", &run]);
    seat.sees("it was: sh work.sh");
    seat.answers("[1-5, and a note] ", "done");
    seat.answers("Why?", "the table is there");
    assert_eq!((seat.leaves(), site.log().as_str()), (Some(0), "b"));
}
