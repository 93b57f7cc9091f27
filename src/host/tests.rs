//! Tests of the module around.

use std::path::Path;

use super::people::answers::Answers;
use super::signals::ignored;
use super::*;
use crate::plan::NodeId;
use crate::run::{Answered, ArgText, HttpRequest, Program, QuestionShown};
use crate::value::Value;

fn setup(dir: &Path) -> LocalSetup {
    let operator = Actor { name: "olga".into(), from_file: false };
    LocalSetup {
        answers: Some(Answers::parse("a.toml", "[A]\nanswer = true\n[B]\nanswer = true").unwrap()),
        channels: Channels::from([
            ("cat".to_owned(), Channel::Program(vec!["sh".into(), "-c".into(), "cat > said".into()])),
            ("bad".to_owned(), Channel::Program(vec!["false".into()])),
        ]),
        // A run of its own each: what belongs to one is known by its name.
        ..LocalSetup::new(&dir.file_name().unwrap().to_string_lossy(), dir, operator)
    }
}

/// Carries out one request after the other and gives the replies.
fn replies(host: &mut LocalHost, requests: Vec<Request>) -> Vec<Reply> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let mut replies = vec![];
    runtime.block_on(async {
        for request in requests {
            host.start(work(request));
            loop {
                match host.next(Some(Timestamp::now() + Duration::from_secs(30))).await.unwrap() {
                    Report::Reply { effect: EffectId(1), reply } => break replies.push(reply),
                    Report::Spawned { .. } | Report::Line { .. } => {}
                    other => panic!("{other:?}"),
                }
            }
        }
    });
    replies
}

fn work(request: Request) -> Work {
    Work {
        effect: EffectId(1),
        node: NodeId(0),
        address: "step".into(),
        class: Class::Changes,
        timeout: None,
        target: None,
        request,
    }
}

fn said(reply: &Reply) -> String {
    match reply {
        Reply::Done { message } | Reply::Kept { message, .. } => message.clone(),
        Reply::Failed { failure, message, .. } => format!("{failure:?}: {message}"),
        other => format!("{other:?}"),
    }
}

fn question(title: &str) -> Request {
    let kind = Answered::Confirm { typing: None, optional: false };
    let path = vec![title.to_owned()];
    let question = QuestionShown { path, text: title.into(), prose: None, by: None, holder: None, kind };
    Request::Ask(Box::new(question))
}

fn program(words: &[&str]) -> Program {
    Program { capture: crate::run::Capture::Value, ..Program::of(words.iter().copied()) }
}

#[test]
fn each_kind_of_request_has_its_reply() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("made"), "x").unwrap();
    let mut host = LocalHost::new(setup(dir.path())).unwrap();
    let notify = |channel: &str| Request::Notify { channel: channel.into(), text: "it is on".into() };
    let replies = replies(
        &mut host,
        vec![
            Request::Program(program(&["echo", "hi"])),
            Request::Artifact("made".into()),
            Request::Evidence(Value::Text("seen".into())),
            notify("none"),
            notify("cat"),
            notify("bad"),
            question("A"),
            question("A"),
        ],
    );
    let said: Vec<_> = replies.iter().map(said).collect();
    assert!(
        matches!(&replies[0], Reply::Program(program) if program.stdout.text() == Some("hi\n")),
        "{said:?}"
    );
    assert!(matches!(&replies[1], Reply::Artifact(artifact) if artifact.bytes == 1), "{said:?}");
    assert_eq!(said[2], "kept as 000001.txt");
    assert_eq!(said[3], "channel `none` is not set up; to copy: it is on");
    assert_eq!(said[4], "");
    assert_eq!(std::fs::read_to_string(dir.path().join("said")).unwrap(), "it is on");
    assert!(said[5].starts_with("Lost: the message was not taken: exit 1"), "{said:?}");
    assert!(matches!(&replies[6], Reply::Person(answer) if answer.value == Value::Bool(true)));
    assert!(matches!(replies[7], Reply::Nobody));
    assert_eq!(host.leftovers(), ["a.toml:4: B"]);
}

#[test]
fn a_secret_that_is_handed_over_is_masked_from_then_on() {
    let dir = tempfile::tempdir().unwrap();
    let mut host = LocalHost::new(setup(dir.path())).unwrap();
    let mut program = program(&["sh", "-c", "echo $TOKEN"]);
    program.env.push(("TOKEN".into(), ArgText { clear: "hunter22".into(), secret: true }));
    let replies = replies(&mut host, vec![Request::Program(program)]);
    assert!(matches!(&replies[0], Reply::Program(program) if program.tail == "***"), "{replies:?}");
    assert!(host.tainted("xhunter22"));
    assert_eq!(host.mask("xhunter22"), "x***");
}

#[test]
fn a_terminal_program_needs_a_terminal() {
    let dir = tempfile::tempdir().unwrap();
    let mut host = LocalHost::new(setup(dir.path())).unwrap();
    let mut program = program(&["true"]);
    program.terminal = true;
    let replies = replies(&mut host, vec![Request::Program(program)]);
    // Where the tests run at a terminal it simply runs.
    let reply = said(&replies[0]);
    assert!(reply.contains("wants the real terminal") || matches!(replies[0], Reply::Program(_)), "{reply}");
}

#[test]
fn waiting_ends_at_its_time_and_work_can_be_stopped() {
    let dir = tempfile::tempdir().unwrap();
    let mut host = LocalHost::new(setup(dir.path())).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        assert!(host.next(Some(Timestamp::now() + Duration::from_millis(30))).await.is_none());
        assert!(host.next(Some(Timestamp::now() - Duration::from_secs(30))).await.is_none());
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        let url = ArgText::plain(url);
        host.start(work(Request::Http(HttpRequest {
            method: "GET".into(),
            url,
            headers: vec![],
            body: None,
        })));
        host.stop(EffectId(1), StopHow::Gently);
        let report = host.next(None).await.unwrap();
        assert!(
            matches!(report, Report::Reply { reply: Reply::Failed { failure: Failure::Stopped, .. }, .. }),
            "{report:?}"
        );
        host.start(work(Request::Program(program(&["sleep", "30"]))));
        host.stop(EffectId(1), StopHow::Gently);
        // It may have begun by then, and says so first.
        let mut report = host.next(None).await.unwrap();
        while matches!(report, Report::Spawned { .. }) {
            report = host.next(None).await.unwrap();
        }
        assert!(
            matches!(report, Report::Reply { reply: Reply::Failed { failure: Failure::Stopped, .. }, .. }),
            "{report:?}"
        );
    });
}

#[test]
fn signals_are_reported() {
    let dir = tempfile::tempdir().unwrap();
    let mut host = LocalHost::new(setup(dir.path())).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        host.watch_signals(Actor { name: "olga".into(), from_file: false }).unwrap();
        let us = rustix::process::getpid();
        // What whoever started the tests ignores (shells do so with SIGINT in the background) stays ignored.
        let heard = |signal: &rustix::process::Signal| ignored() & (1 << (signal.as_raw() - 1)) == 0;
        let all = [rustix::process::Signal::TERM, rustix::process::Signal::HUP, rustix::process::Signal::INT];
        for signal in all.into_iter().filter(heard) {
            rustix::process::kill_process(us, signal).unwrap();
            let report = host.next(Some(Timestamp::now() + Duration::from_secs(30))).await.unwrap();
            match (signal, &report) {
                (rustix::process::Signal::HUP, Report::HangUp) | (_, Report::Cancel(_)) => {}
                _ => panic!("{report:?}"),
            }
        }
    });
}
