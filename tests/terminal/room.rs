//! A disk that is full, a file that may not grow: nothing starts that is not recorded, and there is a way on.

use std::process::{Command, Output};

use crate::seat::Site;

/// Steps, each of which may be done again.
const STEPS: usize = 200;

fn steps() -> Site {
    let step = |number: usize| {
        format!(
            "step \"S{number}\" idempotent {{\n  run sh -c \"echo {number} >> log\"\n  rollback none \"x\"\n}}\n"
        )
    };
    Site::new(&(1..=STEPS).map(step).collect::<String>())
}

/// What the steps wrote, in order.
fn written(site: &Site) -> Vec<usize> {
    site.log().split_whitespace().map(|number| number.parse().unwrap()).collect()
}

/// The run had to stop for want of room: in the middle, with nothing done that was not begun in the journal.
fn stopped(site: &Site, output: &Output, why: &str) {
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(70), "{said}");
    assert!(said.contains("the journal cannot be written") && said.contains(why), "{said}");
    assert!(said.contains(&format!("; then go on with `bowline resume {}`", site.run_id())), "{said}");
    let done = written(site);
    assert!((1..STEPS).contains(&done.len()), "{done:?}: {said}");
}

/// With room again it goes on where it stopped; only the step whose end could not be recorded is done again.
fn goes_on(site: &Site) {
    let events = String::from_utf8(site.alone(&["show", "--format", "events"]).stdout).unwrap();
    let began = events.matches("\"began\"").count();
    assert!(began >= written(site).len(), "{began} were begun: {:?}", written(site));
    let output = site.alone(&["resume", &site.run_id()]);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let mut done = written(site);
    assert!(done.len() <= STEPS + 1, "{done:?}");
    done.dedup();
    assert_eq!(done, (1..=STEPS).collect::<Vec<_>>());
}

#[test]
fn a_journal_that_may_not_grow_stops_the_run_and_resume_goes_on() {
    let site = steps();
    let run = format!("ulimit -f 512; exec '{}' run a.runbook", env!("CARGO_BIN_EXE_bowline"));
    let output = site.other(&["bash", "-c", &run]);
    stopped(&site, &output, "disk");
    goes_on(&site);
}

/// A small disk of its own; gone when dropped.
struct Disk(std::path::PathBuf);

impl Disk {
    /// `None` where the system does not let us; that is said.
    fn of(site: &Site, room: &str) -> Option<Self> {
        let folder = site.path("journal");
        std::fs::create_dir(&folder).unwrap();
        let options = format!("size={room},mode=0700");
        let mount =
            Command::new("mount").args(["-t", "tmpfs", "-o", &options, "tmpfs"]).arg(&folder).output();
        let done = mount.is_ok_and(|output| output.status.success());
        if !done {
            skipped("a disk that is full: mount needs the right to (as root)");
        }
        done.then_some(Self(folder))
    }

    fn grow(&self) {
        let grown = Command::new("mount").args(["-o", "remount,size=64m"]).arg(&self.0).status().unwrap();
        assert!(grown.success());
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").args(["-l"]).arg(&self.0).status();
    }
}

#[expect(clippy::print_stderr, reason = "what is skipped is said")]
pub(crate) fn skipped(what: &str) {
    eprintln!("skipped: {what}");
}

#[test]
fn a_full_disk_stops_the_run_and_resume_goes_on() {
    let site = steps();
    let Some(disk) = Disk::of(&site, "700k") else { return };
    stopped(&site, &site.alone(&["run", "a.runbook"]), "database or disk is full");
    disk.grow();
    goes_on(&site);
}

/// A disk without any room is named by every command, and harms nothing that is on it.
#[test]
fn without_any_room_each_command_says_so_and_all_is_as_it_was_once_there_is_some() {
    let site = Site::new(
        "step \"A\" {\n  run sh -c \"echo a >> log\"\n  rollback { run sh -c \"echo undo >> log\" }\n}\nstep \"B\" {\n  run false\n  rollback none \"x\"\n}\n",
    );
    let Some(disk) = Disk::of(&site, "1m") else { return };
    assert_eq!(site.alone(&["run", "a.runbook", "--on-failure", "hold"]).status.code(), Some(5));
    let run = site.run_id();
    let shown = site.alone(&["show", &run]).stdout;
    // Until nothing more goes in.
    let filler = disk.0.join("filler");
    let _ = std::fs::write(&filler, vec![b'x'; 2 << 20]);
    for command in [
        &["run", "a.runbook"] as &[&str],
        &["runs"],
        &["show", &run],
        &["resume", &run],
        &["settle", &run, "--again"],
        &["cancel", &run],
        &["resume", "--due"],
        &["prune", "--keep", "0"],
    ] {
        let output = site.alone(command);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(70), "{command:?}: {said}");
        assert!(said.contains("its disk is full: make room there"), "{command:?}: {said}");
    }
    assert_eq!(site.log(), "a", "nothing was run");
    std::fs::remove_file(filler).unwrap();
    assert_eq!(site.alone(&["show", &run]).stdout, shown);
    let output = site.alone(&["settle", &run, "--rollback"]);
    assert_eq!((output.status.code(), site.log().as_str()), (Some(1), "a undo"), "{output:?}");
}

/// What runs side by side with what could not be recorded is stopped with the run.
#[test]
fn nothing_runs_on_when_the_journal_cannot_be_written() {
    let chatter = "  for n in [NUMBERS] {\n    step \"S{n}\" idempotent { run sh -c \"echo {n} >> log\"; rollback none \"x\" }\n  }\n";
    let numbers: Vec<String> = (1..=STEPS).map(|number| number.to_string()).collect();
    let body = format!(
        "parallel {{\n  step \"Long\" idempotent {{ run sh long.sh; rollback none \"x\" }}\n{}}}\n",
        chatter
            .replace("NUMBERS", &numbers.join(", "))
            .replace("sh -c \"echo {n} >> log\"", "sh note.sh {n}")
    );
    let site = Site::new(&body);
    site.write("note.sh", "echo $1 >> log\n");
    site.write("long.sh", "sleep 300 & while test -e a.runbook; do sleep 0.1; done\n");
    let run = format!("ulimit -f 512; exec '{}' run a.runbook", env!("CARGO_BIN_EXE_bowline"));
    let output = site.other(&["bash", "-c", &run]);
    stopped(&site, &output, "disk");
    site.works(0, 0);
}

/// What a program prints beyond the room there is is dropped, and said; its end stays known.
#[test]
fn an_output_that_finds_no_room_is_kept_as_far_as_it_goes() {
    let site = Site::new(
        "step \"Print\" {\n  run sh -c \"yes 0123456789abcde | head -c 2000000; exit 3\" {\n    expect exit in [3]\n  }\n  run sh -c \"yes 0123456789abcde | head -c 2000000; exit 1\"\n  rollback none \"prints\"\n}\n",
    );
    let run = format!("ulimit -f 600; exec '{}' run a.runbook", env!("CARGO_BIN_EXE_bowline"));
    let output = site.other(&["bash", "-c", &run]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("the output could not be kept whole"), "{said}");
    let folder = site.path("journal/runs").join(site.run_id()).join("outputs");
    let events = String::from_utf8(site.alone(&["show", "--format", "events"]).stdout).unwrap();
    for entry in std::fs::read_dir(folder).unwrap() {
        let length = entry.unwrap().metadata().unwrap().len();
        assert!(events.contains(&format!("\"bytes\":{length}")), "{length}: {events}");
    }
}
