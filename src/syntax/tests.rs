//! What well-formed and broken texts become.

use super::parse;
use super::tree::{Line, Tree};
use crate::text::{Source, SourceId};

fn read(text: &str) -> (Tree, Vec<String>) {
    let source = Source::new("t.runbook", text);
    let (tree, diagnostics) = parse(SourceId(0), &source);
    let place = |at: u32| source.position(at);
    let told = diagnostics.iter().map(|one| {
        let at = place(one.primary.span.start);
        format!("{} {}:{} {}", one.code.id, at.line, at.column, one.message)
    });
    (tree, told.collect())
}

#[test]
fn the_bundled_runbooks_are_read_whole() {
    for text in [
        include_str!("../../runbooks/memoria/self-managed-ga.runbook"),
        include_str!("../../runbooks/memoria/memoria.runbook"),
    ] {
        let (tree, told) = read(text);
        assert_eq!(told, Vec::<String>::new());
        assert!(tree.lines.iter().all(|line| matches!(line, Line::Stmt(_))));
    }
}

#[test]
fn five_mistakes_are_five_reports() {
    let text = "runbook \"x\" 1.0.0\n\
        step \"a\" {\n  run echo a | cat\n}\n\
        ) oops\n\
        step \"b\" {\n  let x = 3 = 4\n  run true\n}\n\
        }\n\
        step \"c\" {\n  - item\n}\n\
        log \"end\"\n";
    let (tree, told) = read(text);
    insta::assert_snapshot!(told.join("\n"));
    assert_eq!(tree.lines.len(), 7);
}

#[test]
fn deep_nesting_is_one_report() {
    for deep in ["[", "(", "{", "\"{"] {
        let (_, told) = read(&format!("let x = {}\nlog \"x\"\n", deep.repeat(10_000)));
        assert_eq!(told.len(), 1, "{deep}: {told:?}");
        assert!(told.concat().starts_with("E0004"), "{told:?}");
    }
}

#[test]
fn what_is_not_closed_is_reported_where_it_opened() {
    let (_, told) = read("runbook \"x\" 1.0.0\nstep \"a\" {\n  run true\n\nstep \"b\" {\n  run true\n}\n");
    assert_eq!(told, ["E0102 2:10 this `{` is never closed"]);
    let (_, told) = read("runbook \"x\" 1.0.0\n\"\"\"\nprose\n\nstep \"b\" {\n  run true\n}\n");
    assert!(told.first().is_some_and(|one| one == "E0102 2:1 this prose is never closed"), "{told:?}");
}

#[test]
fn nesting_of_256_is_read_on_a_small_stack() {
    let text = format!("let x = {}1{}\n", "[".repeat(250), "]".repeat(250));
    let (_, told) = read(&text);
    assert_eq!(told, Vec::<String>::new());
    let blocks = format!("{}run true\n{}", "phase \"x\" {\n".repeat(250), "}\n".repeat(250));
    assert_eq!(read(&blocks).1, Vec::<String>::new());
}

/// Deep things of every kind, each within the bounds.
fn deep() -> Vec<(&'static str, String)> {
    let n = 250;
    let nested =
        |open: &str, inner: &str, close: &str| format!("{}{inner}{}", open.repeat(n), close.repeat(n));
    vec![
        ("blocks", nested("if a {\n", "log \"x\"\n", "} else {\n  log \"y\"\n}\n")),
        ("else blocks", nested("if a {\n  log \"y\"\n} else {\n", "log \"x\"\n", "}\n")),
        ("attempts", nested("attempt \"a\" {\n  log \"y\"\n} otherwise {\n", "log \"x\"\n", "}\n")),
        ("indexes", format!("let x = {}\n", nested("a[", "1", "]"))),
        ("else if", format!("if a {{\n}}{}\n", " else if a {\n}".repeat(n))),
        ("values", format!("let x = {}1\n", "if a then 1 else ".repeat(n))),
        ("conditions", format!("let x = {}a{}\n", "if ".repeat(n), " then 1 else 2".repeat(n))),
        ("texts", format!("log {}\"x\"{}\n", "\"{".repeat(n), "}\"".repeat(n))),
        ("not", format!("let x = {}a\n", "not ".repeat(n))),
        ("calls", format!("let x = {}\n", nested("f(", "1", ")"))),
        ("objects", format!("let x = {}\n", nested("{ a: ", "1", " }"))),
        ("types", format!("input x: {}int\n", "list of ".repeat(n))),
        ("fields", format!("let x = a{}\n", ".b".repeat(n))),
        ("sums", format!("let x = 1{}\n", " + 1".repeat(n))),
    ]
}

#[test]
fn deep_things_are_read_on_a_small_stack() {
    for (what, text) in deep() {
        let small = std::thread::Builder::new().stack_size(1 << 20);
        let told = small.spawn(move || read(&text).1).unwrap().join().unwrap();
        assert_eq!(told, Vec::<String>::new(), "{what}");
    }
}

#[test]
fn what_is_joined_without_end_is_one_report() {
    let many = 20_000;
    let nested = format!("{}1{}", "(".repeat(200), format!("{})", " + 1".repeat(200)).repeat(200));
    for text in [
        format!("1{}", " + 1".repeat(many)),
        format!("a{}", " and a".repeat(many)),
        format!("{}1", "-".repeat(many)),
        format!("a{}", ".b".repeat(many)),
        format!("a{}", "[0]".repeat(many)),
        format!("f{}", "()".repeat(many)),
        nested,
    ] {
        let (_, told) = read(&format!("let x = {text}\nlog \"x\"\n"));
        let [one] = told.as_slice() else { panic!("{told:?}") };
        assert!(one.starts_with("E0004 1:"), "{one}");
        assert!(one.ends_with("more than 256 operators join values here"), "{one}");
    }
}

#[test]
fn reserved_words_are_no_names() {
    for word in ["and", "or", "not", "in", "contains", "matches", "if", "then", "else", "otherwise", "until"]
    {
        let (_, told) = read(&format!("let {word} = 1\n"));
        assert!(!told.is_empty(), "{word}");
        let (_, told) = read(&format!("let {word}s = 1\nlog {word}s\n"));
        assert_eq!(told, Vec::<String>::new(), "{word}s");
    }
}

#[test]
fn a_text_of_wide_letters_is_one_report() {
    let text: String = "runbook \"x\" 1.0.0\nlog \"x\"\n".chars().flat_map(|c| [c, '\0']).collect();
    assert_eq!(read(&text).1, ["E0003 1:1 the file looks like UTF-16"]);
}

#[test]
fn what_is_mended_is_read_where_it_stands() {
    let text = "runbook \"x\" 1.0.0\nphase \"p\":\n  step \"s\" do\n    ??\n    run true\nlog )\n";
    let (tree, told) = read(text);
    let places = ["E0308 2:10", "E0308 3:12", "E0101 4:5", "E0103 6:5"];
    assert_eq!(told.iter().map(|one| one.split_at(10).0.trim_end()).collect::<Vec<_>>(), places, "{told:?}");
    let Some(Line::Stmt(phase)) = tree.lines.get(1) else { panic!("{tree:?}") };
    assert_eq!(&text[phase.span.range()], text.split_at(18).1.split("\nlog").next().unwrap());
}
