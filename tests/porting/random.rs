//! Any document: what comes out is a runbook that checks, plans and is formatted, and it has every word.

use bowline::fmt::format;
use bowline::import::import;
use bowline::text::Source;
use proptest::prelude::*;

use crate::told::compiled;

/// A line of Markdown, whole or broken.
fn line() -> impl Strategy<Value = String> {
    let text = "[A-Za-z<>{}$\\[\\]\"'`*_# |:.!-]{0,40}";
    prop_oneof![
        4 => text.prop_map(|text| text),
        1 => "#{1,6} [A-Za-z {}\"]{0,20}".prop_map(|text| text),
        3 => ("[1-9]\\. |- |\\* |- \\[ \\] |  - |   1. |> ", text).prop_map(|(marker, text)| marker + &text),
        2 => "```(sh|bash|console|sql|)( run)?|~~~|```sh ls```|ls```|text ```sh".prop_map(|text| text),
        2 => "(\\$ )?(kubectl|run|systemctl|cd|for|if|cat|echo) [a-z<>{}$A-Z\"'|&;*~#-]{0,20}".prop_map(|text| text),
        1 => "<!-- [a-z\"]{0,9}( -->)?|\"\"\"|---|\\| a \\| b \\||<details>|\\[x\\]: http://a|⟨a⟩|⚓ x|export A=b".prop_map(|text| text),
        2 => Just(String::new()),
    ]
}

fn document() -> impl Strategy<Value = String> {
    (proptest::bool::weighted(0.2), proptest::collection::vec(line(), 0..30)).prop_map(|(ours, lines)| {
        (if ours { "<!-- exported by bowline -->\n\n" } else { "" }).to_owned() + &lines.join("\n")
    })
}

fn holds(bytes: &[u8]) {
    let imported = import(bytes, "a.md");
    let shown = || format!("{}\n=====\n{}", String::from_utf8_lossy(bytes), imported.text);
    assert_eq!(imported.report.unplaced, 0, "{}", shown());
    assert_eq!(format(&Source::new("a", &imported.text)).text, imported.text, "{}", shown());
    let compiled = compiled(&imported.text);
    assert!(!compiled.has_errors() && compiled.plan.is_some(), "{:#?}\n{}", compiled.diagnostics, shown());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_markdown_gives_a_runbook_that_checks_and_plans(text in document()) {
        holds(text.as_bytes());
    }

    #[test]
    fn any_bytes_do(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        holds(&bytes);
    }
}

#[test]
fn deep_and_long_documents_do() {
    holds("> ".repeat(3000).as_bytes());
    let deeper: Vec<String> = (0..300).map(|depth| " ".repeat(depth) + "- deeper\n").collect();
    holds(deeper.concat().as_bytes());
    holds("# x\n".repeat(2000).as_bytes());
    holds(("<!-- exported by bowline -->\n".to_owned() + &"# x\n".repeat(2000)).as_bytes());
    holds(&[b'`'; 5000]);
    holds("```sh\nls\n".repeat(500).as_bytes());
    holds("1. do it\n".repeat(2000).as_bytes());
    holds("{code:sh}\n".repeat(20_000).as_bytes());
}

/// Processor time of this thread, in seconds: what others do meanwhile does not count.
fn worked() -> f64 {
    let times = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    times.split(' ').next().unwrap().parse::<f64>().unwrap() / 1e9
}

#[test]
fn lists_in_lists_take_as_long_as_their_text() {
    let nested = |depth: usize| (0..depth).map(|at| "  ".repeat(at) + "- deeper\n").collect::<String>();
    let took = |text: &str| {
        let before = worked();
        assert_eq!(import(text.as_bytes(), "a.md").report.unplaced, 0);
        worked() - before
    };
    // Twice as deep is four times the text; each blank was once looked at again for every blank before it, which made it eight.
    let (half, whole) = (took(&nested(400)), took(&nested(800)));
    assert!(whole < 6.0 * half + 0.5, "{half} s and {whole} s");
}

#[test]
fn quotes_of_a_document_close_no_prose() {
    holds(b"```sh\n<!-- \"\"\"\"\"");
    for count in 1..9 {
        holds(format!("# a\n\n{}\n\nb {}", "\"".repeat(count), "\"".repeat(count)).as_bytes());
    }
}
