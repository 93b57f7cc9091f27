//! Answers files: what is taken, what is refused, what is left over.

use super::*;
use crate::run::{Then, WayBack};

fn operator() -> Actor {
    Actor { name: "olga".into(), from_file: false }
}

fn approvers() -> Approvers {
    Approvers { operators: [operator().name].into(), ..Approvers::default() }
}

fn question(path: &[&str], kind: Answered) -> QuestionShown {
    let path = path.iter().map(|title| (*title).to_owned()).collect();
    QuestionShown { path, text: "?".into(), prose: None, by: None, holder: None, kind }
}

fn confirm() -> Answered {
    Answered::Confirm { typing: None, optional: false }
}

fn ask(ty: Type) -> Answered {
    Answered::Value { name: "link".into(), ty, choices: vec![], default: None }
}

/// The first answer of a file: value, note and who, or what is wrong with it.
fn said(file: &str, path: &[&str], kind: Answered) -> Result<(Value, String, String), String> {
    let mut answers = Answers::parse("a.toml", file)?;
    match answers.take(&question(path, kind), &operator(), &approvers()) {
        Found::Answer(answer) => Ok((answer.value, answer.note, answer.by.name)),
        Found::Wrong(why) => Err(why),
        Found::Nothing => Err("nothing".into()),
    }
}

fn yes(truth: bool, note: &str) -> (Value, String, String) {
    (Value::Bool(truth), note.into(), "olga".into())
}

#[test]
fn an_answer_is_found_by_its_path() {
    let file =
        "[\"Pre-flight\".\"On-call cover. the window\"]\nanswer = true\nnote = \"seen\"\nby = \"ana\"\n";
    let found = said(file, &["Pre-flight", "On-call cover. the window"], confirm());
    assert_eq!(found, Ok((Value::Bool(true), "seen".into(), "ana".into())));
    assert_eq!(said(file, &["Pre-flight"], confirm()), Err("nothing".into()));
}

#[test]
fn each_answer_is_used_once_and_leftovers_are_told() {
    let file = "[[Gate.Ready]]\nanswer = false\n\n[[Gate.Ready]]\nanswer = true\n\n[Other]\nanswer = true\n";
    let mut answers = Answers::parse("a.toml", file).unwrap();
    let mut next = || match answers.take(&question(&["Gate", "Ready"], confirm()), &operator(), &approvers())
    {
        Found::Answer(answer) => Some(answer.value),
        _ => None,
    };
    assert_eq!((next(), next(), next()), (Some(Value::Bool(false)), Some(Value::Bool(true)), None));
    assert_eq!(answers.leftovers(), ["a.toml:8: Other"]);
}

#[test]
fn a_way_down_that_is_too_short_is_answered_with_the_whole_one() {
    let file = "[Ready]\nanswer = true\n";
    let told = said(file, &["Gate \"A\"", "Ready"], confirm()).unwrap_err();
    assert_eq!(
        told,
        "a.toml:2: Ready: the way down to the question is longer; did you mean [\"Gate \\\"A\\\"\".\"Ready\"]?"
    );
    assert_eq!(
        said(file, &["Ready", "Gate"], confirm()),
        Err("nothing".into()),
        "only the end of a way is one"
    );
    let approval =
        || Answered::Approval { quorum: vec![(1, "ops".into())], showing: None, self_approval: false };
    assert_eq!(said(file, &["Gate", "Ready"], approval()), Err("nothing".into()), "it answers no approval");
}

#[test]
fn leftovers_tell_what_they_may_have_been_meant_for() {
    let file = "[Ready]\nanswer = true\n\n[\"Gate 1\".Redy]\nanswer = true\n\n[Other]\nanswer = true\n";
    let mut answers = Answers::parse("a.toml", file).unwrap();
    for gate in ["Gate 1", "Gate 2"] {
        answers.take(&question(&[gate, "Ready"], confirm()), &operator(), &approvers());
    }
    let gates = "[\"Gate 1\".\"Ready\"] or [\"Gate 2\".\"Ready\"]";
    assert_eq!(
        answers.leftovers(),
        [
            format!("a.toml:2: Ready; did you mean {gates}?"),
            "a.toml:5: Gate 1 › Redy; did you mean [\"Gate 1\".\"Ready\"]?".into(),
            "a.toml:8: Other".into()
        ]
    );
}

#[test]
fn an_answer_counts_as_said_by_the_file() {
    let mut answers = Answers::parse("a.toml", "[A]\nanswer = true").unwrap();
    let Found::Answer(answer) = answers.take(&question(&["A"], confirm()), &operator(), &approvers()) else {
        panic!()
    };
    assert!(answer.by.from_file);
}

#[test]
fn a_value_is_keyed_by_its_name_and_read_by_its_type() {
    let path = ["Publish"];
    let link = |file: &str, ty| said(file, &path, ask(ty)).map(|(value, ..)| value);
    assert_eq!(link("[Publish.link]\nanswer = 3", Type::Int), Ok(Value::Int(3)));
    assert_eq!(link("[Publish.link]\nanswer = \"2GiB\"", Type::Size), Ok(Value::Size(2 << 30)));
    assert_eq!(link("[Publish.link]\nanswer = \"a b\"", Type::Text), Ok(Value::Text("a b".into())));
    assert_eq!(
        link("[Publish.link]\nanswer = [1, 2]", Type::List(Box::new(Type::Int))),
        Ok(Value::List(vec![Value::Int(1), Value::Int(2)].into()))
    );
    assert_eq!(
        link("[Publish.link]\nanswer = 2026-03-01T14:00:00Z", Type::Time),
        Ok(Value::Time("2026-03-01T14:00:00Z".parse().unwrap()))
    );
    let wrong = link("[Publish.link]\n\nanswer = \"x\"", Type::Int).unwrap_err();
    assert_eq!(wrong, "a.toml:3: Publish › link: `x` is no whole number");
}

#[test]
fn typing_and_not_applicable_are_exact() {
    let typing = || Answered::Confirm { typing: Some("prod-1".into()), optional: false };
    assert_eq!(said("[A]\nanswer = \"prod-1\"", &["A"], typing()), Ok(yes(true, "")));
    assert!(said("[A]\nanswer = true", &["A"], typing()).unwrap_err().contains("must be the text `prod-1`"));
    let optional = || Answered::Confirm { typing: None, optional: true };
    assert!(said("[A]\nanswer = \"n/a\"", &["A"], optional()).unwrap_err().contains("needs a reason"));
    assert_eq!(
        said("[A]\nanswer = \"n/a\"\nnote = \"no EU\"", &["A"], optional()),
        Ok(yes(true, "not applicable: no EU"))
    );
    assert!(said("[A]\nanswer = \"n/a\"\nnote = \"x\"", &["A"], confirm()).is_err());
}

#[test]
fn approvals_name_distinct_people_or_reject() {
    let kind =
        || Answered::Approval { quorum: vec![(2, "managers".into())], showing: None, self_approval: false };
    let approve = |names: &str| said(&format!("[A]\napprove = {names}"), &["A"], kind());
    assert_eq!(approve("[\"bo\", \"ana\"]"), Ok((Value::Bool(true), String::new(), "ana, bo".into())));
    assert!(
        approve("[\"ana\", \"ana\"]").unwrap_err().contains("it names 1 person; needed are 2 from managers")
    );
    assert!(approve("[\"ana\", \"olga\"]").unwrap_err().contains("olga operates this run"));
    assert_eq!(said("[A]\nreject = \"too late\"", &["A"], kind()), Ok(yes(false, "too late")));
    assert_eq!(said("[A]\nanswer = true", &["A"], kind()), Err("nothing".into()));
}

#[test]
fn choices_after_a_failure_are_used_one_by_one() {
    let file = "[A]\non_failure = [\"retry\", \"explode\"]\non_hold = \"reject\"\nnote = \"n\"";
    let mut answers = Answers::parse("a.toml", file).unwrap();
    let failed = || Answered::Failed {
        what: String::new(),
        hint: None,
        back: WayBack::default(),
        choices: vec!["retry", "roll back"],
    };
    let mut take = |kind| answers.take(&question(&["A"], kind), &operator(), &approvers());
    let Found::Answer(answer) = take(failed()) else { panic!() };
    assert_eq!((answer.value, answer.note.as_str()), (Value::Text("retry".into()), "n"));
    let Found::Wrong(why) = take(failed()) else { panic!() };
    assert!(why.contains("`explode` cannot be chosen here; choose from retry, roll back"), "{why}");
    assert!(matches!(take(failed()), Found::Nothing));
    let hold = Answered::Hold { table: vec![], then: Then::Ends, choices: vec!["reject"] };
    assert!(matches!(take(hold), Found::Answer(_)));
    assert!(answers.leftovers().is_empty());
}

#[test]
fn a_malformed_file_is_told_with_its_line() {
    let cases = [
        ("[A]\nanswer = \n", "a.toml:2: this is no TOML"),
        ("[A]\nanswr = true\n", "a.toml:2: `answr` is no field of an answer"),
        ("answer = true\n", "a.toml:1: an answer stands under the titles"),
        ("\n[A]\nnote = \"x\"\n", "a.toml:3: there is a note, but no `answer`"),
        ("[A]\napprove = [\"x\"]\nreject = \"y\"\n", "a.toml:2: `approve` and `reject`"),
        ("[A]\nnote = 3\nanswer = true\n", "a.toml:2: `note` is a text"),
        ("[A]\nanswer = true\n[A]\nanswer = true\n", "a.toml:3: this is no TOML"),
    ];
    for (file, expected) in cases {
        let error = Answers::parse("a.toml", file).unwrap_err();
        assert!(error.starts_with(expected), "{error}");
    }
}

#[test]
fn judgements_and_work_by_hand_take_words() {
    let judge = || Answered::Judge { showing: String::new(), expected: None, undoes: None };
    assert_eq!(said("[A]\nanswer = \"pass\"", &["A"], judge()), Ok(yes(true, "")));
    assert_eq!(said("[A]\nanswer = \"fail\"\nnote = \"red\"", &["A"], judge()), Ok(yes(false, "red")));
    assert_eq!(said("[A]\nanswer = \"done\"", &["A"], Answered::Manual), Ok(yes(true, "")));
    assert!(said("[A]\nanswer = 1", &["A"], Answered::Manual).is_err());
    let choose = || Answered::Choose(vec!["Stay".into(), "Go".into()]);
    let found = said("[A]\nanswer = \"Go\"", &["A"], choose()).unwrap();
    assert_eq!(found.0, Value::Text("Go".into()));
    assert!(said("[A]\nanswer = \"go\"", &["A"], choose()).unwrap_err().contains("none of Stay, Go"));
}

#[test]
fn nesting_that_is_too_deep_is_refused() {
    let file = format!("x = {}{}", "[".repeat(10_000), "]".repeat(10_000));
    let error = Answers::parse("a.toml", &file).unwrap_err();
    assert!(error.starts_with("a.toml:1:") && error.len() < 300, "{}", &error[..100]);
}
