//! A head that is written by half, as while one types: one report, which says what comes next, whatever stands below it.
//! And what is bound by a line that shows no name, or shows it in pieces.

use std::fmt::Write as _;

use crate::check::told;
use crate::mistakes::{in_every_runbook, made, reports, text_of};

/// Where a head may stand.
#[derive(Clone, Copy, PartialEq)]
enum At {
    Top,
    Step,
    Both,
}

/// Heads written by half, where they may stand, and a line that may stand in their blocks.
const HEADS: &[(&str, At, Option<&str>)] = &[
    ("step", At::Top, LOG),
    ("step \"New\"", At::Top, None),
    ("check", At::Both, LOG),
    ("check \"New\" within", At::Both, LOG),
    ("phase", At::Top, LOG),
    ("gate", At::Top, LOG),
    ("scenario", At::Top, Some("ran \"First\"")),
    ("scenario \"New\"", At::Top, None),
    ("if", At::Both, LOG),
    ("if not", At::Both, LOG),
    ("if name ==", At::Both, LOG),
    ("if name == \"a\"", At::Both, None),
    ("for", At::Both, LOG),
    ("for each", At::Both, LOG),
    ("for each in", At::Both, LOG),
    ("for each in hosts", At::Both, None),
    ("for in hosts", At::Both, Some("log \"{each}\"")),
    ("attempt", At::Top, LOG),
    ("repeat", At::Both, LOG),
    ("every", At::Top, LOG),
    ("choose", At::Top, Some("answer \"Yes\" { log \"yes\" }")),
    ("manual", At::Top, None),
    ("confirm", At::Both, None),
    ("approval", At::Top, None),
    ("commit", At::Top, None),
    ("ask", At::Both, None),
    ("ask fresh", At::Both, None),
    ("ask fresh:", At::Both, None),
    ("input", At::Top, None),
    ("input fresh", At::Top, None),
    ("input fresh:", At::Top, None),
    ("input fresh: text =", At::Top, None),
    ("let", At::Both, None),
    ("let fresh", At::Both, None),
    ("let fresh:", At::Both, None),
    ("let fresh: text", At::Both, None),
    ("let fresh =", At::Both, None),
    ("let fresh: text =", At::Both, None),
    ("let fresh = name +", At::Both, None),
    ("let fresh = look", At::Both, None),
    ("let fresh = look run", At::Both, None),
    ("let fresh = run", At::Both, None),
    ("let fresh = http", At::Both, None),
    ("let fresh = http GET", At::Both, None),
    ("let fresh = confirm", At::Both, None),
    ("run", At::Both, None),
    ("look", At::Both, None),
    ("look run", At::Both, None),
    ("http", At::Both, Some("timeout 5s")),
    ("http GET", At::Both, Some("timeout 5s")),
    ("expect", At::Step, None),
    ("expect not", At::Step, None),
    ("expect name ==", At::Step, None),
    ("log", At::Both, None),
    ("wait", At::Both, None),
    ("wait until", At::Both, None),
    ("rollback", At::Step, None),
    ("restore", At::Step, None),
    ("env", At::Step, None),
    ("env NAME", At::Step, None),
    ("env NAME =", At::Step, None),
    ("hint", At::Step, None),
    ("evidence", At::Both, None),
    ("artifact", At::Both, None),
    ("notify", At::Both, None),
    ("fail", At::Top, None),
    ("end", At::Top, None),
    ("use", At::Top, None),
    ("guard", At::Top, None),
    ("exclusive", At::Top, None),
    ("fresh =", At::Both, None),
    ("else", At::Both, None),
    ("until", At::Both, None),
];

const LOG: Option<&str> = Some("log \"inside {name}\"");

/// A runbook with room for lines at its top and in a step.
fn runbook(top: &str, step: &str) -> String {
    format!(
        r#"runbook "Half" 1.0.0

input hosts: list of text = ["a", "b"] "Hosts"
input name:  text         = "n"        "Name"

{top}
step "First" {{
  run true {{name}}
  rollback none "nothing to undo"
{step}
  for h in hosts {{
    log "to {{h}}"
  }}
}}

step "Second" {{
  run true
  rollback none "nothing to undo"
}}
"#
    )
}

/// The shapes of what stands below a head: nothing, lines that are only indented, a block without a line, and with one.
fn shapes(head: &str, inside: Option<&str>, indent: &str) -> Vec<String> {
    let line = inside.unwrap_or("log \"inside {name}\"");
    // An empty pair of braces behind a sign is a map.
    let empty = !head.ends_with([':', '=']) && !head.ends_with(" in");
    let mut shapes = vec![format!("{indent}{head}"), format!("{indent}{head}\n{indent}  {line}")];
    if inside.is_some() {
        shapes.push(format!("{indent}{head} {{\n{indent}  {line}\n{indent}}}"));
        shapes.extend(empty.then(|| format!("{indent}{head} {{\n{indent}}}")));
    }
    shapes
}

#[test]
fn a_head_written_by_half_is_one_report_that_says_what_comes_next() {
    let (mut wrong, mut all) = (vec![], String::new());
    for (head, at, inside) in HEADS {
        for step in [false, true] {
            if *at != At::Both && step != (*at == At::Step) {
                continue;
            }
            for (number, shape) in shapes(head, *inside, if step { "  " } else { "" }).iter().enumerate() {
                let text = if step { runbook("", shape) } else { runbook(shape, "") };
                let compiled = reports("half.runbook", &text);
                if compiled.diagnostics.len() != 1 {
                    wrong.push(format!("{shape}\n{}", told(&compiled)));
                } else if number == 0 && (!step || *at == At::Step) {
                    let one = &compiled.diagnostics[0];
                    writeln!(all, "{head}\n  {} {}\n  {}", one.code.id, one.message, one.help.join("; "))
                        .unwrap();
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} differ\n{}", wrong.len(), wrong.join("\n"));
    insta::assert_snapshot!(all);
}

/// What differs where a head by half stands at the top of a runbook, and in a step of it, and how often one was tried.
fn halves(name: &str) -> (usize, Vec<String>) {
    let text = text_of(name);
    let (mut tried, mut wrong) = (0, vec![]);
    if !reports(name, &text).diagnostics.is_empty() {
        return (tried, wrong);
    }
    let lines: Vec<&str> = text.lines().collect();
    // Beside a step of a module nothing else stands.
    let runs = |pair: &[&str]| pair[0].starts_with("step \"") && pair[1].starts_with("  run ");
    let step = lines.windows(2).position(runs);
    // Some of the heads, others in the next runbook.
    let some = HEADS.iter().skip(name.len() % 3).step_by(3);
    let known = |head: &str| !head.contains("hosts") && !head.contains("name");
    for (head, at, _) in some.filter(|(head, ..)| known(head)) {
        let Some(step) = step else { break };
        let inside = *at == At::Step;
        let place = step + usize::from(inside);
        let line = format!("{}{head}", if inside { "  " } else { "" });
        let mut changed = lines.clone();
        changed.insert(place, &line);
        let compiled = reports(name, &(changed.join("\n") + "\n"));
        tried += 1;
        if compiled.diagnostics.len() != 1 {
            wrong.push(format!("{name}:{}: {head}\n{}", place + 1, told(&compiled)));
        }
    }
    (tried, wrong)
}

#[test]
fn a_head_written_by_half_in_any_runbook_is_one_report() {
    in_every_runbook(halves);
}

/// The codes and the marked words of what is told of a runbook.
fn marked(text: &str) -> Vec<String> {
    let compiled = reports("half.runbook", text);
    let marked = |one: &bowline::diag::Diagnostic| {
        let words = compiled.sources.get(one.primary.span.source).unwrap().slice(one.primary.span);
        format!("{} {words}", one.code.id)
    };
    compiled.diagnostics.iter().map(marked).collect()
}

#[test]
fn a_line_without_a_name_hides_one_name_and_no_other() {
    let cases: &[(&str, &[&str])] = &[
        // Alone it binds nothing yet.
        ("let\nlog \"{tag}\"", &["E0303 let", "E0201 tag"]),
        ("input\nlog \"{tag}\"", &["E0303 input", "E0201 tag"]),
        ("for\nlog \"{tag}\"", &["E0303 for", "E0201 tag"]),
        // One name is its own, and rather a strange one.
        ("let = 3\nlog \"{tag}\"", &["E0104 = 3"]),
        ("let = 3\nlog \"{tag}{tag}{other}\"", &["E0104 = 3", "E0201 other"]),
        ("let = 3\nlog \"{nmae}{tag}\"", &["E0104 = 3", "E0201 nmae"]),
        ("log \"{tag}\"\nlet = 3\nlog \"{tag}\"", &["E0201 tag", "E0104 = 3"]),
        // That of a `for` is seen in its block.
        ("for in hosts {\n  log \"{tag}\"\n}\nlog \"{other}\"", &["E0303 in", "E0201 other"]),
        ("for in hosts {\n  log \"{name}\"\n}\nlog \"{tag}\"", &["E0303 in", "E0201 tag"]),
        ("for {\n  log \"{tag}\"\n}", &["E0303 for"]),
        ("for\n  log \"{tag}\"\nlog \"{other}\"", &["E0303 for", "E0201 other"]),
        ("for a in hosts { log a }\nfor in hosts {\n  log \"{a}\"\n}", &["E0303 in"]),
    ];
    for (lines, wanted) in cases {
        assert_eq!(marked(&runbook(lines, "")), *wanted, "{lines}");
    }
}

#[test]
fn what_stands_in_a_line_with_a_mistake_is_not_unused() {
    let uses = [
        "log \"{fresh.}\"",
        "log \"{fresh\"",
        "for h of fresh {\n  log \"{h}\"\n}",
        "for (h in fresh) {\n  log \"{h}\"\n}",
        "wait fresh free",
        "jq(fresh,",
    ];
    for line in uses {
        let with = |binding: &str| runbook(&format!("{binding}\n{line}"), "");
        for binding in ["let fresh = [\"a\"]", "input fresh: list of text \"Fresh\""] {
            let compiled = reports("half.runbook", &with(binding));
            assert_eq!(compiled.diagnostics.len(), 1, "{line}\n{}", told(&compiled));
        }
    }
    // What stands nowhere else is told as what a name may be that nothing has.
    let text = runbook("let fresh = 1\nlog \"{nothing}\"", "");
    assert_eq!(marked(&text), ["E0201 nothing"]);
    assert!(told(&reports("half.runbook", &text)).contains("`fresh`, on line"));
}

#[test]
fn what_follows_from_a_misspelt_word_is_not_told() {
    let cases: &[(&str, &[&str])] = &[
        ("check \"Ready\" evrey beat within 5m {\n  expect name == \"n\"\n}", &["E0305 evrey"]),
        ("check \"Ready\" wit hin 5m every beat {\n  expect name == \"n\"\n}", &["E0305 wit"]),
        ("step \"Other\" idempoten t {\n  run true\n}", &["E0305 idempoten"]),
        (
            "step \"Other {nmae}\" idempotent {\n  run true\n  rollback none \"no\"\n}\nscenario \"S\" {\n  with nmae = \"x\"\n  ran \"Other x\"\n  ends \"completed\"\n}",
            &["E0201 nmae"],
        ),
    ];
    for (lines, wanted) in cases {
        let text = runbook(lines, "").replace("\n\ncheck", "\ninput beat: duration = 5s \"Beat\"\n\ncheck");
        assert_eq!(marked(&text), *wanted, "{lines}");
    }
}

/// What is told of a module of the library with one line changed.
fn in_module(name: &str, old: &str, new: &str) -> Vec<String> {
    let text = text_of(name);
    assert!(text.contains(old), "{old}");
    let compiled = reports(name, &text.replacen(old, new, 1));
    compiled.diagnostics.iter().map(|one| format!("{} {}", one.code.id, one.help.join("; "))).collect()
}

#[test]
fn a_definition_joined_with_its_keyword_or_named_twice_is_one_report() {
    let joined = in_module("stdlib/slack.runbook", "\nstep message(", "\nstepmessage(");
    assert_eq!(joined, ["E0301 did you mean `step message`?"]);
    let twice = in_module("stdlib/slack.runbook", "\nstep message(", "\nstep message message(");
    assert_eq!(twice.len(), 1, "{twice:?}");
    assert!(twice[0].starts_with("E0304"), "{twice:?}");
}

/// A line that gives a name, as keyword, name and what follows.
pub(crate) fn naming(line: &str) -> Option<(&str, &str, &str, &str)> {
    let code = line.trim_start();
    let (keyword, rest) = code.split_once(' ')?;
    let rest = rest.trim_start();
    let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_')?;
    let named = ["let", "input", "ask", "for"].contains(&keyword) && end > 3 && rest.is_ascii();
    named.then(|| (&line[..line.len() - code.len()], keyword, &rest[..end], &rest[end..]))
}

/// A mistake in a line: what the line becomes.
pub(crate) type Slip = fn(&str) -> Option<String>;

/// Mistakes in a name where it is given.
const NAMES: &[(&str, Slip)] = &[
    ("a dash in a name", |line| {
        let (indent, keyword, name, rest) = naming(line)?;
        Some(format!("{indent}{keyword} {}-{}{rest}", &name[..2], &name[2..]))
    }),
    ("a blank in a name", |line| {
        let (indent, keyword, name, rest) = naming(line)?;
        Some(format!("{indent}{keyword} {} {}{rest}", &name[..2], &name[2..]))
    }),
    ("a blank at the end of a name", |line| {
        let (indent, keyword, name, rest) = naming(line)?;
        let last = name.len() - 1;
        Some(format!("{indent}{keyword} {} {}{rest}", &name[..last], &name[last..]))
    }),
    ("a name joined with the keyword", |line| {
        let (indent, keyword, name, rest) = naming(line)?;
        Some(format!("{indent}{keyword}{name}{rest}"))
    }),
    ("no keyword", |line| {
        let (indent, keyword, name, rest) = naming(line)?;
        (keyword != "for").then(|| format!("{indent}{name}{rest}"))
    }),
];

/// All lines of a text, by number.
pub(crate) fn all_lines(text: &str) -> Vec<usize> {
    (0..text.lines().count()).collect()
}

/// One place of so many, another one for each runbook and each mistake.
pub(crate) fn another(name: &str, number: usize, places: usize) -> Vec<usize> {
    vec![(name.len() + number) % places.max(1)]
}

#[test]
fn a_name_given_wrongly_is_one_report() {
    in_every_runbook(|name| made(name, NAMES, all_lines, another));
}

#[test]
fn other_letters_in_prose_and_scripts_are_no_names() {
    let lines = "\"\"\"\ninput größe: int\nlet größe = 3\n\"\"\"\nstep \"B\" {\n  ```python3\n  for größe in [1]:\n      print(größe)\n  ```\n  # let größe = 3\n  rollback none \"x\"\n}";
    assert_eq!(marked(&runbook(lines, "")), Vec::<String>::new());
    let both = marked(&runbook("let größe = 1\nlet grüße = 2\nlog \"{größe} {grüße}\"", ""));
    assert_eq!(both, ["E0104 größe", "E0104 grüße"]);
}

#[test]
fn a_deep_line_behind_half_a_value_is_told() {
    let deep = runbook(&format!("let x = 1 +\n{}\nlog \"{{x}}\"", "(".repeat(100_000)), "");
    assert!(!reports("half.runbook", &deep).diagnostics.is_empty());
}
