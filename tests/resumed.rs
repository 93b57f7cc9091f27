//! What a run keeps when another process takes it up: its plan, its `PATH`, its policy; and what it must not outlive.
#![expect(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "tests drive the real binary over real files"
)]

#[path = "support/folder.rs"]
mod folder;
#[path = "support/wait.rs"]
mod wait;

use std::ops::Deref;
use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Output, Stdio};

use folder::Folder;
use wait::until;

/// A folder with `a.runbook`, and two folders of programs of the same name.
struct Site(Folder);

impl Deref for Site {
    type Target = Folder;

    fn deref(&self) -> &Folder {
        &self.0
    }
}

impl Site {
    fn new(runbook: &str) -> Self {
        let site = Self(Folder::with("A", runbook));
        for name in ["p1", "p2"] {
            std::fs::create_dir(site.path(name)).unwrap();
            let tool = site.path(name).join("tool");
            std::fs::write(&tool, format!("#!/bin/sh\necho {name} $1 >> log\n")).unwrap();
            std::fs::set_permissions(tool, std::fs::Permissions::from_mode(0o755)).unwrap();
        }
        site
    }

    fn bowline(&self, words: &[&str], programs: &str) -> Command {
        let mut command = self.command(words);
        command.env("PATH", format!("{}:/usr/bin:/bin", self.path(programs).display()));
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    fn done(&self, words: &[&str]) -> Output {
        self.bowline(words, "p1").output().unwrap()
    }

    /// Runs until the log holds this line, then kills bowline alone; gives the id of the run.
    fn killed_at(&self, line: &str) -> String {
        let mut child = self.bowline(&["run", "a.runbook"], "p1").spawn().unwrap();
        until(line, || self.log().iter().any(|logged| logged == line));
        child.kill().unwrap();
        child.wait().unwrap();
        self.runs()[0]["id"].as_str().unwrap().to_owned()
    }

    /// Whether some process works in the folder.
    fn is_at_work(&self) -> bool {
        let folder = self.root().canonicalize().unwrap();
        let processes = std::fs::read_dir("/proc").unwrap().flatten();
        let mut folders = processes.filter_map(|process| std::fs::read_link(process.path().join("cwd")).ok());
        folders.any(|place| place == folder)
    }

    fn runs(&self) -> Vec<serde_json::Value> {
        let runs = self.done(&["runs", "--format", "json"]).stdout;
        let lines = runs.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
        lines.map(|line| serde_json::from_slice(line).unwrap()).collect()
    }

    fn log(&self) -> Vec<String> {
        let text = std::fs::read_to_string(self.path("log")).unwrap_or_default();
        text.lines().map(str::to_owned).collect()
    }
}

fn told(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

const SLOW: &str = "
step \"A\" idempotent { run tool a; rollback { run tool back } }
step \"B\" idempotent { run sh -c \"echo slow >> log; sleep 1\"; rollback none \"nothing\" }
fail \"enough\"
";

#[test]
fn programs_are_found_where_the_run_was_started() {
    let site = Site::new(SLOW);
    let run = site.killed_at("slow");
    let output = site.bowline(&["resume", &run], "p2").output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{}", told(&output));
    assert!(told(&output).contains("PATH is another one now"), "{}", told(&output));
    assert_eq!(site.log().last().unwrap(), "p1 back");
}

#[test]
fn a_changed_runbook_is_told_and_not_used() {
    let site = Site::new(SLOW);
    let run = site.killed_at("slow");
    site.write("a.runbook", "runbook \"Other\" 2.0.0\n");
    let output = site.done(&["resume", &run]);
    assert_eq!(output.status.code(), Some(1), "{}", told(&output));
    assert!(told(&output).contains("`a.runbook` has changed"), "{}", told(&output));
    assert_eq!(site.log().last().unwrap(), "p1 back");
}

#[test]
fn what_outlived_a_crash_is_dead_before_anything_is_settled() {
    let orphan = "(trap '' TERM; sleep 3; echo late >> log) & echo slow >> log; wait";
    let site =
        Site::new(&format!("step \"A\" {{ run setsid sh -c \"{orphan}\"; rollback {{ run tool back }} }}\n"));
    let run = site.killed_at("slow");
    let output = site.done(&["settle", &run, "--rollback", "--no-resume"]);
    assert_eq!(output.status.code(), Some(0), "{}", told(&output));
    assert_eq!(site.done(&["resume", &run]).status.code(), Some(1));
    assert_eq!(site.log().last().unwrap(), "p1 back");
    assert!(!site.is_at_work(), "nothing comes later");
}

#[test]
fn a_journal_that_was_removed_stops_the_run() {
    let site = Site::new(
        "step \"A\" { run rm -rf journal; rollback none \"gone\" }\nstep \"B\" { run tool b; rollback none \"x\" }\n",
    );
    let output = site.done(&["run", "a.runbook"]);
    assert_eq!(output.status.code(), Some(70), "{}", told(&output));
    assert!(told(&output).contains("was removed or replaced"), "{}", told(&output));
    assert!(site.log().is_empty(), "{:?}", site.log());
}

#[test]
fn a_run_that_holds_goes_on_holding() {
    let site = Site::new(
        "step \"A\" { run tool a; rollback { run tool back } }\nstep \"B\" { run false; rollback none \"x\" }\n",
    );
    assert_eq!(site.done(&["run", "a.runbook", "--on-failure", "hold"]).status.code(), Some(5));
    let runs = site.runs();
    let run = runs[0]["id"].as_str().unwrap();
    let output = site.done(&["settle", run, "--give-up", "no"]);
    assert_eq!(output.status.code(), Some(2), "{}", told(&output));
    let open =
        "`--give-up WHY` does not settle \"B\" now; it takes --again, --done WHY, --skip WHY or --rollback";
    assert!(told(&output).contains(open), "{}", told(&output));
    for words in [["settle", run, "--again"].as_slice(), &["resume", run]] {
        let output = site.done(words);
        assert_eq!(output.status.code(), Some(5), "{}", told(&output));
        let report = "waits for a decision about what failed:\n  --at \"B\": exit code 1; it was: false\n\
                      still owed, in this order:\n  rollback of \"A\": tool back\n";
        assert!(told(&output).contains(report), "{}", told(&output));
        assert!(told(&output).contains("--again, --done WHY, --skip WHY or --rollback"), "{}", told(&output));
    }
    assert_eq!(site.log(), ["p1 a"]);
    assert_eq!(site.done(&["resume", run, "--on-failure", "rollback"]).status.code(), Some(1));
    assert_eq!(site.log(), ["p1 a", "p1 back"]);
}

#[test]
fn work_done_by_hand_is_undone_like_any_other() {
    let site = Site::new("step \"A\" { run no-such-program; rollback { run tool back } }\nfail \"enough\"\n");
    std::fs::write(
        site.path("answers.toml"),
        "[A]\non_failure = \"by hand\"\nnote = \"with the other tool\"\n",
    )
    .unwrap();
    let output = site.done(&["run", "a.runbook", "--answers", "answers.toml"]);
    assert_eq!(output.status.code(), Some(1), "{}", told(&output));
    assert_eq!(site.log(), ["p1 back"], "{}", told(&output));
}

#[test]
fn lines_that_end_as_on_windows_are_lines() {
    let site = Site::new("step \"A\" {\r\n  ```sh\r\n  tool a\r\n  ```\r\n  rollback none \"x\"\r\n}\r\n");
    let output = site.done(&["run", "a.runbook"]);
    assert_eq!(output.status.code(), Some(0), "{}", told(&output));
    assert_eq!(site.log(), ["p1 a"]);
}

#[test]
fn a_stored_plan_that_was_changed_is_not_carried_out() {
    let site = Site::new(SLOW);
    let run = site.killed_at("slow");
    let database = rusqlite::Connection::open(site.path("journal").join("journal.db")).unwrap();
    let changed =
        database.execute("UPDATE runs SET plan = replace(plan, '\"back\"', '\"other\"')", []).unwrap();
    assert_eq!(changed, 1);
    drop(database);
    for words in [vec!["resume", &run], vec!["cancel", &run], vec!["settle", &run, "--rollback"]] {
        let output = site.done(&words);
        assert_eq!(output.status.code(), Some(70), "{}", told(&output));
        assert!(told(&output).contains("is not the one that it was started with"), "{}", told(&output));
    }
    assert_eq!(site.log().last().unwrap(), "slow");
}

#[test]
fn two_calls_of_one_runbook_have_an_address_each() {
    let site = Site::new("call \"./part.runbook\" (name: \"x\")\ncall \"./part.runbook\" (name: \"y\")\n");
    let part = "runbook \"Part\" 1.0.0\ninput name: text\nstep \"A\" { run tool {name}; rollback { run tool back } }\n";
    let lost = "step \"B\" timeout 100ms { run sh -c \"echo slow >> log; sleep 9\"; rollback none \"x\" }\n";
    std::fs::write(site.path("part.runbook"), format!("{part}{lost}")).unwrap();
    let stuck = site.done(&["run", "a.runbook"]);
    assert_eq!(stuck.status.code(), Some(4), "{}", told(&stuck));
    assert!(told(&stuck).contains("--at \"Part / B\""), "{}", told(&stuck));
    let run = site.runs()[0]["id"].as_str().unwrap().to_owned();
    let settled = site.done(&["settle", &run, "--at", "Part / B", "--done", "looked"]);
    assert_eq!(settled.status.code(), Some(4), "{}", told(&settled));
    assert!(told(&settled).contains("--at \"Part (2) / B\""), "{}", told(&settled));
    let settled = site.done(&["settle", &run, "--at", "Part (2) / B", "--rollback"]);
    assert_eq!(settled.status.code(), Some(1), "{}", told(&settled));
    assert_eq!(site.log(), ["p1 x", "slow", "p1 y", "slow", "p1 back", "p1 back"]);
}
