//! `resume --due`: what waits for a time or a lock goes on by itself, once, and nothing else does.

use std::process::{Command, Stdio};

use super::site::Site;
use crate::said::said;
use crate::wait::until;

/// A run of these statements that waits for a time which comes soon, with no process.
fn waiting(site: &Site) -> String {
    let mut child = site.start(&[]);
    site.await_file("in");
    let run = site.latest();
    // The wait itself is in the record before the terminal goes away.
    until("the wait", || site.bowline(&["show", &run]).out.contains("from now: Pause"));
    let hung_up = Command::new("kill").args(["-HUP", &child.id().to_string()]).status().unwrap();
    assert!(hung_up.success());
    assert_eq!(child.wait().unwrap().code(), Some(5));
    run
}

/// Until the run's time has come.
fn come(site: &Site, run: &str) {
    let is_due = |line: &str| line.starts_with(run) && line.contains("due since");
    until("the time of the run", || site.bowline(&["runs"]).out.lines().any(is_due));
}

const PAUSES: &str = r#"
step "Before" {
  run touch in
  rollback {
    run sh -c "echo undone >> log"
  }
}

wait 4s "Pause"

step "After" {
  run sh -c "echo after >> log; exit $(cat code)"
  rollback none "only writes a line"
}
"#;

#[test]
fn a_run_whose_time_has_come_goes_on_once_however_many_look() {
    let site = Site::new(PAUSES);
    site.write("code", "0");
    let run = waiting(&site);
    come(&site, &run);
    let looks: Vec<_> = (0..3)
        .map(|_| {
            let mut command = site.command(&["resume", "--due"]);
            command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
        })
        .collect();
    for look in looks {
        let output = look.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{output:?}");
    }
    assert_eq!(site.lines("log"), ["after"]);
    let again = site.bowline(&["resume", "--due"]);
    assert_eq!((again.code, again.out.as_str()), (Some(0), "no run is due\n"));
}

/// Several runs and several who look at the same moment: each run is driven once, and whoever comes second says who drives it.
#[test]
fn several_due_runs_are_driven_once_each_however_many_look() {
    const RUNS: usize = 4;
    let exclusive = (0..RUNS).fold(String::new(), |all, at| all + &format!("exclusive \"lock {at}\"\n"));
    let site = Site::new(&(exclusive + "wait 72h \"Code freeze\""));
    assert_eq!(site.bowline(&["run", "a.runbook"]).code, Some(5));
    let holder = site.latest();
    let mut waiting = vec![];
    for at in 0..RUNS {
        let work = format!("run sh -c \"echo {at} >> log; sleep 0.3\"");
        let step = format!("step \"Work\" {{\n  {work}\n  rollback none \"x\"\n}}");
        site.runbook("b.runbook", &format!("exclusive \"lock {at}\"\n{step}"));
        assert_eq!(site.bowline(&["run", "b.runbook"]).code, Some(5));
        waiting.push(site.latest());
    }
    // All of them are due with the end of the one.
    assert_eq!(site.bowline(&["cancel", &holder]).code, Some(1));
    let looks: Vec<_> = (0..3)
        .map(|_| {
            let mut command = site.command(&["resume", "--due"]);
            command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
        })
        .collect();
    let mut driven = vec![];
    for look in looks {
        let output = look.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{output:?}");
        let told = String::from_utf8(output.stdout).unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        for run in waiting.iter().filter(|run| told.contains(&format!("{run}: exit code "))) {
            let own: Vec<&str> = said.lines().filter(|line| line.starts_with(&format!("[{run}] "))).collect();
            assert!(!own.is_empty(), "what became of {run} is said: {said}");
            driven.extend(own.iter().any(|line| line.ends_with(" completed")).then(|| run.clone()));
        }
    }
    driven.sort();
    waiting.sort();
    assert_eq!(driven, waiting, "each once");
    let mut log = site.lines("log");
    log.sort();
    assert_eq!(log, ["0", "1", "2", "3"]);
}

#[test]
fn what_became_of_each_run_is_said_and_the_worst_is_the_exit_code() {
    let site = Site::new(PAUSES);
    site.write("code", "3");
    let run = waiting(&site);
    come(&site, &run);
    let due = site.bowline(&["resume", "--due"]);
    assert_eq!(due.code, Some(1), "{due:?}");
    let begins = format!("{run}: Move the shop: resume: due since ");
    assert!(
        due.out.starts_with(&begins) && due.out.ends_with(&format!("{run}: exit code 1\n")),
        "{}",
        due.out
    );
    assert!(due.err.lines().all(|line| line.starts_with(&format!("[{run}] "))), "{}", due.err);
    assert_eq!(site.lines("log"), ["after", "undone"]);
}

#[test]
fn a_run_that_waits_for_a_lock_goes_on_once_that_is_free() {
    let site = Site::new("exclusive \"db\"\nwait 72h \"Code freeze\"");
    site.runbook(
        "b.runbook",
        "exclusive \"db\"\nstep \"Work\" {\n  run touch worked\n  rollback none \"x\"\n}",
    );
    assert_eq!(site.bowline(&["run", "a.runbook"]).code, Some(5));
    let holder = site.latest();
    assert_eq!(site.bowline(&["run", "b.runbook"]).code, Some(5));
    let waits = site.latest();
    let early = site.bowline(&["resume", "--due"]);
    assert_eq!((early.code, early.out.as_str()), (Some(0), "no run is due\n"));
    let alone = site.bowline(&["resume", &holder, "--due"]);
    assert_eq!((alone.code, alone.err.as_str()), (Some(0), format!("run {holder} is not due\n").as_str()));
    assert_eq!(site.bowline(&["cancel", &holder]).code, Some(1));
    let due = site.bowline(&["resume", "--due"]);
    assert_eq!(due.code, Some(0), "{due:?}");
    assert!(due.out.starts_with(&format!("{waits}: Move the shop: `db` is free\n")), "{}", due.out);
    assert!(site.path("worked").exists());
}

#[test]
fn what_waits_for_a_person_or_was_cut_off_is_left_alone() {
    let site = Site::new("confirm \"Go\"");
    assert_eq!(site.bowline(&["run", "a.runbook"]).code, Some(5));
    site.runbook(
        "a.runbook",
        "step \"Work\" {\n  run sh -c \"touch in; sleep 60\"\n  rollback none \"x\"\n}",
    );
    let mut child = site.start(&[]);
    site.await_file("in");
    child.kill().unwrap();
    child.wait().unwrap();
    let cut_off = site.latest();
    let due = said(&mut site.command(&["resume", "--due"]));
    assert_eq!((due.code, due.out.as_str()), (Some(0), "no run is due\n"));
    assert_eq!(
        due.err,
        format!("{cut_off} was cut off, not waiting: `bowline resume {cut_off}` takes it up\n")
    );
}

/// Processes that have this journal open.
fn with_it_open(site: &Site) -> usize {
    let journal = std::fs::canonicalize(site.path("journal")).unwrap();
    let fds = |entry: std::fs::DirEntry| std::fs::read_dir(entry.path().join("fd")).into_iter().flatten();
    let open = |entry: std::fs::DirEntry| {
        let mut files = fds(entry).flatten().filter_map(|fd| std::fs::read_link(fd.path()).ok());
        files.any(|file| file.starts_with(&journal))
    };
    std::fs::read_dir("/proc").unwrap().flatten().map(open).filter(|open| *open).count()
}

/// The machine goes down in the middle of a step, and comes up with another boot id and the same pids in use.
#[test]
fn days_cost_no_process_and_a_reboot_no_run() {
    let site = Site::new(
        "exclusive \"db\"\nwait 72h \"Code freeze\"\nstep \"After\" idempotent {\n  run sh -c \"echo after >> log; touch in; while test -e a.runbook -a ! -e up; do sleep 0.05; done\"\n  rollback none \"x\"\n}",
    );
    assert_eq!(site.bowline(&["run", "a.runbook"]).code, Some(5));
    let run = site.latest();
    assert_eq!(with_it_open(&site), 0, "nothing of it runs");
    let later = || {
        let mut command = site.other("faketime");
        command.args(["-f", "+73h", env!("CARGO_BIN_EXE_bowline"), "resume", "--due"]);
        command
    };
    let Ok(mut child) = later().stdout(Stdio::null()).stderr(Stdio::null()).spawn() else {
        eprintln!("SKIPPED: that days pass needs faketime (apt install faketime)");
        return;
    };
    site.await_file("in");
    let raw = rusqlite::Connection::open(site.path("journal/journal.db")).unwrap();
    let driver: i32 = raw.query_row("SELECT pid FROM leases", [], |row| row.get(0)).unwrap();
    let pid = rustix::process::Pid::from_raw(driver).unwrap();
    rustix::process::kill_process(pid, rustix::process::Signal::KILL).unwrap();
    // Nothing of it is left running after a reboot.
    site.write("up", "");
    child.wait().unwrap();
    // As after a reboot: whoever has that pid now, and lives, is not who drove the run.
    let own = std::process::id();
    raw.execute("UPDATE leases SET pid = ?1, boot = 'the boot before'", [own]).unwrap();
    drop(raw);
    let mut resume = site.other("faketime");
    resume.args(["-f", "+73h", env!("CARGO_BIN_EXE_bowline"), "resume", &run]);
    let resumed = said(&mut resume);
    assert_eq!(resumed.code, Some(0), "{resumed:?}");
    assert_eq!(site.lines("log"), ["after", "after"]);
}
