//! Stopping what is no program: times, pauses, requests; stopping while undoing, and from another terminal.

use std::net::TcpListener;
use std::process::Child;

use rustix::process::{Pid, Signal};

use crate::processes::{ends, lives};
use crate::seat::{CTRL_C, CTRL_Z, Site};

const ASKED: &str = "\"cancel_requested\"";
const GONE: &str = "the terminal went away: what runs may end";

/// A step that is done, and then this.
fn behind(body: &str) -> Site {
    Site::new(&format!(
        "step \"A\" {{\n  run sh -c \"echo a >> log\"\n  rollback {{ run sh -c \"echo undo-a >> log\" }}\n}}\n{body}"
    ))
}

fn term(child: &Child) {
    rustix::process::kill_process(Pid::from_child(child), Signal::TERM).unwrap();
}

#[test]
fn the_first_ends_a_wait_and_a_pause_at_once() {
    let pause =
        "step \"B\" retry 3 every 10h {\n  run sh -c \"echo b >> log; exit 1\"\n  rollback none \"x\"\n}\n";
    for (body, began, log) in
        [("wait 72h \"Freeze\"\n", "\"began\"", "a undo-a"), (pause, "\"failed\"", "a b undo-a")]
    {
        let site = behind(body);
        let mut child = site.starts_alone(&["run", "a.runbook", "--stay"]);
        site.records(began, if began == "\"began\"" { 2 } else { 1 });
        term(&child);
        assert_eq!((child.wait().unwrap().code(), site.log().as_str()), (Some(1), log), "{body}");
    }
}

#[test]
fn the_second_takes_a_request_back_that_nobody_answers() {
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", silent.local_addr().unwrap());
    let site = behind(&format!(
        "step \"B\" {{\n  http POST \"{url}\"\n  rollback {{ run sh -c \"echo undo-b >> log\" }}\n}}\n"
    ));
    let mut child = site.starts_alone(&["run", "a.runbook"]);
    let connection = silent.accept().unwrap();
    term(&child);
    site.records(ASKED, 1);
    assert_eq!(child.try_wait().unwrap(), None, "the request may end");
    term(&child);
    assert_eq!(child.wait().unwrap().code(), Some(1));
    assert_eq!(site.log(), "a undo-b undo-a", "it may have been obeyed, and is undone");
    drop(connection);
}

/// A step that fails, behind two whose undo waits for a file `go`.
fn undoing() -> Site {
    let site = Site::new(
        "step \"A\" {\n  run true\n  rollback { run sh work.sh }\n}\nstep \"B\" {\n  run true\n  rollback { run sh work.sh }\n}\nstep \"C\" {\n  run false\n  rollback none \"x\"\n}\n",
    );
    site.write(
        "work.sh",
        "echo $$ > pid\nwhile test -e a.runbook -a ! -e go; do sleep 0.02; done\necho undo >> log\n",
    );
    site
}

#[test]
fn a_window_closed_while_undoing_lets_this_undo_end_and_resume_does_the_rest() {
    let site = undoing();
    let mut seat = site.sits(&["run", "a.runbook"]);
    seat.answers("? C\n", "roll back");
    let pid = site.pid("pid");
    seat.hangs_up();
    site.records(GONE, 1);
    assert!(lives(pid));
    site.write("go", "");
    assert_eq!((seat.leaves(), site.log().as_str()), (Some(5), "undo"));
    assert_eq!(site.alone(&["resume", &site.run_id()]).status.code(), Some(1));
    assert_eq!(site.log(), "undo undo", "each undo once");
}

#[test]
fn with_nobody_there_the_second_while_undoing_leaves_the_rest_to_resume() {
    let site = undoing();
    let mut child = site.starts_alone(&["run", "a.runbook"]);
    let pid = site.pid("pid");
    for times in [1, 2] {
        term(&child);
        site.records(ASKED, times);
    }
    site.write("go", "");
    assert_eq!((child.wait().unwrap().code(), site.log().as_str()), (Some(5), "undo"));
    ends(pid);
    assert_eq!(site.alone(&["resume", &site.run_id()]).status.code(), Some(1));
    assert_eq!(site.log(), "undo undo", "each undo once");
}

#[test]
fn a_run_is_stopped_from_another_terminal() {
    let site = behind("step \"B\" {\n  run sh work.sh\n  rollback none \"x\"\n}\n");
    site.write("work.sh", "echo $$ > pid\nwhile test -e a.runbook -a ! -e go; do sleep 0.02; done\n");
    let mut seat = site.sits(&["run", "a.runbook"]);
    let pid = site.pid("pid");
    let told = site.alone(&["cancel", &site.run_id()]);
    assert_eq!(told.status.code(), Some(0), "{told:?}");
    seat.sees("stop asked for");
    assert!(lives(pid), "what runs may end");
    site.write("go", "");
    seat.answers("[1-3, and a note] ", "roll back");
    assert_eq!((seat.leaves(), site.log().as_str()), (Some(1), "a undo-a"));
}

/// All of a pipeline and its background stand still, go on, and are stopped together.
#[test]
fn a_pipeline_is_suspended_whole() {
    let site = Site::new("step \"A\" {\n  run sh work.sh\n  rollback none \"x\"\n}\n");
    let beat = "while test -e a.runbook -a ! -e go; do echo beat >> NAME; sleep 0.02; done";
    let beats = ["one", "two", "three"].map(|name| format!("({})", beat.replace("NAME", name)));
    site.write("work.sh", &format!("{} &\n{} | {}\nwait\n", beats[0], beats[1], beats[2]));
    let mut seat = site.shell();
    seat.answers("READY> ", "bowline run a.runbook --yes-to briefing");
    for name in ["one", "two", "three"] {
        site.appears(name);
    }
    seat.hits(CTRL_Z);
    seat.sees("Stopped");
    let count = || ["one", "two", "three"].map(|name| site.read(name).len());
    let before = count();
    std::thread::sleep(std::time::Duration::from_millis(300));
    assert_eq!(count(), before, "they stand still");
    seat.answers("READY> ", "fg");
    for name in ["one", "two", "three"] {
        site.grows(name);
    }
    for _ in 0..2 {
        seat.hits(CTRL_C);
        seat.sees("stop asked for by olga");
    }
    seat.answers("[1-3, and a note] ", "leave");
    seat.sees("READY> ");
    seat.types("exit");
    site.works(seat.pid(), 0);
}
