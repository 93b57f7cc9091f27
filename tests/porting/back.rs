//! There and back: every bundled runbook is exported and imported again.

use bowline::export::guide;
use bowline::import::{Kind, import};
use bowline::view::plan::{Item, Outline};
use proptest::prelude::*;

use crate::told::{Step, all, compiled, outlined, phases, steps};

/// Words, whatever is between them.
fn words(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

#[test]
fn steps_titles_order_commands_and_prose_come_back() {
    let runbooks = all();
    assert!(runbooks.len() >= 20, "{}", runbooks.len());
    let mut wrong = vec![];
    let mut kept = Kept::default();
    for (name, outline) in &runbooks {
        let document = guide(None, std::slice::from_ref(outline));
        let back = import(document.as_bytes(), "back.md");
        assert_eq!(back.report.unplaced, 0, "{name}");
        let again = compiled(&back.text);
        if again.has_errors() {
            wrong.push(format!("{name}: {:#?}", again.diagnostics));
            continue;
        }
        let new = outlined(&again);
        let said = |outline: &Outline| (outline.title.clone(), outline.prose.as_deref().map(words));
        if said(&new) != said(outline) {
            wrong.push(format!("{name}: {:?} and not {:?}", said(&new), said(outline)));
        }
        let (before, after) = (steps(&outline.items), steps(&new.items));
        if titles(&before) != titles(&after) {
            wrong.push(format!("{name}: {:#?} and not {:#?}", titles(&after), titles(&before)));
            continue;
        }
        // A loop or another group comes back as a phase beside those of the runbook.
        let wanted = phases(&outline.items);
        let there: Vec<String> =
            phases(&new.items).into_iter().filter(|title| wanted.contains(title)).collect();
        assert_eq!(there, wanted, "{name}");
        for (before, after) in before.iter().zip(&after) {
            wrong.extend(differs(name, before, after));
            kept.count(before, after);
        }
    }
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong.join("\n"));
    // What may become a person's is no way out for all of it: so much comes back as it was.
    let least = Kept { commands: 108, undos: 37 };
    assert!(kept.commands >= least.commands && kept.undos >= least.undos, "{kept:?} and not {least:?}");
}

/// How many steps come back with their commands as commands, and how many with how they are undone.
#[derive(Debug, Default)]
struct Kept {
    commands: usize,
    undos: usize,
}

impl Kept {
    fn count(&mut self, before: &Step, after: &Step) {
        self.commands += usize::from(!before.commands.is_empty() && before.commands == after.commands);
        self.undos += usize::from(!before.undo.is_empty() && before.undo == after.undo);
    }
}

/// Titles of steps; those of two steps in one place must differ in a file, so the second has a number.
fn titles(steps: &[Step]) -> Vec<String> {
    let bare = |step: &Step| step.title.strip_suffix(" (2)").unwrap_or(&step.title).to_owned();
    steps.iter().map(bare).collect()
}

/// The commands of a step come back as commands; where a person must do it, its prose has them all, word by word.
fn differs(name: &str, before: &Step, after: &Step) -> Option<String> {
    let by_hand = after.commands.is_empty() && !before.commands.is_empty();
    let told = words(&after.prose);
    let holds = |text: &str| words(text).iter().all(|word| told.contains(word));
    let same = if by_hand {
        before.commands.iter().all(|command| holds(command))
    } else {
        before.commands == after.commands
    };
    let undone = before.undo == after.undo || after.undo.is_empty();
    let prose = by_hand && holds(&before.prose) || words(&before.prose) == words(&after.prose);
    (!(same && undone && prose)).then(|| format!("{name}: {before:#?}\ncame back as {after:#?}"))
}

#[test]
fn what_markdown_cannot_carry_comes_back_as_remarks() {
    let text = "runbook \"Careful\" 1.0.0\n\nphase \"Move\" {\n  guard \"Errors stay rare\" every 15s misses 3 { run test -f ok }\n  check \"It answers\" within 10m every 30s { run curl -fsS http://127.0.0.1/ }\n  approval \"Go\" need 2 from \"owners\" within 4h\n  step \"Move it\" timeout 5m retry 3 every 10s idempotent {\n    run mv a b\n    rollback { run mv b a }\n  }\n  wait 2m \"Let it settle\"\n}\ncommit \"It is moved\"\n";
    let outline = outlined(&compiled(text));
    let document = guide(None, std::slice::from_ref(&outline));
    let back = import(document.as_bytes(), "back.md");
    for words in ["Errors stay rare", "misses 3", "need 2 from", "retry 3 every 10s", "It is moved"] {
        let told = back
            .text
            .lines()
            .find(|line| line.contains(words))
            .unwrap_or_else(|| panic!("{words}\n{}", back.text));
        assert!(told.trim_start().starts_with("# line ") && told.contains(": not carried: "), "{told}");
    }
    assert!(back.text.contains("rollback {\n      run mv b a\n    }"), "{}", back.text);
    assert!(back.report.remarks_of(Kind::Lost) > 5, "{:?}", back.report);
}

#[test]
fn checks_that_run_programs_gates_confirms_and_waits_come_back_as_they_were() {
    let body = "gate \"Ready\" {\n  confirm \"Nobody `else` *changes* it (really)\"\n  check \"The file is here\" {\n    run test -f \"a b\"\n    run grep -q 'x*y' list\n  }\n}\nstep \"Move it\" {\n  run mv a b\n  rollback { run mv b a }\n}\ncheck \"It answers\" within 10m every 30s {\n  run curl -fsS http://127.0.0.1/\n}\nwait 2m \"Let it settle\"\nconfirm \"It looks right\"\n";
    let before = compiled(&format!("runbook \"Careful\" 1.0.0\n\n{body}"));
    let outline = outlined(&before);
    let document = guide(None, std::slice::from_ref(&outline));
    let back = import(document.as_bytes(), "back.md");
    assert_eq!(back.report.unplaced, 0, "{}\n{}", document, back.text);
    let again = compiled(&back.text);
    assert!(!again.has_errors(), "{:#?}\n{}", again.diagnostics, back.text);
    let told = |items: &[Item]| judged(items).join("\n");
    assert_eq!(told(&outlined(&again).items), told(&outline.items), "{}", back.text);
    assert!(told(&outline.items).contains("curl -fsS"), "{}", told(&outline.items));
}

/// What a plan looks at, asks and waits for, in its order.
fn judged(items: &[Item]) -> Vec<String> {
    let own = |item: &Item| {
        let of = ["gate", "check", "confirm", "wait", "run"].contains(&item.kind);
        of.then(|| format!("{} {:?} {:?} {:?}", item.kind, item.title, item.text, item.options))
    };
    let steps = |item: &&Item| !["step", "manual"].contains(&item.kind);
    items.iter().filter(steps).flat_map(|item| own(item).into_iter().chain(judged(&item.items))).collect()
}

#[test]
fn a_decision_comes_back_as_a_question() {
    let text = "runbook \"Which\" 1.0.0\ninput fast: bool\nif fast {\n  step \"Jump\" {\n    run jump\n    rollback none \"x\"\n  }\n} else {\n  step \"Walk\" {\n    run walk\n    rollback none \"x\"\n  }\n}\n";
    let outline = outlined(&compiled(text));
    let document = guide(None, std::slice::from_ref(&outline));
    let back = import(document.as_bytes(), "back.md");
    assert!(
        back.text.contains("choose \"Only if `fast`\" {\n  answer \"yes\" {\n    step \"Jump\""),
        "{}",
        back.text
    );
    assert!(back.text.contains("rollback none \"x\""), "{}", back.text);
    assert!(!compiled(&back.text).has_errors(), "{}", back.text);
}

/// A step of any kind, without its number.
fn any_step() -> impl Strategy<Value = String> {
    let title = "[A-Za-z][A-Za-z0-9 *_<>#|~&()!.:-]{0,24}[A-Za-z]";
    let word = "[A-Za-z0-9/_=:@%+.-]{1,8}|'[a-z *$|#~-]{1,6}'";
    let prose = proptest::collection::vec("[A-Za-z][A-Za-z0-9 ,.*_-]{0,40}[a-z.]|", 0..3);
    let commands = proptest::collection::vec(proptest::collection::vec(word, 0..4), 0..3);
    (title, prose, commands, 0..3).prop_map(|(title, prose, commands, undo)| {
        let text = prose.join("\n");
        let prose = if text.trim().is_empty() { String::new() } else { format!("\"\"\"\n{text}\n\"\"\"\n") };
        let runs: Vec<String> =
            commands.iter().map(|words| format!("run echo {}\n", words.join(" "))).collect();
        let runs = runs.concat();
        let undo = match undo {
            0 => "rollback none \"nothing stays\"\n".to_owned(),
            1 => format!("rollback {{\nrun undo {}\n}}\n", commands.len()),
            _ => "rollback none \"x\"\nrestore {\nrun put back\n}\n".to_owned(),
        };
        let kind = if runs.is_empty() { "manual" } else { "step" };
        format!("{kind} \"AT {title}\" {{\n{prose}{runs}{undo}}}\n")
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_steps_come_back(phases in proptest::collection::vec(proptest::collection::vec(any_step(), 1..4), 1..4)) {
        let mut text = "runbook \"Any\" 1.0.0\n".to_owned();
        for (number, steps) in phases.iter().enumerate() {
            let steps = steps.iter().enumerate().map(|(at, step)| step.replacen("AT", &format!("{number}{at}"), 1));
            let steps: String = steps.collect();
            text += &if number == 0 { steps } else { format!("phase \"Phase {number}\" {{\n{steps}}}\n") };
        }
        let whole = compiled(&text);
        prop_assert!(!whole.has_errors(), "{:#?}\n{text}", whole.diagnostics);
        let outline = outlined(&whole);
        let document = guide(None, std::slice::from_ref(&outline));
        let back = import(document.as_bytes(), "back.md");
        prop_assert_eq!(back.report.unplaced, 0);
        let again = compiled(&back.text);
        prop_assert!(!again.has_errors(), "{:#?}\n{}", again.diagnostics, back.text);
        let (before, after) = (steps(&outline.items), steps(&outlined(&again).items));
        prop_assert_eq!(titles(&before), titles(&after));
        for (before, after) in before.iter().zip(&after) {
            prop_assert_eq!(differs("any", before, after), None, "{}\n{}", document, back.text);
            prop_assert!(after.commands == before.commands, "{before:#?}\n{after:#?}");
        }
    }
}

/// Titles, commands and prose as they follow each other.
fn read(items: &[Item]) -> Vec<String> {
    let own = |item: &Item| {
        let said = [&item.title, &item.text, &item.prose].into_iter().flatten().cloned();
        said.chain(read(&item.items)).collect::<Vec<_>>()
    };
    items.iter().flat_map(own).collect()
}

#[test]
fn prose_stands_where_it_stood() {
    let prose = |text: &str| format!("\"\"\"\n{text}\n\"\"\"\n");
    let step = |at: usize| {
        let [before, between, behind] =
            ["before", "between", "behind"].map(|place| prose(&format!("{at} {place}")));
        let undo = format!("rollback {{\n{before}run undo\n{behind}}}\n");
        format!("step \"Step {at}\" {{\n{before}run one\n{between}run two\n{undo}{behind}}}\n")
    };
    let text = format!(
        "runbook \"Places\" 1.0.0\n{}\n{}{}{}phase \"Last\" {{\n{}check \"It is\" {{\n{}run true\n{}}}\n{}{}}}\n{}",
        prose("Of the runbook."),
        step(1),
        prose("Between them.\n\n## Not a phase"),
        step(2),
        prose("Of the phase."),
        prose("Of the check."),
        prose("Behind the program."),
        step(3),
        prose("At its end."),
        prose("At the end: rm -rf is for later."),
    );
    let outline = outlined(&compiled(&text));
    let told = read(&outline.items);
    let at = |words: &str| {
        told.iter().position(|one| one.starts_with(words)).unwrap_or_else(|| panic!("{words}: {told:#?}"))
    };
    let places = [
        "Step 1",
        "1 before",
        "one",
        "1 between",
        "two",
        "1 behind",
        "Between",
        "Step 2",
        "Last",
        "Of the phase",
        "It is",
        "Of the check",
        "true",
        "Behind the program",
        "Step 3",
        "At its end",
        "At the end",
    ];
    assert!(places.map(at).is_sorted(), "{told:#?}");
    assert_eq!(outline.prose.as_deref(), Some("Of the runbook."));
    let document = guide(None, std::slice::from_ref(&outline));
    insta::assert_snapshot!("prose_stands_where_it_stood", document);
    let back = import(document.as_bytes(), "back.md");
    let again = outlined(&compiled(&back.text));
    assert_eq!(steps(&again.items), steps(&outline.items), "{}", back.text);
    // A check with prose is more than the words of a list carry: it comes back as remarks.
    let lost = ["It is", "Of the check.", "true", "Behind the program."];
    let kept = |told: &[String]| {
        told.iter().filter(|one| !lost.contains(&one.as_str())).cloned().collect::<Vec<_>>()
    };
    assert_eq!(kept(&read(&again.items)), kept(&told), "{}", back.text);
}
