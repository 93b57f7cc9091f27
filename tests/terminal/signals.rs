//! Stopping a run: Ctrl-C once, twice, three times; TERM; a window that is closed. Nothing is left alive.

use rustix::process::Signal;

use crate::processes::{ends, lives};
use crate::seat::{CTRL_C, Seat, Site, before, noticed};

/// What the journal says of a wish to stop, and of a terminal that went away.
const ASKED: &str = "\"cancel_requested\"";
const GONE: &str = "the terminal went away: what runs may end";

/// A step that was done; then one that works until there is a file `go`, with a child of its own; then another.
/// What works does as `trap` says when it is told to end.
fn working(trap: &str) -> Site {
    let site = Site::new(
        "step \"A\" {\n  run sh -c \"echo a >> log\"\n  rollback { run sh -c \"echo undo-a >> log\" }\n}\nstep \"B\" {\n  run sh work.sh\n  rollback { run sh -c \"echo undo-b >> log\" }\n}\nstep \"C\" {\n  run sh -c \"echo c >> log\"\n  rollback none \"x\"\n}\n",
    );
    let child = format!("{trap}\necho $$ > child\nwhile test -e a.runbook -a ! -e go; do sleep 0.02; done\n");
    site.write("child.sh", &child);
    site.write(
        "work.sh",
        &format!("{trap}\nsh child.sh &\necho $$ > parent\nwait $!\nwait $!\necho b >> log\n"),
    );
    site
}

/// The pids of what works, once it does.
fn at_work(site: &Site) -> [u32; 2] {
    [site.pid("parent"), site.pid("child")]
}

fn started(site: &Site) -> (Seat, [u32; 2]) {
    let seat = site.sits(&["run", "a.runbook"]);
    (seat, at_work(site))
}

#[test]
fn the_first_lets_the_effect_end_and_asks() {
    let site = working("");
    let (mut seat, pids) = started(&site);
    seat.hits(CTRL_C);
    seat.sees("stop asked for by olga");
    assert!(pids.into_iter().all(lives), "what runs may end");
    site.write("go", "");
    seat.sees("Rolling back would undo, in this order:\n    - B\n    - A\n");
    seat.answers("[1-3, and a note] ", "roll back");
    assert_eq!((seat.leaves(), site.log().as_str()), (Some(1), "a b undo-b undo-a"), "nothing new started");
    pids.into_iter().for_each(ends);
}

#[test]
fn after_the_first_one_may_go_on_or_leave() {
    for (choice, exit, log) in [("go on", 0, "a b c"), ("leave", 5, "a b")] {
        let site = working("");
        let (mut seat, _) = started(&site);
        seat.hits(CTRL_C);
        seat.sees("stop asked for");
        site.write("go", "");
        seat.answers("[1-3, and a note] ", choice);
        if choice == "go on" {
            seat.answers("Why?", "it was the wrong window");
        }
        assert_eq!((seat.leaves(), site.log().as_str()), (Some(exit), log));
    }
}

#[test]
fn the_second_ends_the_effect_with_all_its_processes() {
    let site = working("");
    let (mut seat, pids) = started(&site);
    seat.hits(CTRL_C);
    seat.sees("stop asked for by olga");
    seat.hits(CTRL_C);
    seat.sees("[1-3, and a note] ");
    pids.into_iter().for_each(ends);
    seat.types("roll back");
    assert_eq!((seat.leaves(), site.log().as_str()), (Some(1), "a undo-b undo-a"));
}

#[test]
fn the_third_leaves_at_once_and_leaves_nothing_alive() {
    let site = working("trap '' TERM INT HUP");
    let (mut seat, pids) = started(&site);
    let found = before(&seat.modes());
    for _ in 0..3 {
        seat.hits(CTRL_C);
        seat.sees("stop asked for by olga");
    }
    assert_eq!((seat.leaves(), noticed(&seat.modes())), (Some(5), found));
    pids.into_iter().for_each(ends);
    site.write("go", "");
    let mut seat = site.sits(&["resume", &site.run_id()]);
    seat.answers("? B\n", "roll back");
    assert_eq!((seat.leaves(), site.log().as_str()), (Some(1), "a undo-b undo-a"));
}

#[test]
fn at_a_question_it_is_taken_back_and_the_run_asks_what_now() {
    let site = Site::new(
        "step \"A\" {\n  run sh -c \"echo a >> log\"\n  rollback { run sh -c \"echo undo >> log\" }\n}\nask token: secret \"Token\"\n",
    );
    let mut seat = site.sits(&["run", "a.runbook"]);
    seat.sees("token (not shown): ");
    seat.waits_for_echo(false);
    seat.hits(CTRL_C);
    seat.sees("(no longer asked)");
    seat.sees("Token: the question is no longer open");
    assert!(!seat.shown().contains("outcome unknown"), "{}", seat.shown());
    seat.sees("[1-3, and a note] ");
    assert!(seat.echoes());
    seat.types("2");
    assert_eq!((seat.leaves(), site.log().as_str()), (Some(1), "a undo"));
}

#[test]
fn while_undoing_the_first_is_shielded() {
    let site = Site::new(
        "step \"A\" {\n  run sh -c \"echo a >> log\"\n  rollback { run sh work.sh }\n}\nstep \"B\" {\n  run false\n  rollback none \"x\"\n}\n",
    );
    site.write(
        "work.sh",
        "echo $$ > parent\nwhile test -e a.runbook -a ! -e go; do sleep 0.02; done\necho undo >> log\n",
    );
    let mut seat = site.sits(&["run", "a.runbook"]);
    seat.answers("? B\n", "roll back");
    let pid = site.pid("parent");
    seat.hits(CTRL_C);
    seat.sees("stop asked for by olga");
    assert!(lives(pid));
    site.write("go", "");
    assert_eq!((seat.leaves(), site.log().as_str()), (Some(1), "a undo"));
}

#[test]
fn with_nobody_there_term_rolls_back_or_holds() {
    for (policy, exit, log) in [("rollback", 1, "a b undo-b undo-a"), ("hold", 5, "a b")] {
        let site = working("");
        let mut child = site.starts_alone(&["run", "a.runbook", "--on-failure", policy]);
        let pids = at_work(&site);
        rustix::process::kill_process(rustix::process::Pid::from_child(&child), Signal::TERM).unwrap();
        site.records(ASKED, 1);
        site.write("go", "");
        assert_eq!((child.wait().unwrap().code(), site.log().as_str()), (Some(exit), log), "{policy}");
        pids.into_iter().for_each(ends);
    }
}

#[test]
fn a_closed_window_lets_the_effect_end_and_undoes_nothing() {
    let site = working("");
    let (mut seat, pids) = started(&site);
    seat.hangs_up();
    site.records(GONE, 1);
    assert!(pids.into_iter().all(lives), "what runs may end");
    site.write("go", "");
    assert_eq!((seat.leaves(), site.log().as_str()), (Some(5), "a b"));
    pids.into_iter().for_each(ends);
    let mut seat = site.sits(&["resume", &site.run_id()]);
    assert_eq!((seat.leaves(), site.log().as_str()), (Some(0), "a b c"));
}

#[test]
fn what_runs_on_behind_a_closed_window_can_be_stopped() {
    let site = working("");
    let (mut seat, pids) = started(&site);
    seat.hangs_up();
    site.records(GONE, 1);
    seat.signal(Signal::TERM);
    site.records(ASKED, 1);
    assert!(pids.into_iter().all(lives));
    seat.signal(Signal::TERM);
    assert_eq!((seat.leaves(), site.log().as_str()), (Some(5), "a"));
    pids.into_iter().for_each(ends);
}

#[test]
fn a_window_closed_at_a_question_leaves_the_run_waiting() {
    let site = Site::new("confirm \"Ready\"\n");
    let mut seat = site.sits(&["run", "a.runbook"]);
    seat.sees("? Ready");
    seat.hangs_up();
    assert_eq!(seat.leaves(), Some(5));
    let mut seat = site.sits(&["resume", &site.run_id()]);
    seat.answers("? Ready", "yes");
    assert_eq!(seat.leaves(), Some(0));
}

#[test]
fn what_was_told_to_outlive_its_window_does() {
    let site = working("");
    let mut seat = site.sits_with("HUP", &["run", "a.runbook"]);
    let pids = at_work(&site);
    seat.hangs_up();
    std::thread::sleep(std::time::Duration::from_millis(200));
    site.write("go", "");
    assert_eq!((seat.leaves(), site.log().as_str()), (Some(0), "a b c"), "as with nohup");
    pids.into_iter().for_each(ends);
}

#[test]
fn who_starts_it_may_ignore_the_ends_of_children() {
    let site = Site::new("step \"A\" {\n  run sh -c \"echo a >> log\"\n  rollback none \"x\"\n}\n");
    let mut seat = site.sits_with("CHLD", &["run", "a.runbook"]);
    assert_eq!((seat.leaves(), site.log().as_str()), (Some(0), "a"), "its status is known");
}

/// What reads from behind where TTIN is ignored gets an error, and goes on without an answer.
#[test]
fn a_program_on_the_terminal_is_in_front_before_it_reads() {
    let site = Site::new(
        "step \"A\" terminal {\n  run sh -c \"read name; echo $name >> log\"\n  rollback none \"x\"\n}\n",
    );
    let mut seat = site.sits_with("TTIN", &["run", "a.runbook"]);
    seat.sees("it has the terminal");
    seat.types("ana");
    assert_eq!((seat.leaves(), site.log().as_str()), (Some(0), "ana"));
}

#[test]
fn while_undoing_the_second_asks_after_this_undo_and_the_third_leaves_at_once() {
    for (times, done) in [(2, "a undo"), (3, "a")] {
        let site = Site::new(
            "step \"A\" {\n  run sh -c \"echo a >> log\"\n  rollback { run sh work.sh }\n}\nstep \"B\" {\n  run true\n  rollback { run sh work.sh }\n}\nstep \"C\" {\n  run false\n  rollback none \"x\"\n}\n",
        );
        site.write(
            "work.sh",
            "echo $$ > parent\nwhile test -e a.runbook -a ! -e go; do sleep 0.02; done\necho undo >> log\n",
        );
        let mut seat = site.sits(&["run", "a.runbook"]);
        seat.answers("? C\n", "roll back");
        let pid = site.pid("parent");
        for _ in 0..2 {
            assert!(lives(pid));
            seat.hits(CTRL_C);
            seat.sees("stop asked for by olga");
        }
        assert!(seat.shown().contains("the undoing goes on"), "{}", seat.shown());
        assert!(!seat.shown().contains("? stopped while undoing"), "it is on: {}", seat.shown());
        if times == 2 {
            site.write("go", "");
            seat.sees("? stopped while undoing");
            // What is typed before it stands there is dropped.
            seat.sees("[1-2, and a note] ");
            seat.types("leave");
        } else {
            seat.hits(CTRL_C);
            seat.sees("stop asked for by olga");
        }
        assert_eq!((seat.leaves(), site.log().as_str()), (Some(5), done));
        ends(pid);
        site.write("go", "");
        assert_eq!(site.alone(&["resume", &site.run_id()]).status.code(), Some(1));
        assert_eq!(site.log(), "a undo undo", "each undo once");
    }
}

#[test]
fn what_failed_beside_something_that_may_end_is_not_told_as_tried_again() {
    let site = Site::new(
        "parallel {\n  step \"Slow\" {\n    run sh work.sh\n    rollback none \"x\"\n  }\n  step \"Quick\" {\n    run sh -c \"exit 3\"\n    rollback none \"x\"\n  }\n}\n",
    );
    site.write("work.sh", "echo $$ > parent\nwhile test -e a.runbook -a ! -e go; do sleep 0.02; done\n");
    let mut seat = site.sits(&["run", "a.runbook"]);
    seat.sees("[1-5, and a note] ");
    let pid = site.pid("parent");
    seat.hits(CTRL_C);
    seat.sees("stop asked for by olga");
    // The foot is drawn again and again meanwhile.
    (0..3).for_each(|_| seat.sees("0 of 2 steps"));
    assert!(!seat.shown().contains("tried again"), "{}", seat.shown());
    site.write("go", "");
    seat.sees("exit code 3");
    seat.types("leave");
    assert_eq!(seat.leaves(), Some(5));
    ends(pid);
}

#[test]
fn in_a_handler_the_second_ends_it_and_changes_no_end() {
    let site = Site::new(
        "step \"A\" {\n  run sh -c \"echo a >> log\"\n  rollback { run sh -c \"echo undo >> log\" }\n}\nafter success { look run sh work.sh }\nafter run { look run sh -c \"echo last >> log\" }\n",
    );
    site.write(
        "work.sh",
        "echo told >> log\necho $$ > parent\nwhile test -e a.runbook; do sleep 0.02; done\n",
    );
    let mut seat = site.sits(&["run", "a.runbook"]);
    let pid = site.pid("parent");
    seat.hits(CTRL_C);
    seat.sees("stop asked for by olga: it comes too late for handlers, which go on; once more ends the one");
    assert!(lives(pid));
    seat.hits(CTRL_C);
    seat.sees("stop asked for by olga: the handler that runs is being stopped, the rest is passed over");
    assert_eq!(
        (seat.leaves(), site.log().as_str()),
        (Some(0), "a told"),
        "each began once, and the last did not"
    );
    ends(pid);
}
