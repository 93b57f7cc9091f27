//! Tests of the module around.

use std::time::Instant;

use rustix::process::Signal;

use super::kin::{Kin, Mark};
use super::*;
use crate::event::Process;
use crate::run::{ArgText, Capture, Captured, Failure, ProgramReply, Reply, Report};

/// The processes of one test, with a folder of their own.
struct Bench {
    folder: tempfile::TempDir,
    programs: Programs,
    run: String,
    lines: Vec<String>,
    spawned: Option<Process>,
    notes: Vec<String>,
}

fn text(clear: &str) -> ArgText {
    ArgText::plain(clear)
}

fn program(words: &[&str]) -> Program {
    Program { capture: Capture::Value, ..Program::of(words.iter().copied()) }
}

fn sh(script: &str) -> Program {
    program(&["sh", "-c", script])
}

impl Bench {
    fn new() -> Self {
        Self::masking(&Mask::default(), Duration::from_secs(10))
    }

    fn patient(grace: Duration) -> Self {
        Self::masking(&Mask::default(), grace)
    }

    fn masking(mask: &Mask, grace: Duration) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let run = format!("t{}", folder.path().file_name().unwrap().to_string_lossy());
        let around = Surroundings::inherit(
            &run,
            folder.path(),
            &crate::host::search_path(),
            &["CARGO_PKG_NAME".into()],
        );
        let outputs = folder.path().join("outputs");
        let setup = Setup { around, outputs, grace, mask: mask.clone() };
        let programs = Programs::new(setup).unwrap();
        Self { folder, programs, run, lines: vec![], spawned: None, notes: vec![] }
    }

    fn start(&mut self, program: Program, timeout: Option<Duration>) {
        self.programs.start(Job {
            effect: EffectId(7),
            address: "a/step".into(),
            timeout,
            program,
            aim: None,
        });
    }

    /// Drives the programs until they report something.
    fn report(&mut self) -> Report {
        loop {
            if let Some(report) = self.programs.report() {
                return report;
            }
            let due = self.programs.due().map(|due| due.saturating_duration_since(Instant::now()));
            let due = due.and_then(|due| rustix::event::Timespec::try_from(due).ok());
            let events = self.programs.events();
            let mut polled = [rustix::event::PollFd::from_borrowed_fd(events, rustix::event::PollFlags::IN)];
            let _ = rustix::event::poll(&mut polled, due.as_ref());
            self.programs.turn();
        }
    }

    fn reply(&mut self) -> Reply {
        loop {
            match self.report() {
                Report::Reply { reply, .. } => return reply,
                Report::Line { line, .. } => self.lines.push(line),
                Report::Spawned { pid, started, boot, .. } => {
                    self.spawned = Some(Process { pid, started, boot });
                }
                Report::Note(note) => self.notes.push(note),
                other => panic!("{other:?}"),
            }
        }
    }

    fn run(&mut self, program: Program) -> ProgramReply {
        self.start(program, None);
        match self.reply() {
            Reply::Program(reply) => reply,
            other => panic!("{other:?}"),
        }
    }

    fn fails(&mut self, program: Program, timeout: Option<Duration>) -> (Failure, String) {
        self.start(program, timeout);
        match self.reply() {
            Reply::Failed { failure, message, .. } => (failure, message),
            other => panic!("{other:?}"),
        }
    }

    fn wait_for_line(&mut self, wanted: &str) {
        while self.spawned.is_none() || !self.lines.iter().any(|line| line == wanted) {
            match self.report() {
                Report::Line { line, .. } => self.lines.push(line),
                Report::Spawned { pid, started, boot, .. } => {
                    self.spawned = Some(Process { pid, started, boot });
                }
                other => panic!("{other:?}"),
            }
        }
    }

    fn kin(&self) -> Kin {
        Kin { mark: Mark::new(&self.run, EffectId(7)), group: None, since: 0 }
    }

    fn spawned_pid(&self) -> u32 {
        self.spawned.as_ref().unwrap().pid
    }

    fn kept(&self, reply: &ProgramReply) -> Vec<u8> {
        let output = reply.output.as_ref().unwrap();
        let bytes = std::fs::read(self.folder.path().join("outputs").join(&output.file)).unwrap();
        assert_eq!(bytes.len() as u64, output.bytes);
        bytes
    }
}

/// Longer than this nobody waits; the machine may be busy.
const PATIENCE: Duration = Duration::from_secs(30);

/// Waits until there is something.
fn eventually<T>(mut look: impl FnMut() -> Option<T>) -> T {
    let end = Instant::now() + PATIENCE;
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(Instant::now() < end, "it did not come");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// Waits until a process has ended.
fn gone(pid: u32) -> bool {
    eventually(|| group::Stat::of(pid).is_none_or(|stat| stat.state == 'Z').then_some(true))
}

#[test]
fn a_program_that_prints_nothing_leaves_no_file() {
    let mut bench = Bench::new();
    let reply = bench.run(program(&["true"]));
    assert_eq!((reply.exit, reply.stdout.text(), reply.tail.as_str()), (0, Some(""), ""));
    assert_eq!(reply.output, None);
    assert!(!bench.folder.path().join("outputs").exists());
}

#[test]
fn words_arrive_exactly() {
    let words = [
        "with space",
        "quote ' \" `",
        "line\nbreak",
        "$(touch pwned) $HOME",
        "-rf",
        "--",
        "*",
        "",
        "\\",
        "é \u{1F600}",
    ];
    let mut line = vec!["printf", "<%s>"];
    line.extend(words);
    let mut bench = Bench::new();
    let reply = bench.run(program(&line));
    let expected = format!("<{}>", words.join("><"));
    assert_eq!(reply.stdout.text().unwrap(), expected);
    assert!(!bench.folder.path().join("pwned").exists());
}

#[test]
fn the_environment_is_ours_less_what_is_hidden() {
    let mut bench = Bench::new();
    let mut program =
        sh("echo $BOWLINE_RUN/$BOWLINE_STEP/$BOWLINE_EFFECT/$ADDED/${CARGO_PKG_NAME-none}/$TRACEPARENT; env");
    program.env.push(("ADDED".into(), text("a b")));
    let reply = bench.run(program);
    let stdout = reply.stdout.text().unwrap();
    let start = format!("{}/a/step/7/a b/none/00-", bench.run);
    assert!(stdout.starts_with(&start), "{stdout}");
    assert!(stdout.contains("\nPATH="));
}

#[test]
fn the_working_folder_is_relative_to_the_runs() {
    let mut bench = Bench::new();
    std::fs::create_dir(bench.folder.path().join("in side")).unwrap();
    let mut program = program(&["pwd"]);
    program.dir = Some("in side".into());
    assert!(bench.run(program).stdout.text().unwrap().ends_with("/in side\n"));
}

#[test]
fn exit_codes_and_signals_are_told() {
    let mut bench = Bench::new();
    assert_eq!(bench.run(sh("exit 3")).exit, 3);
    let reply = bench.run(sh("kill -9 $$"));
    assert_eq!(reply.exit, 137);
    assert!(reply.tail.contains("ended by signal 9"), "{}", reply.tail);
}

#[test]
fn what_cannot_start_says_so() {
    let mut bench = Bench::new();
    let cases: [(&[&str], &str); 4] = [
        (&["no-such-program-here"], "no program `no-such-program-here` in PATH"),
        (&["./no-such-file"], "no program `./no-such-file`"),
        (&["/etc/passwd"], "may not be executed"),
        (&[""], "the command is empty"),
    ];
    for (words, expected) in cases {
        let (failure, message) = bench.fails(program(words), None);
        assert_eq!(failure, Failure::NotStarted);
        assert!(message.contains(expected), "{message}");
    }
    let mut elsewhere = program(&["true"]);
    elsewhere.dir = Some("no/such".into());
    let (failure, message) = bench.fails(elsewhere, None);
    assert_eq!(failure, Failure::NotStarted);
    assert!(message.contains("working folder"), "{message}");
    let (failure, message) = bench.fails(program(&["true", "a\0b"]), None);
    assert_eq!(failure, Failure::NotStarted);
    assert!(message.contains("word 2"), "{message}");
}

#[test]
fn a_file_without_interpreter_line_is_no_program() {
    use std::os::unix::fs::PermissionsExt;
    let mut bench = Bench::new();
    let file = bench.folder.path().join("plain");
    std::fs::write(&file, "echo no\n").unwrap();
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o755)).unwrap();
    let (failure, message) = bench.fails(program(&["./plain"]), None);
    assert_eq!(failure, Failure::NotStarted);
    assert!(message.contains("#!"), "{message}");
}

#[test]
fn both_streams_may_exceed_the_pipes_at_once() {
    let mut bench = Bench::new();
    let reply = bench.run(sh("(yes out | head -c 3000000)& (yes err | head -c 3000000 >&2); wait"));
    assert_eq!(reply.exit, 0);
    assert_eq!(reply.stdout.text().unwrap().len(), 3_000_000);
    assert_eq!(reply.stderr.text().unwrap().len(), 3_000_000);
    assert_eq!(bench.kept(&reply).len(), 6_000_000);
}

#[test]
fn a_value_over_the_bound_is_no_value_but_is_kept() {
    let mut bench = Bench::new();
    let reply = bench.run(sh("head -c 4194305 /dev/zero; echo small >&2"));
    assert_eq!(reply.stdout, Captured::NotKept);
    assert_eq!(reply.stderr.text(), Some("small\n"));
    assert_eq!(bench.kept(&reply).len(), 4_194_311);
}

#[test]
fn invalid_utf8_is_kept_and_is_no_text() {
    let mut bench = Bench::new();
    let reply = bench.run(sh(r"printf 'a\377b\n'"));
    assert_eq!(reply.stdout, Captured::NotText(1));
    assert_eq!(reply.tail, "a\u{fffd}b");
    assert_eq!(bench.kept(&reply), b"a\xffb\n");
}

#[test]
fn standard_input_is_empty_unless_given() {
    let mut bench = Bench::new();
    assert_eq!(bench.run(program(&["wc", "-c"])).stdout.text().unwrap().trim(), "0");
}

#[test]
fn standard_input_may_exceed_the_pipe_in_both_directions() {
    let mut bench = Bench::new();
    let mut program = program(&["cat"]);
    program.stdin = Some(text(&"0123456789".repeat(100_000)));
    assert_eq!(bench.run(program).stdout.text().unwrap().len(), 1_000_000);
}

#[test]
fn a_program_may_leave_its_input_unread() {
    let mut bench = Bench::new();
    let mut program = program(&["true"]);
    program.stdin = Some(text(&"x".repeat(1_000_000)));
    assert_eq!(bench.run(program).exit, 0);
}

#[test]
fn a_background_child_that_holds_the_pipe_does_not_hang() {
    let mut bench = Bench::new();
    let reply = bench.run(sh("sleep 300 & echo $!"));
    let pid: u32 = reply.stdout.text().unwrap().trim().parse().unwrap();
    assert!(reply.tail.contains(&format!("still running in the background: {pid} sleep")), "{}", reply.tail);
    group::signal_each(&[group::Stat::of(pid).unwrap()], Signal::KILL);
}

#[test]
fn a_background_child_may_print_on() {
    let mut bench = Bench::new();
    let script = "(trap 'echo pipe > died' PIPE; sleep 0.5; echo late; echo done > marker) & echo now";
    assert_eq!(bench.run(sh(script)).stdout.text().unwrap(), "now\n");
    eventually(|| bench.folder.path().join("marker").exists().then_some(()));
    assert!(!bench.folder.path().join("died").exists());
}

#[test]
fn a_program_has_no_terminal() {
    let mut bench = Bench::new();
    assert_ne!(bench.run(sh("exec 2>/dev/null; read x < /dev/tty")).exit, 0);
}

#[test]
fn a_timeout_ends_the_whole_group() {
    let mut bench = Bench::new();
    let (failure, message) = bench.fails(sh("sleep 30 & sleep 30"), Some(Duration::from_millis(100)));
    assert_eq!(failure, Failure::TimedOut);
    assert!(message.contains("timed out after 100ms"), "{message}");
    assert!(message.contains("ended on TERM"), "{message}");
    assert!(gone(bench.spawned_pid()));
}

#[test]
fn what_ignores_term_is_killed_after_the_grace() {
    let mut bench = Bench::patient(Duration::from_millis(200));
    bench.start(sh("trap '' TERM; echo ready; while :; do sleep 0.05; done"), None);
    bench.wait_for_line("ready");
    bench.programs.stop(EffectId(7));
    let Reply::Failed { failure, message, tail, .. } = bench.reply() else { panic!() };
    assert_eq!((failure, tail.as_str()), (Failure::Stopped, "ready"));
    assert!(message.contains("did not end within 200ms of TERM and was killed"), "{message}");
    assert!(gone(bench.spawned_pid()));
}

/// What a shell starts, and how it slips away: each ends `; wait`, so that the shell stays.
const ESCAPES: [&str; 6] = [
    "setsid sleep 300 &",
    "env -i setsid sleep 300 &",
    "(env -i setsid sleep 300 >/dev/null 2>&1 &)",
    "env -i setsid sh -c 'sleep 300 & exec sleep 300' & sleep 300 &",
    "env -i setsid sh -c \"trap '' TERM; while :; do sleep 0.1; done\" &",
    "sleep 300 | cat | env -i setsid cat &",
];

#[test]
fn whatever_slips_away_is_stopped_too() {
    for escape in ESCAPES {
        let mut bench = Bench::patient(Duration::from_secs(1));
        bench.start(sh(&format!("{escape}\necho ready; wait; sleep 300")), None);
        bench.wait_for_line("ready");
        let first = bench.spawned_pid();
        let kin = bench.kin();
        let escaped =
            eventually(|| Some(kin.living()).filter(|kin| kin.iter().any(|stat| stat.group != first)));
        bench.programs.stop(EffectId(7));
        let Reply::Failed { failure: Failure::Stopped, message, .. } = bench.reply() else {
            panic!("{escape}")
        };
        assert!(!message.contains("still alive"), "{escape}: {message}");
        assert!(kin.living().is_empty(), "{escape}: {:?}", kin.living());
        assert!(escaped.iter().all(|stat| gone(stat.pid)), "{escape}");
    }
}

#[test]
fn what_a_timeout_ends_ends_with_all_that_slipped_away() {
    let mut bench = Bench::patient(Duration::from_secs(1));
    bench.start(
        sh("(env -i setsid sleep 300 >/dev/null 2>&1 &); sleep 300"),
        Some(Duration::from_millis(500)),
    );
    assert!(matches!(bench.reply(), Reply::Failed { failure: Failure::TimedOut, .. }));
    assert_eq!(bench.kin().living(), []);
}

#[test]
fn what_left_its_session_and_runs_on_is_told() {
    let mut bench = Bench::new();
    let reply = bench.run(sh("env -i setsid sleep 300 >/dev/null 2>&1 & sleep 0.3"));
    let kin = bench.kin();
    let [left] = kin.living().try_into().unwrap();
    let told = format!("still running in the background: {} sleep", left.pid);
    assert!(reply.tail.contains(&told), "{}", reply.tail);
    assert_eq!(bench.notes, [format!("a/step: {told}")]);
    kin.signal(Signal::KILL);
    assert!(gone(left.pid));
}

/// Whoever waits for a child of his own finds it, and nothing that was adopted is left unreaped.
#[test]
fn orphans_are_reaped_and_nobody_elses_children() {
    let mut own = std::process::Command::new("true").spawn().unwrap();
    let mut bench = Bench::new();
    bench.run(sh("(sleep 0.1 &) & (setsid sleep 0.1 &); sleep 0.3"));
    eventually(|| {
        bench.programs.reap();
        let all = group::everyone().filter_map(group::Stat::of);
        let mut ours = all.filter(|stat| stat.state == 'Z' && kin::is_of_run(&bench.run, stat.pid));
        ours.next().is_none().then_some(())
    });
    assert!(own.wait().unwrap().success());
}

/// A program on the terminal looks like an orphan of the run, and its own thread waits for it.
#[test]
fn what_is_awaited_elsewhere_is_not_reaped() {
    let bench = Bench::new();
    for awaited in [true, false] {
        let mut child = std::process::Command::new("true").spawn().unwrap();
        let pid = rustix::process::Pid::from_child(&child);
        if awaited {
            bench.programs.awaited().list().push(pid);
        }
        let kind = rustix::process::Resource::Rttime;
        let maximum = rustix::process::getrlimit(kind).maximum;
        let limit = rustix::process::Rlimit { current: Some(bench.kin().mark.limit()), maximum };
        rustix::process::prlimit(Some(pid), kind, limit).unwrap();
        eventually(|| gone(child.id()).then_some(()));
        bench.programs.reap();
        assert_eq!(child.wait().is_ok_and(|status| status.success()), awaited);
        bench.programs.awaited().list().clear();
    }
}

#[test]
fn a_program_whose_status_somebody_else_took_is_lost_and_does_not_hang() {
    let mut bench = Bench::new();
    bench.start(program(&["true"]), None);
    let options = rustix::process::WaitOptions::empty();
    let pid = bench.programs.pids().next();
    rustix::process::waitpid(pid, options).unwrap();
    let reply = bench.reply();
    assert!(matches!(reply, Reply::Failed { failure: Failure::Lost, .. }), "{reply:?}");
}

#[test]
fn secrets_do_not_reach_file_tail_or_screen() {
    let mask = Mask::default();
    mask.learn(["s3cr3t-token"]);
    let mut bench = Bench::masking(&mask, Duration::from_secs(1));
    let reply = bench
        .run(sh("printf 'a s3cr3t'; sleep 0.05; printf -- '-token b\\n'; printf s3cr3t-token | base64 >&2"));
    assert_eq!(reply.stdout.text(), Some("a s3cr3t-token b\n"));
    let kept = String::from_utf8(bench.kept(&reply)).unwrap();
    for shown in [&kept, &reply.tail, &bench.lines.join("\n")] {
        assert!(!shown.contains("s3cr3t") && !shown.contains("czNjcjN0"), "{shown}");
    }
    assert!(kept.contains("a *** b"), "{kept}");
}

#[test]
fn a_script_is_a_private_file_that_is_removed() {
    let mut bench = Bench::new();
    let mut program = program(&["sh", "-eu"]);
    program.script = Some("stat -c %a \"$0\"; echo \"$0\"; echo \"$VALUE\"\n".into());
    program.env.push(("VALUE".into(), text("$(id) 'x'")));
    let reply = bench.run(program);
    let stdout = reply.stdout.text().unwrap();
    let lines: Vec<_> = stdout.lines().collect();
    assert_eq!((lines[0], lines[2]), ("600", "$(id) 'x'"));
    assert!(!std::path::Path::new(lines[1]).parent().unwrap().exists());
}

#[test]
fn suspended_programs_stand_still() {
    let mut bench = Bench::new();
    bench.start(sh("echo ready; exec sleep 30"), None);
    bench.wait_for_line("ready");
    let pid = bench.spawned_pid();
    let in_state =
        |wanted: char| eventually(|| (group::Stat::of(pid).unwrap().state == wanted).then_some(()));
    bench.programs.suspend();
    in_state('T');
    bench.programs.resume();
    in_state('S');
    bench.programs.stop(EffectId(7));
    bench.reply();
}

#[test]
fn dropping_the_host_ends_its_programs() {
    let mut bench = Bench::new();
    bench.start(sh("echo ready; exec sleep 30"), None);
    bench.wait_for_line("ready");
    let pid = bench.spawned_pid();
    drop(bench);
    assert!(gone(pid));
}

#[test]
fn what_outlived_a_crash_is_found_and_killed() {
    let mut bench = Bench::new();
    let reply = bench.run(sh("setsid sleep 31 >/dev/null 2>&1 & sleep 32 >/dev/null 2>&1 & echo done"));
    assert_eq!(reply.exit, 0);
    let recorded = Recorded { run: bench.run.clone(), effect: EffectId(7), child: bench.spawned.clone() };
    let found = find_left_over(&recorded, PATIENCE);
    let LeftOver::Killed(names) = found else { panic!("{found:?}") };
    assert_eq!(names.split(", ").count(), 2, "{names}");
    assert_eq!(find_left_over(&recorded, PATIENCE), LeftOver::Nothing);
}

#[test]
fn a_pid_of_another_boot_or_start_is_not_ours() {
    let pid = std::process::id();
    let us = Process { pid, started: group::started(pid), boot: "another boot".into() };
    let recorded = Recorded { run: "none".into(), effect: EffectId(1), child: Some(us) };
    assert_eq!(find_left_over(&recorded, Duration::ZERO), LeftOver::Nothing);
}

#[test]
fn many_programs_run_side_by_side() {
    let mut bench = Bench::new();
    let all_there = "echo >> there; while test $(wc -l < there) -lt 50; do sleep 0.1; done; echo x";
    for effect in 0..50 {
        let program = sh(all_there);
        bench.programs.start(Job {
            effect: EffectId(effect),
            address: String::new(),
            timeout: None,
            program,
            aim: None,
        });
    }
    for _ in 0..50 {
        assert!(matches!(bench.reply(), Reply::Program(ProgramReply { exit: 0, .. })));
    }
}
