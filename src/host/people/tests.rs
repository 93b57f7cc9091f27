//! Tests of the module around.

use std::io::{Read, Write};

use tokio::sync::mpsc::UnboundedReceiver;

use super::*;
use crate::run::{Answered, PersonReply, Then, WayBack};
use crate::value::{Type, Value};

/// A person at a terminal made of two pipes.
struct Room {
    people: People,
    keys: os_pipe::PipeWriter,
    screen: os_pipe::PipeReader,
    reports: UnboundedReceiver<Report>,
    mask: Mask,
}

fn operator() -> Actor {
    Actor { name: "olga".into(), from_file: false }
}

impl Room {
    fn new() -> Self {
        Self::of(Approvers::default())
    }

    fn of(approvers: Approvers) -> Self {
        let (input, keys) = os_pipe::pipe().unwrap();
        let (screen, output) = os_pipe::pipe().unwrap();
        let (sender, reports) = tokio::sync::mpsc::unbounded_channel();
        let mask = Mask::default();
        let setup = Setup {
            operator: operator(),
            approvers,
            answers: None,
            terminal: Some(Terminal::of(input.into(), output.into())),
            screen: None,
            mask: mask.clone(),
            reports: sender,
        };
        Self { people: People::new(setup).unwrap(), keys, screen, reports, mask }
    }

    fn ask(&self, effect: u64, kind: Answered) {
        let path = vec!["Gate".into(), "Question".into()];
        let question =
            QuestionShown { path, text: "Is it?".into(), prose: None, by: None, holder: None, kind };
        self.people.ask(EffectId(effect), Box::new(question));
    }

    fn reply(&mut self) -> (u64, Reply) {
        match self.reports.blocking_recv().unwrap() {
            Report::Reply { effect, reply } => (effect.0, reply),
            other => panic!("{other:?}"),
        }
    }

    fn types(&mut self, keys: &str, kind: Answered) -> PersonReply {
        self.keys.write_all(keys.as_bytes()).unwrap();
        self.ask(1, kind);
        match self.reply() {
            (1, Reply::Person(answer)) => answer,
            other => panic!("{other:?}"),
        }
    }

    fn shown(&mut self) -> String {
        let mut buffer = vec![0; 65536];
        let count = self.screen.read(&mut buffer).unwrap();
        String::from_utf8_lossy(&buffer[..count]).into_owned()
    }
}

fn confirm() -> Answered {
    Answered::Confirm { typing: None, optional: true }
}

fn typing() -> Answered {
    Answered::Confirm { typing: Some("prod-1".into()), optional: false }
}

fn judge() -> Answered {
    Answered::Judge { showing: "found".into(), expected: Some("wanted".into()), undoes: None }
}

fn value(ty: Type) -> Answered {
    Answered::Value { name: "link".into(), ty, choices: vec![], default: None }
}

fn told(answer: &PersonReply) -> (Value, &str) {
    (answer.value.clone(), answer.note.as_str())
}

#[test]
fn yes_no_and_not_applicable_carry_notes() {
    let mut room = Room::new();
    let answer = room.types("maybe\nyes, seen by bo\n", confirm());
    assert_eq!(told(&answer), (Value::Bool(true), "seen by bo"));
    assert_eq!(answer.by, operator());
    assert_eq!(told(&room.types("n\n", confirm())), (Value::Bool(false), ""));
    let answer = room.types("n/a\n\nno EU here\n", confirm());
    assert_eq!(told(&answer), (Value::Bool(true), "not applicable: no EU here"));
    let shown = room.shown();
    assert!(shown.contains("? Gate › Question") && shown.contains("Is it?"), "{shown}");
}

#[test]
fn what_must_be_typed_has_three_tries() {
    let mut room = Room::new();
    assert_eq!(told(&room.types("prod-2\nprod-1\n", typing())).0, Value::Bool(true));
    let answer = room.types("a\nb\nc\n", typing());
    assert_eq!(told(&answer), (Value::Bool(false), "`prod-1` was mistyped 3 times"));
}

#[test]
fn values_are_asked_until_they_fit() {
    let mut room = Room::new();
    assert_eq!(room.types("x\n7\n", value(Type::Int)).value, Value::Int(7));
    assert!(room.shown().contains("`x` is no whole number"));
    let default =
        Answered::Value { name: "n".into(), ty: Type::Int, choices: vec![], default: Some(Value::Int(3)) };
    assert_eq!(room.types("\n", default).value, Value::Int(3));
    let menu = Answered::Value {
        name: "n".into(),
        ty: Type::Text,
        choices: vec!["a".into(), "b".into()],
        default: None,
    };
    assert_eq!(told(&room.types("9\n2 because\n", menu)), (Value::Text("b".into()), "because"));
}

#[test]
fn what_may_not_be_what_was_meant_is_asked_again() {
    let mut room = Room::new();
    assert_eq!(room.types("\n\u{1b}[Aab\nab\n", value(Type::Text)).value, Value::Text("ab".into()));
    room.keys.write_all(b"caf\xe9\n").unwrap();
    assert_eq!(room.types("caf\u{e9}\n", value(Type::Text)).value, Value::Text("caf\u{e9}".into()));
    let long = "x".repeat(4095);
    assert_eq!(room.types(&format!("{long}\nab\n"), value(Type::Text)).value, Value::Text("ab".into()));
    assert_eq!(told(&room.types("passed\npass\n", judge())), (Value::Bool(true), ""));
    let shown = room.shown();
    for hint in ["needs an answer", "an arrow?", "not UTF-8", "4095 bytes", "Type pass or fail"] {
        assert!(shown.contains(hint), "{hint}: {shown}");
    }
}

#[test]
fn a_list_takes_commas_or_json() {
    let mut room = Room::new();
    let texts = |items: &[&str]| Value::List(Arc::new(items.iter().map(|item| Value::from(*item)).collect()));
    let list = || value(Type::List(Box::new(Type::Text)));
    assert_eq!(room.types("a, b c,,d\n", list()).value, texts(&["a", "b c", "d"]));
    assert_eq!(room.types("\n[\"a,b\"]\n", list()).value, texts(&["a,b"]));
    assert_eq!(room.types("[]\n", list()).value, texts(&[]));
}

#[test]
fn a_secret_is_masked_from_then_on() {
    let mut room = Room::new();
    let answer = room.types("abc\nhunter22\n", value(Type::Secret));
    assert!(matches!(answer.value, Value::Secret(_)));
    assert_eq!(room.mask.text("a hunter22"), "a ***");
}

#[test]
fn a_judgement_and_manual_work_want_a_finding_for_no() {
    let mut room = Room::new();
    assert_eq!(told(&room.types("pass, looks fine\n", judge())), (Value::Bool(true), "looks fine"));
    let shown = room.shown();
    assert!(shown.contains("found") && shown.contains("| wanted"), "{shown}");
    assert_eq!(told(&room.types("fail\nred lamp\n", judge())), (Value::Bool(false), "red lamp"));
    assert_eq!(
        told(&room.types("not done: no access\n", Answered::Manual)),
        (Value::Bool(false), "no access")
    );
    assert_eq!(told(&room.types("done\n", Answered::Manual)), (Value::Bool(true), ""));
}

#[test]
fn approvers_are_distinct_and_not_the_operator() {
    let mut room = Room::new();
    let approval =
        || Answered::Approval { quorum: vec![(2, "managers".into())], showing: None, self_approval: false };
    let answer = room.types("olga\nana\nana\nbo\n", approval());
    assert_eq!(
        (told(&answer), answer.by.name.as_str()),
        ((Value::Bool(true), "unsigned, 2 from managers"), "ana, bo")
    );
    let answer = room.types("yes\nana, ana, bo\n", approval());
    assert_eq!(answer.by.name, "ana, bo");
    let answer = room.types("ana\nreject too late\n", approval());
    assert_eq!(told(&answer), (Value::Bool(false), "too late"));
}

#[test]
fn of_several_quorums_one_is_met_or_none() {
    let mut room = Room::new();
    let quorum = || vec![(2, "managers".into()), (1, "owners".into())];
    let approval = || Answered::Approval { quorum: quorum(), showing: None, self_approval: false };
    let answer = room.types("2\nana\n", approval());
    assert_eq!((told(&answer).1, answer.by.name.as_str()), ("unsigned, 1 from owners", "ana"));
    assert_eq!(told(&room.types("reject\ntoo late\n", approval())), (Value::Bool(false), "too late"));
}

#[test]
fn only_members_of_the_group_are_taken() {
    let groups = [("managers".to_owned(), vec!["ana".to_owned()])];
    let mut room = Room::of(Approvers { groups: groups.into(), ..Approvers::default() });
    let approval =
        Answered::Approval { quorum: vec![(1, "managers".into())], showing: None, self_approval: false };
    let answer = room.types("cy\nana\n", approval);
    assert_eq!(answer.by.name, "ana");
    assert!(room.shown().contains("cy is not in managers."));
}

#[test]
fn after_a_failure_one_of_the_allowed_ways_is_chosen() {
    let mut room = Room::new();
    let failed = Answered::Failed {
        what: "exit 1".into(),
        hint: Some("look at the disk".into()),
        back: WayBack {
            undo: vec!["Pause".into()],
            stays: vec!["Mail: cannot be undone".into()],
            then: Then::Ends,
        },
        choices: vec!["retry", "by hand", "roll back"],
    };
    assert_eq!(told(&room.types("2\n\ndid it\n", failed)), (Value::Text("by hand".into()), "did it"));
    let shown = room.shown();
    assert!(shown.contains("Hint: look at the disk") && shown.contains("- Pause"), "{shown}");
    assert!(shown.contains("This would stay as it is:\n    - Mail: cannot be undone\n"), "{shown}");
}

#[test]
fn a_withdrawn_question_takes_no_answer_and_the_next_is_asked() {
    let mut room = Room::new();
    room.ask(1, confirm());
    room.ask(2, confirm());
    room.ask(3, confirm());
    room.people.withdraw(EffectId(3));
    room.people.withdraw(EffectId(1));
    let mut replies = [room.reply(), room.reply()];
    replies.sort_by_key(|(effect, _)| *effect);
    assert!(matches!(replies[0], (1, Reply::Failed { failure: Failure::Stopped, .. })));
    assert!(matches!(replies[1], (3, Reply::Failed { failure: Failure::Stopped, .. })));
    room.keys.write_all(b"yes\n").unwrap();
    assert!(matches!(room.reply(), (2, Reply::Person(_))));
}

#[test]
fn where_the_terminal_ends_nobody_is_there() {
    let mut room = Room::new();
    room.ask(1, confirm());
    let (_, keys) = os_pipe::pipe().unwrap();
    drop(std::mem::replace(&mut room.keys, keys));
    assert!(matches!(room.reply(), (1, Reply::Nobody)));
}
