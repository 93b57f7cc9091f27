//! A step with `terminal` gets the real one: run below a pseudo-terminal of Python's.
#![expect(clippy::unwrap_used, clippy::disallowed_methods, reason = "tests")]

use std::process::Command;

use bowline::event::{Actor, EffectId};
use bowline::host::mask::Mask;
use bowline::host::{Channels, LocalHost, LocalSetup};
use bowline::plan::Class;
use bowline::run::{ArgText, Host, Program, Reply, Report, Request, Work};

/// Set in the process below the terminal.
const BELOW: &str = "BOWLINE_TEST_BELOW_TERMINAL";

/// Starts this test again below a terminal, types into it and prints what it shows.
const DRIVER: &str = r"
import os, pty, sys, time
pid, fd = pty.fork()
if pid == 0:
    os.environ['BOWLINE_TEST_BELOW_TERMINAL'] = '1'
    os.execv(sys.argv[1], sys.argv[1:])
shown = b''
typed = False
while True:
    try:
        part = os.read(fd, 4096)
    except OSError:
        break
    if not part:
        break
    shown += part
    if b'name?' in shown and not typed:
        typed = True
        os.write(fd, b'ana\n')
sys.stdout.buffer.write(shown)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
";

#[test]
fn a_terminal_program_reads_what_is_typed() {
    if std::env::var_os(BELOW).is_some() {
        return below();
    }
    let us = std::env::current_exe().unwrap();
    let arguments = ["a_terminal_program_reads_what_is_typed", "--exact", "--nocapture"];
    let run = Command::new("python3").args(["-c", DRIVER]).arg(us).args(arguments).output().unwrap();
    let shown = String::from_utf8_lossy(&run.stdout);
    assert!(run.status.success(), "{shown}");
    assert!(shown.contains("hello ana"), "{shown}");
}

/// Inside: the program is in the foreground, and afterwards we are again.
fn below() {
    let dir = tempfile::tempdir().unwrap();
    let script = "printf 'name? '; read name < /dev/tty; echo hello $name; exit 4";
    let words = ["sh", "-c", script];
    let words = words.map(|word| ArgText { clear: word.into(), secret: false }).to_vec();
    let program =
        Program { words, script: None, env: vec![], dir: None, stdin: None, terminal: true, capture: false };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let mut host = LocalHost::new(setup(dir.path())).unwrap();
        let request = Request::Program(program);
        host.start(Work {
            effect: EffectId(1),
            address: "a".into(),
            class: Class::Changes,
            timeout: None,
            request,
        });
        let Some(Report::Spawned { .. }) = host.next(None).await else { panic!() };
        match host.next(None).await {
            Some(Report::Reply { reply: Reply::Program(reply), .. }) => assert_eq!(reply.exit, 4),
            other => panic!("{other:?}"),
        }
    });
    let front = rustix::termios::tcgetpgrp(std::io::stdin()).unwrap();
    assert_eq!(front, rustix::process::getpgrp());
}

fn setup(dir: &std::path::Path) -> LocalSetup {
    LocalSetup {
        run: "tty".into(),
        dir: dir.to_owned(),
        path: std::env::var("PATH").unwrap(),
        outputs: dir.join("outputs"),
        evidence: dir.join("evidence"),
        operator: Actor { name: "olga".into(), from_file: false },
        approvers: bowline::host::people::Approvers::default(),
        hidden: vec![],
        grace: bowline::host::GRACE,
        mask: Mask::default(),
        answers: None,
        terminal: None,
        screen: None,
        channels: Channels::new(),
    }
}
