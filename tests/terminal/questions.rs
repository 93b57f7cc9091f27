//! Each kind of question, answered as people answer: wrongly at first.

use crate::processes::ends;
use crate::seat::{CTRL_C, CTRL_D, Site};

/// A runbook of these lines, with a last step that logs what it got.
fn logging(lines: &str, values: &str) -> Site {
    let script = "open('log', 'a').write(' '.join(sys.argv[1:]) + chr(10))";
    Site::new(&format!(
        "{lines}\nstep \"Log\" {{\n  run python3 -c \"import sys; {script}\" {values}\n  rollback none \"x\"\n}}\n"
    ))
}

#[test]
fn a_confirmation_takes_yes_and_a_note() {
    let site = logging("confirm \"Ready\"", "");
    let mut seat = site.sits(&["run", "a.runbook"]);
    seat.answers("? Ready\n", "");
    seat.answers("Type yes or no", "yess");
    seat.answers("Type yes or no", "yes, seen by bo");
    assert_eq!(seat.leaves(), Some(0));
    let told = String::from_utf8(site.alone(&["show", "--format", "events"]).stdout).unwrap();
    assert!(told.contains("seen by bo") && told.contains("olga"), "{told}");
}

#[test]
fn a_no_ends_the_run_and_says_whose_it_was() {
    let site = logging("confirm \"Ready\"", "");
    let mut seat = site.sits(&["run", "a.runbook"]);
    seat.answers("? Ready\n", "no: nobody is on call");
    seat.sees("no, says olga: nobody is on call");
    assert_eq!(seat.leaves(), Some(1));
}

#[test]
fn what_must_be_typed_has_three_tries() {
    let lines = "input where: text = \"prod-1\"\nconfirm \"Wipe\" typing \"{where}\"";
    let site = logging(lines, "");
    let mut seat = site.sits(&["run", "a.runbook"]);
    seat.answers("[type `prod-1` to confirm, or no]", "yes");
    seat.answers("That is not `prod-1`; two tries are left", "prod-2");
    seat.answers("one try is left", "prod-1");
    assert_eq!(seat.leaves(), Some(0));
    let mut seat = site.sits(&["run", "a.runbook"]);
    (0..3).for_each(|_| seat.answers("to confirm, or no]", "prod"));
    seat.sees("mistyped 3 times");
    assert_eq!(seat.leaves(), Some(1));
}

#[test]
fn what_is_optional_may_be_not_applicable_for_a_reason() {
    let site = logging("confirm \"The EU cell is drained\" optional", "");
    let mut seat = site.sits(&["run", "a.runbook"]);
    seat.answers("[yes / no / n/a, and a note]", "n/a");
    seat.answers("Why?", "");
    seat.answers("Why?", "no EU customers");
    assert_eq!(seat.leaves(), Some(0));
}

/// Also where the answer itself has no room for one.
#[test]
fn every_answer_may_carry_a_note() {
    let lines = "confirm \"Wipe\" typing \"prod\"\nask count: int \"How many\"\nask where: one of [\"a\", \"b\"] \"Where\"";
    let site = logging(lines, "{count}");
    let mut seat = site.sits(&["run", "a.runbook"]);
    seat.answers("to confirm, or no] ", "note: seen with bo");
    seat.answers("Noted; now the answer.\n", "prod");
    seat.answers("count (a whole number): ", "note: of the rack list");
    seat.answers("Noted; now the answer.\n", "3");
    seat.answers("[1-2, and a note] ", "2 it is nearer");
    assert_eq!((seat.leaves(), site.log().as_str()), (Some(0), "3"));
    let told = String::from_utf8(site.alone(&["show"]).stdout).unwrap();
    for note in ["seen with bo", "of the rack list", "it is nearer"] {
        assert!(told.contains(note), "{note}: {told}");
    }
}

#[test]
fn a_value_of_each_type_is_asked_until_it_fits() {
    let types = [
        ("int", "x", "3", "3"),
        ("number", "1,5", "0.5", "0.5"),
        ("bool", "maybe", "yes", "true"),
        ("duration", "10", "10m", "10m"),
        ("size", "2", "2GiB", "2GiB"),
        ("time", "tomorrow", "2026-03-01T14:00:00Z", "2026-03-01T14:00:00Z"),
        ("version", "1", "1.2.0", "1.2.0"),
        ("url", "a/b", "https://a.b/c", "https://a.b/c"),
        ("path", "", "/tmp/a b", "/tmp/a b"),
        ("text", "\u{1b}[A", "  $(id) 'é' ", "$(id) 'é'"),
        ("json", "{", r#"{"a": 1}"#, r#"{"a":1}"#),
        ("list of text", "", "a, b c,,d", "a b c d"),
        ("list of int", "1,x", "1, 2", "1 2"),
    ];
    let asks = types.iter().enumerate().map(|(at, (ty, ..))| format!("ask v{at}: {ty} \"Question {at}\"\n"));
    let splice = |ty: &str| if ty.starts_with("list") { "..." } else { "" };
    let values = types.iter().enumerate().map(|(at, (ty, ..))| format!("{{{}v{at}}} ", splice(ty)));
    let site = logging(&asks.collect::<String>(), &values.collect::<String>());
    let mut seat = site.sits(&["run", "a.runbook"]);
    for (at, (_, wrong, right, _)) in types.iter().enumerate() {
        seat.answers(&format!("? Question {at}\n  v{at}"), wrong);
        seat.answers(&format!("\n  v{at}"), right);
    }
    assert_eq!(seat.leaves(), Some(0));
    let wanted = types.map(|(.., arrives)| arrives.to_owned()).join(" ");
    assert_eq!(site.read("log").trim_end(), wanted);
}

#[test]
fn a_secret_is_not_shown_while_typed_and_masked_afterwards() {
    let lines = "ask token: secret \"Token\"\nstep \"Use\" {\n  run sh -c \"test $T = hunter22; echo it is $T\" {\n    env T = token\n  }\n  run false\n  rollback none \"x\"\n}";
    let site = Site::new(lines);
    let mut seat = site.sits(&["run", "a.runbook"]);
    seat.sees("token (not shown): ");
    seat.waits_for_echo(false);
    seat.types("abc");
    seat.sees("at least 4 bytes");
    seat.sees("token (not shown): ");
    seat.types("hunter22");
    seat.answers("? Use", "roll back");
    assert_eq!(seat.leaves(), Some(1));
    assert!(seat.echoes() && !seat.shown().contains("hunter22"), "{}", seat.shown());
    for args in [&["show", "--format", "events"][..], &["show"], &["logs"]] {
        let output = site.alone(args);
        let told = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(!told.is_empty() && !told.contains("hunter22"), "{args:?}: {told}");
    }
}

#[test]
fn a_menu_takes_number_or_words() {
    let lines = "ask colour: one of [\"red\", \"dark red\"] \"Colour\"\nask cell: one of [\"a\", \"b\"] = \"b\" \"Cell\"";
    let site = logging(lines, "{colour} {cell}");
    let mut seat = site.sits(&["run", "a.runbook"]);
    seat.answers("[1-2, and a note]", "3");
    seat.answers("Type one of the numbers", "dark red, as before");
    seat.answers("or Enter for b]", "");
    assert_eq!((seat.leaves(), site.log().as_str()), (Some(0), "dark red b"));
}

#[test]
fn a_choice_goes_its_way() {
    let lines = "choose \"Which way?\" {\n  answer \"Stay\" { log \"staying\" }\n  answer \"Go back\" { fail \"went back\" }\n}\n";
    let site = Site::new(lines);
    let mut seat = site.sits(&["run", "a.runbook"]);
    seat.answers("? Which way?\n  1) Stay\n  2) Go back\n", "2");
    seat.sees("went back");
    assert_eq!(seat.leaves(), Some(1));
}

#[test]
fn a_judgement_shows_both_samples_and_wants_a_finding() {
    let lines = "judge \"As before\" showing \"rate 7\" expected \"rate 1\"\n";
    let site = Site::new(lines);
    let mut seat = site.sits(&["run", "a.runbook"]);
    seat.sees("rate 7");
    seat.sees("| rate 1");
    seat.answers("[pass / fail, and a finding]", "failed");
    seat.answers("Type pass or fail", "fail");
    seat.answers("Why?", "rate is up");
    seat.sees("judged a fail by olga: rate is up");
    assert_eq!(seat.leaves(), Some(1));
}

/// Said where it is so: after something was done that can be undone, and not behind the point of no return.
#[test]
fn a_judgement_says_what_a_fail_undoes() {
    let done = "step \"A\" {\n  run true\n  rollback { run true }\n}\n";
    let judge = "judge \"As before\" showing \"rate 7\"\n";
    let told = "fail: what was done is undone, newest first";
    let tried = |lines: &str, undone: bool| {
        let site = Site::new(lines);
        let mut seat = site.sits(&["run", "a.runbook"]);
        seat.answers("[pass / fail, and a finding]", if undone { "fail, rate is up" } else { "pass" });
        if undone {
            seat.sees("undoing");
        }
        assert_eq!(seat.leaves(), Some(i32::from(undone)));
        assert_eq!(seat.shown().contains(told), undone, "{}", seat.shown());
    };
    tried(&format!("{done}{judge}"), true);
    tried(judge, false);
    tried(&format!("{done}commit \"They are in\"\n{judge}"), false);
}

#[test]
fn manual_work_is_told_and_asked_back() {
    let lines = "manual \"Publish\" irreversible {\n  \"\"\"\n  On the status page.\n  \"\"\"\n  ask link: url \"Link\"\n}\n";
    let site = Site::new(lines);
    let mut seat = site.sits(&["run", "a.runbook"]);
    seat.sees("? Publish\n");
    seat.sees("On the status page.");
    seat.answers("[done / not done, and a finding]", "done");
    seat.answers("? Publish\n  Link\n  link", "https://a.b");
    assert_eq!(seat.leaves(), Some(0));
}

#[test]
fn an_approval_needs_other_people_by_name() {
    let site = Site::new("approval \"Go\" need 2 from \"managers\" showing \"3 nodes\"\n");
    site.write(
        "bowline.toml",
        "approvals = \"unsigned\"\n[groups]\nmanagers = [\"ana\", \"bo\", \"olga\"]\n",
    );
    let mut seat = site.sits(&["run", "a.runbook"]);
    seat.sees("3 nodes");
    seat.answers("[name of approver 1 of 2, or: reject WHY]", "olga");
    seat.answers("olga operates this run", "yes");
    seat.answers("Type the name of the person", "ana");
    seat.answers("[name of approver 2 of 2", "ana");
    seat.answers("ana has approved already", "bo");
    assert_eq!(seat.leaves(), Some(0));
    let mut seat = site.sits(&["run", "a.runbook"]);
    seat.answers("[name of approver 1 of 2", "reject");
    seat.answers("Why?", "too late");
    seat.sees("too late");
    assert_eq!(seat.leaves(), Some(1));
}

#[test]
fn what_was_typed_before_the_question_is_no_answer() {
    let site = Site::new(
        "step \"Work\" {\n  run sh -c \"echo $$ > pid; while test -e a.runbook -a ! -e go; do sleep 0.02; done\"\n  rollback none \"x\"\n}\nconfirm \"Wipe all\"\n",
    );
    let mut seat = site.sits(&["run", "a.runbook"]);
    site.pid("pid");
    seat.types("yes");
    site.write("go", "");
    seat.answers("and a note]", "no, wait");
    seat.sees("no, says olga: wait");
    assert_eq!(seat.leaves(), Some(1));
}

#[test]
fn whoever_leaves_the_question_leaves_the_run_waiting() {
    let kinds = [
        ("confirm \"Ready\"", "and a note]", "yes"),
        ("confirm \"Ready\" typing \"prod\"", "to confirm, or no]", "prod"),
        ("ask name: text \"Who\"", "name: ", "ada"),
        ("ask token: secret \"What\"", "token (not shown): ", "hunter22"),
        ("judge \"Fine\" showing 1", "and a finding]", "pass"),
        ("manual \"Turn it off\" {\n  rollback none \"x\"\n}", "and a finding]", "done"),
        (
            "choose \"Which\" {\n  answer \"one\" { log \"1\" }\n  answer \"two\" { log \"2\" }\n}",
            "and a note]",
            "two",
        ),
        ("approval \"Go\" need 1 from \"ops\"", "or: reject WHY]", "bo"),
        ("gate \"G\" {\n  confirm \"Ready\"\n}", "and a note]", "yes"),
    ];
    for (statement, prompt, answer) in kinds {
        let undo = "step \"A\" {\n  run true\n  rollback { run sh -c \"echo undo >> log\" }\n}\n";
        let site = Site::new(&format!("{undo}{statement}\n"));
        site.write("bowline.toml", "approvals = \"unsigned\"\n[groups]\nops = [\"bo\"]\n");
        let mut seat = site.sits(&["run", "a.runbook"]);
        seat.sees(prompt);
        // Below a sample what is typed is shown by whoever asks, so that it can be drawn again with it.
        let echoes = !statement.contains("secret") && !statement.starts_with("judge");
        seat.waits_for_echo(echoes);
        seat.hits(CTRL_D);
        seat.sees("(left without an answer)");
        seat.sees("go on with `bowline resume");
        assert_eq!((seat.leaves(), site.log().as_str()), (Some(5), ""), "{statement}");
        let mut seat = site.sits(&["resume", &site.run_id()]);
        seat.sees(prompt);
        seat.waits_for_echo(echoes);
        seat.types(answer);
        assert_eq!((seat.leaves(), site.log().as_str()), (Some(0), ""), "{statement}");
    }
}

/// With somebody there the policy for nobody does not count: what was done stays, and is asked about again.
#[test]
fn whoever_leaves_the_question_what_now_touches_nothing() {
    let undo =
        "step \"A\" {\n  run sh -c \"echo a >> log\"\n  rollback { run sh -c \"echo undo >> log\" }\n}\n";
    let failed = "step \"B\" {\n  run test -e fixed\n  rollback none \"x\"\n}\n";
    let held = "gate \"G\" {\n  check \"C\" {\n    run test -e fixed\n  }\n}\n";
    let committed = format!("commit \"Done\"\n{failed}");
    for (rest, question, again, code) in
        [(failed, "? B\n", "retry", 5), (held, "? G\n", "test again", 5), (&committed, "? B\n", "retry", 4)]
    {
        let site = Site::new(&format!("{undo}{rest}"));
        let mut seat = site.sits(&["run", "a.runbook"]);
        seat.sees(question);
        seat.sees(", and a note] ");
        seat.hits(CTRL_D);
        seat.sees("(left without an answer)");
        assert_eq!((seat.leaves(), site.log().as_str()), (Some(code), "a"), "{rest}");
        site.write("fixed", "");
        let mut seat = site.sits(&["resume", &site.run_id()]);
        let code = seat.leaves_or_answers(", and a note] ", again);
        assert_eq!((code, site.log().as_str()), (Some(0), "a"), "{rest}");
    }
}

/// After a stop the first question is whether to undo; leaving it undoes nothing, and while undoing nothing more.
#[test]
fn whoever_leaves_the_question_after_a_stop_touches_nothing() {
    let site = Site::new(
        "step \"A\" {\n  run sh -c \"echo a >> log\"\n  rollback { run sh -c \"echo undo >> log\" }\n}\nconfirm \"Ready\"\n",
    );
    let mut seat = site.sits(&["run", "a.runbook"]);
    seat.sees("and a note]");
    seat.hits(CTRL_C);
    seat.sees("[1-3, and a note] ");
    seat.hits(CTRL_D);
    seat.sees("(left without an answer)");
    assert_eq!((seat.leaves(), site.log().as_str()), (Some(5), "a"));
}

#[test]
fn a_question_cut_by_a_kill_is_asked_again() {
    let site = Site::new(
        "step \"A\" {\n  run sh -c \"echo a >> log\"\n  rollback none \"x\"\n}\nconfirm \"Ready\"\n",
    );
    let mut seat = site.sits(&["run", "a.runbook"]);
    seat.sees("? Ready");
    seat.signal(rustix::process::Signal::KILL);
    assert_eq!(seat.leaves(), None);
    ends(seat.pid());
    let mut seat = site.sits(&["resume", &site.run_id()]);
    seat.answers("? Ready", "yes");
    assert_eq!((seat.leaves(), site.log().as_str()), (Some(0), "a"));
}

#[test]
fn what_the_file_does_not_answer_is_asked() {
    let site = logging("confirm \"One\"\nconfirm \"Two\"", "");
    site.write("answers.toml", "[One]\nanswer = true\n");
    let mut seat = site.sits(&["run", "a.runbook", "--answers", "answers.toml"]);
    seat.answers("? Two", "y");
    assert_eq!(seat.leaves(), Some(0));
    assert!(!seat.shown().contains("? One"), "{}", seat.shown());
}

#[test]
fn what_a_value_would_do_to_the_terminal_is_spelled_out() {
    let lines = "let bad = look run printf '\\033[2Jx\\rdone'\njudge \"Look\" showing bad\n";
    let site = Site::new(lines);
    let mut seat = site.sits(&["run", "a.runbook"]);
    seat.sees("\\u{1b}[2Jx");
    seat.answers("[pass / fail", "pass");
    assert_eq!(seat.leaves(), Some(0));
    assert!(!seat.shown().contains("\u{1b}[2J"), "{}", seat.shown());
}
