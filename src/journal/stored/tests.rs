//! What is stored is read as it was, and its form stays.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use proptest::prelude::*;

use super::{read, write};
use crate::approval::{Roster, Vote, VoteChoice};
use crate::event::*;
use crate::plan::NodeId;
use crate::value::{Artifact, DEEPEST, Secret, Value, VarId};

fn at(seq: u64, fact: Fact) -> Event {
    Event { seq, at: Timestamp::UNIX_EPOCH, fact }
}

fn bound(value: Value) -> Event {
    at(1, Fact::Bound { frame: FrameId(0), var: VarId(0), value })
}

fn map(fields: impl IntoIterator<Item = (String, Value)>) -> Value {
    Value::Map(Arc::new(fields.into_iter().collect()))
}

fn value() -> impl Strategy<Value = Value> {
    let name = prop_oneof![Just("$map".to_owned()), Just("$size".to_owned()), "[$a-c]{0,2}"];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        any::<i64>().prop_map(Value::Int),
        prop::num::f64::NORMAL.prop_map(Value::Number),
        "-?(0|[1-9][0-9]{0,30})(\\.[0-9]{1,20})?(e[+-][0-9]{1,4})?"
            .prop_map(|text| crate::value::from_json(serde_json::from_str(&text).unwrap())),
        any::<String>().prop_map(|text| Value::Text(text.into())),
        (any::<u64>(), 0..1_000_000_000_u32).prop_map(|(s, n)| Value::Duration(Duration::new(s, n))),
        any::<u64>().prop_map(Value::Size),
        (-1_000_000_000_000_i64..1_000_000_000_000, 0..1_000_000_000_i32)
            .prop_map(|(s, n)| Value::Time(Timestamp::new(s / 10, n * i32::from(s >= 0)).unwrap())),
        any::<[u64; 3]>().prop_map(|[a, b, c]| Value::Version(semver::Version::new(a, b, c))),
        any::<u64>().prop_map(|bytes| Value::Artifact(Artifact {
            path: "a b".into(),
            sha256: "00".into(),
            bytes,
            on: (bytes % 2 == 1).then(|| "db-1".into()),
        })),
        any::<String>().prop_map(|name| Value::Secret(Secret { origin: name.into(), text: None })),
    ];
    leaf.prop_recursive(4, 32, 4, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(|items| Value::List(Arc::new(items))),
            prop::collection::vec((name.clone(), inner), 0..4).prop_map(map),
        ]
    })
}

proptest! {
    #[test]
    fn every_value_is_read_as_it_was_written(value in value()) {
        let event = bound(value);
        prop_assert_eq!(read(1, &write(&event)).unwrap(), event);
    }
}

#[test]
fn a_value_as_deep_as_any_may_be_is_read_again() {
    let deep = (0..DEEPEST / 2)
        .fold(Value::Null, |inner, _| map([("a".to_owned(), Value::List(Arc::new(vec![inner])))]));
    let event = bound(deep);
    assert_eq!(read(1, &write(&event)).unwrap(), event);
}

#[test]
fn a_newer_form_and_an_unknown_kind_are_refused_by_name() {
    let body = write(&bound(Value::Null));
    let newer = read(1, &body.replace("\"v\":1", "\"v\":2")).unwrap_err().to_string();
    assert_eq!(newer, "this was written by a newer bowline (event format 2); use that one");
    let unknown = read(1, &body.replace("null", "{\"$new\":1}")).unwrap_err().to_string();
    assert!(unknown.contains("a value of the kind `new`"), "{unknown}");
}

/// One of each fact and part. Lines are only added: when one changes, journals that exist can no longer be read:
/// make a version 2 beside this one.
#[test]
fn the_form_of_version_1_stays() {
    let lines: Vec<String> = samples().into_iter().map(|fact| write(&at(7, fact))).collect();
    insta::assert_snapshot!(lines.join("\n"));
    for (line, fact) in lines.iter().zip(samples()) {
        assert_eq!(read(7, line).unwrap().fact, fact);
    }
}

/// What version 1 may hold, as its reader tells it of a kind that it does not know.
fn kinds() -> BTreeSet<String> {
    let error = serde_json::from_str::<super::v1::Fact>("{\"none\":{}}").err().unwrap().to_string();
    error.split('`').skip(3).step_by(2).map(str::to_owned).collect()
}

#[test]
fn every_kind_has_a_sample_and_stands_in_the_schema() {
    let facts = samples().into_iter().map(|fact| write(&at(1, fact)));
    let bodies = facts.map(|line| serde_json::from_str::<serde_json::Value>(&line).unwrap());
    let sampled: BTreeSet<String> = bodies
        .flat_map(|body| body["fact"].as_object().unwrap().keys().cloned().collect::<Vec<_>>())
        .collect();
    assert_eq!(sampled, kinds());
    let schema = include_str!("../../../docs/schemas/bowline-event-1.json");
    let schema: serde_json::Value = serde_json::from_str(schema).unwrap();
    let described = schema["properties"]["fact"]["properties"].as_object().unwrap().keys().cloned();
    assert_eq!(described.collect::<BTreeSet<_>>(), kinds());
}

fn ada() -> Actor {
    Actor { name: "ada".into(), from_file: false }
}

fn holder() -> Holder {
    Holder { lock: "the database".into(), run: "b2c4d".into(), since: Timestamp::UNIX_EPOCH }
}

fn samples() -> Vec<Fact> {
    [beginnings(), effects(), approvals(), decisions(), ends(), anew()].concat()
}

fn beginnings() -> Vec<Fact> {
    let (frame, parent, node) = (FrameId(4), FrameId(0), NodeId(2));
    let settings = Settings {
        operator: ada(),
        attended: Attended::Terminal,
        on_failure: OnFailure::Rollback,
        stay: false,
        bowline: "0.1.0".into(),
        step: true,
    };
    let secret = Value::Secret(Secret { origin: "token".into(), text: None });
    let input = StoredInput { var: VarId(0), value: secret, fingerprint: Some("f0".into()) };
    let unattended =
        Settings { attended: Attended::Nobody, on_failure: OnFailure::Hold, stay: true, ..settings.clone() };
    let entered = |key| Fact::Entered { frame, parent, node, key };
    let left = |verdict| Fact::Left { frame, verdict };
    vec![
        Fact::Started {
            digest: "d1".into(),
            dir: "/srv".into(),
            path: "/usr/bin:/bin".into(),
            salt: "5a".into(),
            sources: vec![SourceRef { name: "a.runbook".into(), sha256: "c0".into() }],
            inputs: vec![input],
            settings,
        },
        Fact::StartedLate { node, place: "Copy".into(), why: "copied by hand".into(), by: ada() },
        Fact::RoleBound { role: "database".into(), person: "bo".into(), by: ada() },
        Fact::HandedOver {
            role: "operator".into(),
            from: Some("ada".into()),
            to: "bo".into(),
            by: ada(),
            note: "shift".into(),
        },
        Fact::Resumed { settings: unattended },
        Fact::SecretChanged { var: VarId(0), fingerprint: "f1".into(), by: ada() },
        Fact::Injected { place: "Copy#2".into(), kind: Injection::Crash, by: ada() },
        entered(None),
        entered(Some(Key::Item("eu-1".into()))),
        entered(Some(Key::Turn(3))),
        entered(Some(Key::Undo(FrameId(3)))),
        left(Verdict::Passed),
        left(Verdict::InPlace),
        left(Verdict::Failed("no room".into())),
        left(Verdict::Inconclusive("no answer".into())),
        left(Verdict::Stopped),
        Fact::Skipped { frame, node, why: "not today".into(), by: Some(ada()) },
        Fact::Listed { frame, items: vec!["eu-1".into(), Value::Int(2)] },
        Fact::Bound { frame, var: VarId(1), value: map([("free".to_owned(), Value::Size(9))]) },
    ]
}

fn effects() -> Vec<Fact> {
    let (frame, node, effect) = (FrameId(4), NodeId(2), EffectId(1));
    let output = OutputRef { file: "1-1.out".into(), bytes: 12, sha256: "ab".into() };
    let kept = OutputRef { file: "000001-x.json".into(), bytes: 2, sha256: "cd".into() };
    let reply = ReplyNote {
        message: "exit code 1".into(),
        code: Some(1),
        tail: "last".into(),
        output: Some(output),
        kept: Some(kept),
        by: Some(ada()),
        took_ms: 15,
    };
    let values = vec![(VarId(1), Value::Bool(true))];
    let ended = |outcome| Fact::Ended { effect, outcome, values: vec![], note: ReplyNote::default() };
    vec![
        Fact::Began(Begun { effect, frame, node, attempt: 1, shown: "true".into(), on: Some("db-1".into()) }),
        Fact::Spawned { effect, pid: 77, started: 123, boot: "b".into() },
        Fact::Ended { effect, outcome: Outcome::Done, values, note: reply },
        ended(Outcome::FailedClean),
        ended(Outcome::Failed),
        ended(Outcome::Unknown),
        ended(Outcome::Inconclusive),
        Fact::Due { frame, node },
        Fact::Unanswered { effect, why: "nobody is there".into() },
        Fact::Retrying { frame, node, number: 1, of: 3, at: Timestamp::UNIX_EPOCH },
        Fact::Held { effect, by: holder() },
    ]
}

fn approvals() -> Vec<Fact> {
    let roster = Roster {
        run: "k3xqp".into(),
        signed: true,
        groups: vec![("release".into(), vec!["ana".into(), "bo".into()])],
        signers: vec!["ana ssh-ed25519 AAAA".into()],
    };
    let vote = |choice, signature: Option<&str>| Vote {
        person: "ana".into(),
        choice,
        arrived: Timestamp::UNIX_EPOCH,
        key: signature.map(|_| "SHA256:x".into()),
        statement: "text".into(),
        signature: signature.map(str::to_owned),
    };
    let voted = |choice, signature| Fact::Voted {
        effect: EffectId(1),
        file: "ana.approval".into(),
        sha256: "ab".into(),
        vote: vote(choice, signature),
    };
    vec![
        Fact::Enrolled { roster },
        Fact::Requested { effect: EffectId(1), asked: Timestamp::UNIX_EPOCH, text: "text".into() },
        voted(VoteChoice::Approve(String::new()), Some("-----")),
        voted(VoteChoice::Reject("w".into()), None),
        voted(VoteChoice::Decline("w".into()), None),
        Fact::VoteRefused { file: "x".into(), sha256: "cd".into(), why: "w".into() },
    ]
}

fn decisions() -> Vec<Fact> {
    let (frame, node, by) = (FrameId(4), NodeId(2), ada());
    let failed = |fault| Fact::Failed { frame, node, fault, why: "w".into() };
    let decided = |choice| Fact::Decided { frame, node, choice, by: None, note: None };
    let settled = |how| Fact::Settled { frame, node, how, by: ada(), note: Some("w".into()) };
    vec![
        failed(Fault::Failed),
        failed(Fault::Decided),
        failed(Fault::Inconclusive),
        decided(Choice::Retry),
        decided(Choice::ByHand("w".into())),
        decided(Choice::GoOn("w".into())),
        decided(Choice::Rollback),
        decided(Choice::Leave),
        decided(Choice::GiveUp("w".into())),
        decided(Choice::Waive { why: "w".into(), until: Timestamp::UNIX_EPOCH }),
        decided(Choice::Run),
        settled(Settlement::Again),
        settled(Settlement::Done("w".into())),
        settled(Settlement::Skip("w".into())),
        settled(Settlement::Rollback),
        settled(Settlement::GiveUp("w".into())),
        Fact::CancelRequested { by: by.clone() },
        Fact::GoneOn { by, note: "ticket 4711".into() },
    ]
}

/// What an earlier bowline wrote has no words beside a choice.
#[test]
fn a_decision_without_a_note_is_read() {
    let decided = r#"{"v":1,"at":"1970-01-01T00:00:00Z","fact":{"decided":{"frame":4,"node":2,"choice":"rollback","by":null}}}"#;
    let fact = read(1, decided).unwrap().fact;
    assert!(matches!(fact, Fact::Decided { choice: Choice::Rollback, note: None, .. }), "{fact:?}");
}

/// So an earlier bowline wrote what was said at a briefing: a note like others.
#[test]
fn what_was_said_at_a_briefing_was_a_note_and_is_read_as_one() {
    let noted = r#"{"v":1,"at":"1970-01-01T00:00:00Z","fact":{"noted":{"frame":0,"text":"gone on with by olga: ticket 4711"}}}"#;
    let fact = read(1, noted).unwrap().fact;
    assert!(matches!(&fact, Fact::Noted { frame: FrameId(0), text } if text.ends_with("4711")), "{fact:?}");
}

fn ends() -> Vec<Fact> {
    let (frame, node) = (FrameId(4), NodeId(2));
    let finished = |ending| Fact::Finished { ending, name: None };
    vec![
        Fact::Unwinding { frame, what: Undoing::All },
        Fact::Unwinding { frame, what: Undoing::Restores },
        Fact::Unwound { frame },
        Fact::Committed { frame, node },
        Fact::Concluded { frame, node, name: "dual run kept".into() },
        Fact::Overdue { frame, due: Timestamp::UNIX_EPOCH },
        Fact::Noted { frame, text: "blind".into() },
        finished(Ending::Completed),
        finished(Ending::RolledBack),
        finished(Ending::FailedKept),
        Fact::Suspended { until: Some(Timestamp::UNIX_EPOCH), why: "until the freeze is over".into() },
    ]
}

fn anew() -> Vec<Fact> {
    let (frame, node) = (FrameId(4), NodeId(2));
    let carried = |how| {
        Fact::Carried(Carried {
            frame,
            node,
            how,
            values: vec![(VarId(1), Value::Bool(true))],
            started: true,
            in_doubt: false,
            why: "w".into(),
            by: ada(),
        })
    };
    vec![
        Fact::PlannedAnew {
            from: "k3xqp".into(),
            digest: "d1".into(),
            head: "ab".into(),
            why: "w".into(),
            by: ada(),
        },
        carried(Carry::Keep),
        carried(Carry::Again),
        carried(Carry::Done),
        Fact::LeftBehind { what: "Copy".into(), why: "w".into(), by: ada() },
        Fact::Finished { ending: Ending::Superseded, name: Some("b2c4d".into()) },
    ]
}
