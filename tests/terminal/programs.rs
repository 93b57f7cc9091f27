//! Programs and the terminal: with `terminal` they have it, without they have none.

use crate::seat::{CTRL_C, Site, noticed};

#[test]
fn a_terminal_program_reads_what_is_typed() {
    let site = Site::new(
        "step \"Talk\" terminal {\n  run sh -c \"printf 'name? '; read name < /dev/tty; echo hello $name\"\n  rollback none \"x\"\n}\nconfirm \"Ready\"\n",
    );
    let mut seat = site.sits(&["run", "a.runbook"]);
    seat.sees("it has the terminal: what it prints is neither masked nor recorded");
    seat.answers("name? ", "ana");
    seat.sees("hello ana");
    seat.answers("? Ready", "yes");
    assert_eq!(seat.leaves(), Some(0));
}

#[test]
fn ctrl_c_at_a_terminal_program_is_the_programs() {
    let site = Site::new(
        "step \"Talk\" terminal {\n  run sh -c \"trap 'echo its own; exit 0' INT; echo $$ > pid; while test -e a.runbook; do sleep 0.05; done\"\n  rollback none \"x\"\n}\n",
    );
    let mut seat = site.sits(&["run", "a.runbook"]);
    seat.waits_for_front(site.pid("pid"));
    seat.hits(CTRL_C);
    seat.sees("its own\n");
    assert_eq!(seat.leaves(), Some(0));
}

#[test]
fn a_terminal_program_that_leaves_odd_modes_leaves_none() {
    let site = Site::new(
        "step \"Talk\" terminal {\n  run sh -c \"stty raw -echo; kill -9 $$\"\n  rollback none \"x\"\n}\n",
    );
    let mut seat = site.sits(&["run", "a.runbook"]);
    let before = noticed(&seat.modes());
    seat.answers("? Talk", "roll back");
    assert_eq!((seat.leaves(), noticed(&seat.modes())), (Some(1), before));
}

/// It has no terminal to wait for, so it says so and ends.
#[test]
fn a_program_that_wants_the_terminal_hangs_no_run() {
    let script = "read x < /dev/tty && echo got $x >> log";
    let site = Site::new(&format!("step \"Ask\" {{\n  run sh -c \"{script}\"\n  rollback none \"x\"\n}}\n"));
    let output = site.alone(&["run", "a.runbook"]);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let mut seat = site.sits(&["run", "a.runbook"]);
    seat.answers("? Ask", "roll back");
    assert_eq!(seat.leaves(), Some(1));
    let mut seat = site.sits(&["run", "a.runbook", "--answers", "/dev/null"]);
    seat.answers("? Ask", "roll back");
    assert_eq!((seat.leaves(), site.log().as_str()), (Some(1), ""));
}

/// As after `nohup … &`: the terminal is there, but nobody who reads the questions.
#[test]
fn a_run_whose_input_is_elsewhere_asks_nobody() {
    let site = Site::new("confirm \"Ready\"\n");
    let mut seat = site.shell();
    seat.answers("READY> ", "bowline run a.runbook < /dev/null; echo left with $?");
    seat.sees("left with 5\n");
    assert!(!seat.shown().contains("? Ready"), "{}", seat.shown());
}

#[test]
fn a_terminal_step_with_nobody_there_fails_and_changes_nothing() {
    let site = Site::new("step \"Talk\" terminal {\n  run touch touched\n  rollback none \"x\"\n}\n");
    let output = site.alone(&["run", "a.runbook"]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.code() == Some(1) && said.contains("wants the real terminal"), "{said}");
    assert!(!site.path("touched").exists());
}
