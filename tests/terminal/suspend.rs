//! Ctrl-Z and `fg`, as a shell with job control does them.

use crate::processes::lives;
use crate::seat::{CTRL_Z, Site};

#[test]
fn a_hidden_question_gives_the_terminal_back_and_takes_it_again() {
    let site = Site::new(
        "ask token: secret \"Token\"\nstep \"A\" {\n  run sh -c \"test $T = hunter22 && echo a >> log\" {\n    env T = token\n  }\n  rollback none \"x\"\n}\n",
    );
    let mut seat = site.shell();
    seat.answers("READY> ", "bowline run --yes-to briefing a.runbook; echo it left $?");
    seat.sees("token (not shown): ");
    seat.waits_for_echo(false);
    seat.hits(CTRL_Z);
    seat.sees("Stopped");
    seat.sees("READY> ");
    seat.types("stty -a | grep -o -e '-*echo ' | head -1; fg");
    seat.sees("\necho ");
    seat.sees("token (not shown): ");
    seat.waits_for_echo(false);
    seat.types("hunter22");
    seat.sees("completed");
    assert!(site.log() == "a" && !seat.shown().contains("hunter22"), "{}", seat.shown());
    seat.types("exit");
}

#[test]
fn what_runs_stands_still_and_goes_on() {
    let site = Site::new("step \"A\" {\n  run sh work.sh\n  rollback none \"x\"\n}\n");
    site.write(
        "work.sh",
        "echo $$ > pid\nwhile test -e a.runbook -a ! -e go; do sleep 0.02; done\necho a >> log\n",
    );
    let mut seat = site.shell();
    seat.answers("READY> ", "bowline run --yes-to briefing a.runbook");
    let pid = site.pid("pid");
    seat.hits(CTRL_Z);
    seat.sees("Stopped");
    site.write("go", "");
    std::thread::sleep(std::time::Duration::from_millis(300));
    assert!(lives(pid) && site.log().is_empty(), "it stands still");
    seat.answers("READY> ", "fg");
    seat.sees("completed");
    assert_eq!(site.log(), "a");
}

#[test]
fn a_terminal_program_is_suspended_with_us() {
    let site = Site::new("step \"A\" terminal {\n  run sh work.sh\n  rollback none \"x\"\n}\n");
    site.write("work.sh", "echo $$ > pid\nread name\necho a $name >> log\n");
    let mut seat = site.shell();
    seat.answers("READY> ", "bowline run --yes-to briefing a.runbook");
    let pid = site.pid("pid");
    seat.waits_for_front(pid);
    seat.hits(CTRL_Z);
    seat.sees("Stopped");
    seat.answers("READY> ", "fg");
    seat.waits_for_front(pid);
    seat.types("ana");
    seat.sees("completed");
    assert_eq!(site.log(), "a ana");
}

/// A job in the background asks nobody for the terminal, at its end neither.
#[test]
fn a_run_in_the_background_ends_there() {
    let site = Site::new("step \"A\" {\n  run sh -c \"echo a >> log\"\n  rollback none \"x\"\n}\n");
    let mut seat = site.shell();
    seat.answers("READY> ", "bowline run --yes-to briefing a.runbook & wait $!; echo left with $?");
    seat.sees("left with 0\n");
    assert_eq!(site.log(), "a");
}
