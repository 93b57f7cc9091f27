//! Values that have bitten others, and random ones made of them.

use proptest::prelude::*;

/// Each has broken a shell, a URL, a template, a parser or a terminal somewhere.
pub(crate) const NASTY: &[&str] = &[
    "",
    " ",
    "a b",
    " leading and trailing ",
    "\t",
    "\n",
    "two\nlines\n",
    "\r\n",
    "'",
    "\"",
    "it's \"quoted\"",
    "`touch pwned`",
    "$(touch pwned)",
    "${HOME}",
    "$HOME",
    "; touch pwned #",
    "&& touch pwned",
    "| touch pwned",
    "> pwned",
    "-rf",
    "--",
    "--help",
    "-",
    "*",
    "?",
    "[a-z]*",
    "~",
    "~root",
    "{}",
    "{v0}",
    "{{",
    "}}",
    "{...v0}",
    "%s%n",
    "%2F%00",
    "\\",
    "\\n",
    "\\\\'",
    "!!",
    "#not a comment",
    "NAME=value",
    "a,b",
    "null",
    "true",
    "1e999",
    "0x10",
    "[1, 2]",
    "{\"a\": 1}",
    "é",
    "日本語",
    "😀👩‍👩‍👧",
    "\u{202e}txt.exe",
    "\u{feff}",
    "\u{1b}[31mred",
    "\u{7f}",
    "\u{85}",
    "a/b?c=d&e=f#g",
    "+",
    "://",
    "@host",
    ":80",
    "...",
];

/// Nasty texts, several of them behind each other, and any other text; never a NUL.
pub(crate) fn texts(count: usize) -> impl Strategy<Value = Vec<String>> {
    let nasty = prop::collection::vec(prop::sample::select(NASTY), 1..4).prop_map(|parts| parts.concat());
    let any = prop::collection::vec(prop::char::any().prop_filter("no NUL", |char| *char != '\0'), 0..20)
        .prop_map(String::from_iter);
    prop::collection::vec(prop_oneof![2 => nasty, 1 => any], count)
}

/// Runs a test over a few lists of random values. Each is a run of the real binary: there are few.
pub(crate) fn over(count: usize, test: impl Fn(Vec<String>)) {
    let config = ProptestConfig {
        cases: 4,
        max_shrink_iters: 40,
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    let mut runner = proptest::test_runner::TestRunner::new(config);
    let result = runner.run(&texts(count), |values| {
        test(values);
        Ok(())
    });
    result.unwrap();
}

/// The known ones, in lists of that length at most.
pub(crate) fn known(count: usize, test: impl Fn(Vec<String>)) {
    NASTY.chunks(count).for_each(|values| test(values.iter().map(|value| (*value).to_owned()).collect()));
}
