//! The traps that bit others, each sprung on the real binary.
#![expect(
    clippy::unwrap_used,
    clippy::print_stderr,
    clippy::disallowed_methods,
    reason = "tests drive the real binary over real files"
)]

#[path = "support/folder.rs"]
mod folder;

use std::ops::Deref;
use std::process::{Command, Output, Stdio};

use folder::Folder;

/// A folder with a runbook.
struct Site(Folder);

impl Deref for Site {
    type Target = Folder;

    fn deref(&self) -> &Folder {
        &self.0
    }
}

impl Site {
    fn new(body: &str) -> Self {
        Self(Folder::with("t", body))
    }

    fn bowline(&self, args: &[&str]) -> Output {
        self.command(args).output().unwrap()
    }

    /// Runs it; exit code and talk.
    fn run(&self, args: &[&str]) -> (Option<i32>, String) {
        let output = self.bowline(&[&["run", "a.runbook"], args].concat());
        (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
    }

    /// Goes on with its one run.
    fn resume(&self, args: &[&str]) -> (Option<i32>, String) {
        let runs = String::from_utf8(self.bowline(&["runs"]).stdout).unwrap();
        let id = runs.split_whitespace().next().unwrap();
        let output = self.bowline(&[&["resume", id], args].concat());
        (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
    }

    /// The lines that effects wrote.
    fn log(&self) -> Vec<String> {
        let text = std::fs::read_to_string(self.path("log")).unwrap_or_default();
        text.lines().map(str::to_owned).collect()
    }
}

fn write(line: &str) -> String {
    format!("run sh -c \"echo {line} >> log\"")
}

#[test]
fn a_step_that_never_ran_is_not_rolled_back() {
    let step = |name: &str, end: &str| {
        format!(
            "step \"{name}\" {{\n  {}\n  run {end}\n  rollback {{ {} }}\n}}\n",
            write(name),
            write(&format!("undo-{name}"))
        )
    };
    let skipped = step("b", "true").replace("step \"b\"", "step \"b\" if 1 == 2");
    let site = Site::new(&[step("a", "true"), skipped, step("c", "false"), step("d", "true")].concat());
    let (code, said) = site.run(&[]);
    assert_eq!((code, site.log().join(" ").as_str()), (Some(1), "a c undo-c undo-a"), "{said}");
}

#[test]
fn a_failing_handler_starts_no_rollback_and_changes_no_end() {
    let site = Site::new(&format!(
        "step \"a\" {{\n  {}\n  rollback {{ {} }}\n}}\nafter success {{\n  look run false\n}}\nafter run {{\n  look {}\n}}\n",
        write("a"),
        write("undo-a"),
        write("last")
    ));
    let (code, said) = site.run(&[]);
    assert_eq!((code, site.log().join(" ").as_str()), (Some(0), "a last"), "{said}");
}

#[test]
fn retries_used_up_are_a_failure() {
    let site = Site::new(&format!(
        "step \"a\" retry 2 every 10ms {{\n  run sh -c \"echo try >> log; exit 1\"\n  rollback {{ {} }}\n}}\nstep \"b\" {{\n  {}\n  rollback none \"x\"\n}}\n",
        write("undo"),
        write("b")
    ));
    let (code, said) = site.run(&[]);
    assert_eq!((code, site.log().join(" ").as_str()), (Some(1), "try try try undo"), "{said}");
}

#[test]
fn a_condition_that_no_longer_holds_hides_no_rollback() {
    let site = Site::new(&format!(
        "let at = look run sh -c \"test -e gone && echo no || echo yes\"\n\
         step \"a\" if at == \"yes\" {{\n  {}\n  run touch gone\n  rollback {{ {} }}\n}}\n\
         step \"b\" {{\n  if at == \"yes\" {{ {} }}\n  run touch gone\n  rollback {{ {} }}\n}}\n\
         step \"c\" {{\n  run false\n  rollback none \"x\"\n}}\n",
        write("a"),
        write("undo-a"),
        write("b"),
        write("undo-b")
    ));
    let (code, said) = site.run(&[]);
    assert_eq!((code, site.log().join(" ").as_str()), (Some(1), "a b undo-b undo-a"), "{said}");
}

#[test]
fn an_answer_serves_one_question_only() {
    let site = Site::new("phase \"P\" {\n  confirm \"Ready\"\n}\nphase \"Q\" {\n  confirm \"Ready\"\n}\n");
    site.write("answers.toml", "[\"P\".\"Ready\"]\nanswer = true\n");
    let (code, said) = site.run(&["--answers", "answers.toml"]);
    assert_eq!(code, Some(5), "the second question is open: {said}");
    let run = String::from_utf8(site.bowline(&["runs"]).stdout).unwrap();
    let run = run.split_whitespace().next().unwrap().to_owned();
    let again = site.bowline(&["resume", &run, "--answers", "answers.toml"]);
    assert_eq!(again.status.code(), Some(5), "an answer once used answers nothing after a resume");
}

#[test]
fn a_repeated_question_is_not_answered_by_the_first_answer() {
    let site = Site::new("repeat \"R\" at most 2 {\n  confirm \"Ready\"\n} until 1 == 2\n");
    site.write("answers.toml", "[\"R\".\"Ready\"]\nanswer = true\n[\"Ready\"]\nanswer = true\n");
    let (code, said) = site.run(&["--answers", "answers.toml"]);
    assert_eq!(code, Some(5), "the second turn asks anew: {said}");
    let shown = String::from_utf8(site.bowline(&["show", "--format", "events"]).stdout).unwrap();
    assert_eq!(shown.matches("\"outcome\":\"done\"").count(), 1, "the first turn was answered: {shown}");
}

#[test]
fn an_answer_is_used_once_across_resumes() {
    let site = Site::new(
        "repeat \"R\" at most 2 {\n  step \"Look\" { confirm \"Ready\"; run sh -c \"echo turn >> log\"; rollback none \"x\" }\n} until 1 == 2\n",
    );
    let table = "[[\"R\".\"Look\".\"Ready\"]]\nanswer = true\n";
    site.write("answers.toml", table);
    assert_eq!(site.run(&["--answers", "answers.toml"]).0, Some(5));
    let (code, said) = site.resume(&["--answers", "answers.toml"]);
    assert_eq!((code, site.log().join(" ").as_str()), (Some(5), "turn"), "{said}");
    assert!(said.contains("answers.toml:2: R › Look › Ready: the run has used this answer before"), "{said}");
    site.write("answers.toml", &table.repeat(2));
    let (code, said) = site.resume(&["--answers", "answers.toml"]);
    assert_eq!((code, site.log().join(" ").as_str()), (Some(1), "turn turn"), "{said}");
}

#[test]
fn a_choice_is_used_once_across_resumes() {
    let site = Site::new(&format!(
        "step \"a\" {{\n  {}\n  run false\n  rollback {{ {} }}\n}}\n",
        write("a"),
        write("undo")
    ));
    site.write("answers.toml", "[a]\non_failure = [\"retry\", \"leave\"]\n");
    assert_eq!(site.run(&["--answers", "answers.toml"]).0, Some(5));
    let before = site.log().len();
    let (code, said) = site.resume(&["--answers", "answers.toml"]);
    assert_eq!(
        (code, site.log().len(), site.log().last().unwrap().as_str()),
        (Some(1), before + 1, "undo"),
        "{said}"
    );
}

/// What a manual asks is answered by its whole way down; a shorter one, and what is no answer, fails nothing.
#[test]
fn a_way_down_that_is_too_short_is_told_and_fails_nothing() {
    let site = Site::new("phase \"Patch\" {\n  manual \"Reboot local\" { rollback none \"x\" }\n}\n");
    let run = |text: &str, verb: &str| {
        site.write("answers.toml", text);
        match verb {
            "run" => site.run(&["--answers", "answers.toml"]),
            _ => site.resume(&["--answers", "answers.toml"]),
        }
    };
    let (code, said) = run("[\"Reboot local\"]\nanswer = \"done\"\n", "run");
    assert_eq!(code, Some(5), "{said}");
    assert!(said.contains("answers.toml:2: Reboot local: the way down to the question is longer; did you mean [\"Patch\".\"Reboot local\"]?"), "{said}");
    let (code, said) = run("[\"Patch\".\"Reboot local\"]\nanswer = \"perhaps\"\n", "resume");
    assert_eq!(code, Some(5), "{said}");
    assert!(said.contains("answers.toml:2: Patch › Reboot local: the answer must be true or"), "{said}");
    let (code, said) = run("[\"Patch\".\"Reboot local\"]\nanswer = \"done\"\n", "resume");
    assert_eq!(code, Some(0), "{said}");
}

/// Only a person's no fails an approval; a file with a slip in it answers nothing.
#[test]
fn an_approval_that_does_not_fit_fails_nothing() {
    let site = Site::new(&format!(
        "step \"a\" {{\n  {}\n  rollback {{ {} }}\n}}\napproval \"Go\" need 2 from \"ops\"\n",
        write("a"),
        write("undo-a")
    ));
    site.write("bowline.toml", "approvals = \"unsigned\"\n[groups]\nops = [\"ana\", \"bo\"]\n");
    let run = |approve: &str, verb: &str| {
        site.write("answers.toml", &format!("[\"Go\"]\napprove = {approve}\n"));
        match verb {
            "run" => site.run(&["--answers", "answers.toml"]),
            _ => site.resume(&["--answers", "answers.toml"]),
        }
    };
    for (approve, why, verb) in [
        ("[\"ana\", \"zoe\"]", "answers.toml:2: Go: zoe is not in ops", "run"),
        ("[\"ana\"]", "answers.toml:2: Go: it names 1 person; needed are 2 from ops", "resume"),
    ] {
        let (code, said) = run(approve, verb);
        assert_eq!((code, site.log().join(" ").as_str()), (Some(5), "a"), "{said}");
        assert!(said.contains(why), "{said}");
    }
    let (code, said) = run("[\"ana\", \"bo\"]", "resume");
    assert_eq!((code, site.log().join(" ").as_str()), (Some(0), "a"), "{said}");
}

/// A gate that was settled in time is not failed by its time running out later.
#[test]
fn the_timer_of_a_settled_approval_is_dead() {
    let site = Site::new(&format!(
        "approval \"Go\" need 1 from \"ops\" within 1s self approval\nstep \"a\" {{\n  run sleep 1.5\n  {}\n  rollback none \"x\"\n}}\nwait 100ms \"after\"\n",
        write("a")
    ));
    site.write("answers.toml", "[\"Go\"]\napprove = [\"ana\"]\n");
    site.write("bowline.toml", "approvals = \"unsigned\"\n[groups]\nops = [\"ana\"]\n");
    let (code, said) = site.run(&["--answers", "answers.toml"]);
    assert_eq!((code, site.log().join(" ").as_str()), (Some(0), "a"), "{said}");
}

#[test]
fn output_beyond_the_pipe_buffer_is_kept_whole() {
    let program = "import sys; [s.write('x' * 999999 + chr(10)) for s in (sys.stdout, sys.stderr)]";
    let site = Site::new(&format!(
        "step \"a\" {{\n  let out: text = run python3 -c \"{program}\"\n  let n: int = run wc -c {{\n    stdin out\n  }}\n  expect n == 999999\n  rollback none \"x\"\n}}\n"
    ));
    let (code, said) = site.run(&[]);
    assert_eq!(code, Some(0), "{}", said.chars().take(600).collect::<String>());
}

/// Looking at a runbook starts no program and opens no socket: under a trace of both there is nothing.
#[test]
fn plan_check_and_fmt_start_nothing() {
    let probe =
        Command::new("strace").args(["-qq", "-o", "/dev/null", "true"]).stderr(Stdio::null()).status();
    if !probe.is_ok_and(|status| status.success()) {
        eprintln!("SKIPPED: the trace of what plan starts needs `strace` and the right to trace");
        return;
    }
    let site = Site::new(
        "input now: text from command \"date\"\nlet x = look run touch ran\nstep \"a\" {\n  http GET \"http://127.0.0.1:9/{now}\"\n  run touch ran\n  log \"{x}\"\n  rollback none \"x\"\n}\n",
    );
    for word in ["plan", "check", "fmt"] {
        let trace = site.path("trace");
        let mut command = Command::new("strace");
        command.args(["-f", "-qq", "-e", "trace=process,network", "-o"]).arg(&trace);
        command.arg(env!("CARGO_BIN_EXE_bowline")).args([word, "a.runbook"]).current_dir(site.root());
        let output = command.stdin(Stdio::null()).output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{word}: {}", String::from_utf8_lossy(&output.stderr));
        let trace = std::fs::read_to_string(trace).unwrap();
        let calls: Vec<&str> =
            trace.lines().filter_map(|line| line.split_once(' ')).map(|(_, call)| call.trim()).collect();
        let started = calls.iter().filter(|call| call.starts_with("execve(")).count();
        assert_eq!(started, 1, "{word} starts itself only: {trace}");
        let threads = |call: &&str| call.contains("CLONE_THREAD") || call.contains("resumed");
        let others = |call: &&&str| (call.starts_with("clone") || call.contains("fork(")) && !threads(call);
        assert_eq!(calls.iter().filter(others).count(), 0, "{word} makes no process: {trace}");
        assert!(
            !calls.iter().any(|call| call.starts_with("socket(") || call.starts_with("connect(")),
            "{word}: {trace}"
        );
    }
    assert!(!site.path("ran").exists() && !site.path("journal").exists());
}

#[test]
fn a_look_that_hangs_ends_with_the_time_of_its_check() {
    let site =
        Site::new("check \"C\" within 1s every 100ms {\n  run sh -c \"echo $$ > pid; exec sleep 600\"\n}\n");
    let (code, told) = site.run(&[]);
    assert_eq!(code, Some(5), "no answer holds: {told}");
    assert!(told.contains("C: no answer: timed out after "), "{told}");
    let pid = std::fs::read_to_string(site.path("pid")).unwrap();
    assert!(!std::path::Path::new("/proc").join(pid.trim()).exists(), "{told}");
}

#[test]
fn the_end_names_what_failed_and_not_a_handler_that_failed_alike() {
    let site = Site::new(
        "step \"A\" {\n  run false\n  rollback none \"x\"\n}\nafter failure { look run false }\nafter run { look run false }\n",
    );
    let (code, told) = site.run(&[]);
    assert_eq!(code, Some(1), "{told}");
    assert!(told.contains("because    \"A\": exit code 1"), "{told}");
}

#[test]
fn steps_whose_titles_come_out_alike_are_settled_one_by_one() {
    let site = Site::new(
        "input k: text\nparallel {\n  step \"A {k}\" timeout 1s { run sh -c \"exec sleep 600\" }\n  step \"A x\" timeout 1s { run sh -c \"exec sleep 601\" }\n}\n",
    );
    let (code, told) = site.run(&["-i", "k=x"]);
    assert_eq!(code, Some(4), "{told}");
    assert!(told.contains("--at \"A x\": ") && told.contains("--at \"A x (2)\": "), "{told}");
    let runs = String::from_utf8(site.bowline(&["runs"]).stdout).unwrap();
    let id = runs.split_whitespace().next().unwrap();
    let settled = site.bowline(&["settle", id, "--at", "A x (2)", "--done", "seen", "--no-resume"]);
    let told = String::from_utf8_lossy(&settled.stderr).into_owned();
    assert_eq!(settled.status.code(), Some(0), "{told}");
    assert!(told.contains("sleep 600") && !told.contains("sleep 601"), "{told}");
    let (code, told) = site.resume(&["--on-failure", "hold"]);
    assert_eq!(code, Some(4), "the other one is still in doubt: {told}");
}
