//! Pipelines, background children, children that slip away: stopping a step stops all that it started.

use rustix::process::{Pid, Signal};

use crate::processes::{ends, lives};
use crate::seat::{CTRL_C, Site};

/// How a shell's children slip away, and how many processes there are with the shell.
const ESCAPES: [(&str, usize); 6] = [
    ("sleep 300 | cat | cat\n", 4),
    ("sleep 300 & sleep 300 &\n", 3),
    ("setsid sleep 300 &\n", 2),
    ("env -i setsid sleep 300 &\n", 2),
    ("(env -i setsid sleep 300 > /dev/null 2>&1 &)\n", 2),
    ("env -i setsid sh -c 'sleep 300 & exec sleep 300' &\n", 3),
];

/// Ignores TERM, in a session of its own, with nothing in its environment, its parent gone.
const DEAF: &str = "(env -i setsid sh -c \"trap '' TERM; while test -e a.runbook; do sleep 0.2; done\" > /dev/null 2>&1 &)\n";

/// A step whose shell starts that and stays.
fn herd(escape: &str, options: &str) -> Site {
    let site = Site::new(&format!(
        "step \"B\" {options} {{\n  run sh herd.sh\n  rollback {{ run sh -c \"echo undo >> log\" }}\n}}\n"
    ));
    let stays = "echo $$ > began\nwhile test -e a.runbook -a ! -e go; do sleep 0.2; done\n";
    site.write("herd.sh", &format!("{escape}{stays}"));
    site
}

#[test]
fn the_second_signal_ends_whatever_slipped_away() {
    for (escape, count) in ESCAPES.iter().skip(1) {
        let site = herd(escape, "");
        let mut seat = site.sits(&["run", "a.runbook"]);
        let shell = site.pid("began");
        let at_work = || site.at_work(seat.pid()).into_iter().filter(|pid| *pid != shell).count();
        assert!(at_work() >= count - 1, "{escape}");
        for _ in 0..2 {
            seat.hits(CTRL_C);
            seat.sees("stop asked for by olga");
        }
        seat.sees("[1-3, and a note] ");
        assert_eq!(site.at_work(seat.pid()), Vec::<u32>::new(), "{escape}");
        seat.types("roll back");
        assert_eq!((seat.leaves(), site.log().as_str()), (Some(1), "undo"), "{escape}");
    }
}

#[test]
fn a_timeout_ends_whatever_slipped_away() {
    for (escape, _) in ESCAPES {
        let site = herd(escape, "timeout 2s");
        let output = site.alone(&["run", "a.runbook"]);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(said.contains("timed out after 2s"), "{escape}: {said}");
        assert_eq!(output.status.code(), Some(4), "{escape}: {said}");
        assert_eq!(site.at_work(0), Vec::<u32>::new(), "{escape}");
    }
}

#[test]
fn what_is_deaf_is_killed() {
    let site = herd(DEAF, "timeout 2s");
    let output = site.alone(&["run", "a.runbook"]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("did not end within 10s of TERM and was killed"), "{said}");
    assert_eq!(site.at_work(0), Vec::<u32>::new());
}

#[test]
fn the_third_signal_leaves_nothing_deaf_behind() {
    let site = herd(DEAF, "");
    let mut seat = site.sits(&["run", "a.runbook"]);
    site.pid("began");
    for _ in 0..3 {
        seat.hits(CTRL_C);
        seat.sees("stop asked for by olga");
    }
    assert_eq!(seat.leaves(), Some(5));
    site.works(0, 0);
}

/// A step may start a service; what runs on by itself is named, and left alone.
#[test]
fn what_runs_on_after_its_step_is_named() {
    let site = Site::new(
        "step \"Start\" {\n  run sh -c \"env -i setsid sh serve.sh > /dev/null 2>&1 & while ! test -s pid; do sleep 0.1; done\"\n  rollback none \"x\"\n}\nstep \"Next\" {\n  run sh -c \"echo next\"\n  rollback none \"x\"\n}\n",
    );
    site.write("serve.sh", "echo $$ > pid\nwhile test -e a.runbook; do sleep 0.2; done\n");
    let output = site.alone(&["run", "a.runbook"]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(0), "{said}");
    let pid = site.pid("pid");
    assert!(lives(pid), "it is left alone");
    let told = format!("Start: still running in the background: {pid} sh");
    assert_eq!(said.matches(&told).count(), 1, "once, by the step that started it: {said}");
    rustix::process::kill_process(Pid::from_raw(pid.cast_signed()).unwrap(), Signal::KILL).unwrap();
    ends(pid);
}

#[test]
fn what_outlived_a_crash_is_found_without_its_environment() {
    for escape in [ESCAPES[3].0, ESCAPES[4].0] {
        let site = herd(escape, "idempotent");
        let mut child = site.starts_alone(&["run", "a.runbook"]);
        let shell = site.pid("began");
        child.kill().unwrap();
        child.wait().unwrap();
        // The shell is told by the system that its parent has gone; what slipped away is not.
        ends(shell);
        assert!(!site.at_work(0).is_empty(), "{escape}");
        site.write("go", "");
        site.write("herd.sh", "true\n");
        let output = site.alone(&["resume", &site.run_id()]);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(said.contains("stopped what the crash had left running"), "{escape}: {said}");
        assert_eq!((output.status.code(), site.at_work(0)), (Some(0), vec![]), "{escape}: {said}");
    }
}
