//! Statements against their schemas: words, operands, options, blocks, places.

use super::{check, check_file};
use crate::forms::SCHEMAS;
use insta::assert_snapshot;

#[test]
fn keywords_are_spelt_right() {
    assert_snapshot!(check(
        r#"
setp "Misspelt" {
  run one
  rollback none "no"
}
chek "Fine" { run two }
frobnicate "x" {
  log "{missing}"
}
"#
    ));
}

#[test]
fn operands_are_there_and_no_more() {
    assert_snapshot!(check(
        r#"
check { run one }
check Fine { run two }
check "Fine" "Surplus" { run three }
for in [1] { log "x" }
for x of [1] { log "y" }
wait
phase
confirm 5
http FETCH "http://x"
"#
    ));
}

#[test]
fn options_are_known_complete_and_single() {
    assert_snapshot!(check(
        r#"
step "A" timeout retry 3 every 10s { run a; rollback none "no" }
step "B" timout 10m idempotent { run b; rollback none "no" }
step "C" timeout 1m timeout 2m { run c; rollback none "no" }
step "D" timeout 5 { run d; rollback none "no" }
step "E" fast slow 3 { run e; rollback none "no" }
repeat "F" at least 5 { log "x" } until true
approval "G" need 2 from "a" or 1 from "b" or 1 from "c" within 4h
approval "H" need two from "a"
step "I" due 15m after "A" { run i; rollback none "no" }
"#
    ));
}

#[test]
fn option_words_stay_free_as_names() {
    assert_snapshot!(check(
        r#"
input timeout: duration
input every: list of text
step "A" timeout timeout { run a; rollback none "no" }
for x in every { log "{x}" }
"#
    ));
}

#[test]
fn blocks_and_tails_belong() {
    assert_snapshot!(check(
        r#"
log "x" {
  log "y"
}
step "No block"
if true { log "a" } otherwise { log "b" }
repeat "R" at most 2 { log "c" }
phase "P" { log "d" } else { log "e" }
"#
    ));
}

#[test]
fn statements_stand_in_their_places() {
    assert_snapshot!(check(
        r#"
check "Looks" {
  step "Changes" { run x; rollback none "no" }
}
step "S" {
  commit "Inside"
  run y
  rollback none "no"
}
for x in ["a"] {
  commit "In a loop {x}"
}
attempt "A" {
  end "not here"
} otherwise { log "x" }
if true {
  input late: text
  guard "G" every 1s { run z }
}
step "T" {
  if true {
    rollback { run undo }
  }
  run t
}
expect true
bearer "x"
runbook "Second" 1.0.0
"#
    ));
}

#[test]
fn effects_outside_steps_only_look() {
    assert_snapshot!(check(
        r#"
run change
look run state
let x = http GET "http://x"
step "S" { look run state; run change; rollback none "no" }
look log "x"
after success { run report {x.a} }
check "C" { run look }
"#
    ));
}

#[test]
fn titles_tell_statements_apart() {
    assert_snapshot!(check(
        r#"
log "same"
log "same"
step "Same" { run a; rollback none "no" }
phase "P" { step "Same" { run a; rollback none "no" } }
if true {
  step "Same" { run a; rollback none "no" }
} else {
  step "Branch" { run a; rollback none "no" }
}
if true {
  step "Either" { run a; rollback none "no" }
} else {
  step "Either" { run a; rollback none "no" }
}
check "Branch" { run b }
"#
    ));
}

#[test]
fn files_begin_as_what_they_are() {
    assert_snapshot!(format!(
        "{}---\n{}---\n{}---\n{}---\n{}",
        check_file(&[], "log \"x\"\n"),
        check_file(&[], "runbook Title\n"),
        check_file(&[], "runbook \"Title {1}\" 1.0.0 more\n"),
        check_file(&[], "module memoria 1.0.0\n"),
        check_file(&[], "")
    ));
}

#[test]
fn five_mistakes_are_five_reports() {
    assert_snapshot!(check(
        r#"
input a: txt
setp "One" { run x; rollback none "no" }
check "Two" within 5 { expect a == 1 }
log "{b}"
wait 3 until
let c = uper("x")
log "{c}"
"#
    ));
}

#[test]
fn what_goes_too_deep_is_one_report() {
    let deep = |text: &str| {
        let drawn = check(text);
        drawn.lines().filter(|line| !line.starts_with('|')).map(str::trim).collect::<Vec<_>>().join(" / ")
    };
    let phases = format!("{}log \"x\"\n{}", "phase \"x\" {\n".repeat(200), "}\n".repeat(200));
    let chain = format!("if true {{ log \"x\" }}{}", " else if true { log \"x\" }".repeat(400));
    let sum = format!("let _x = 1{}", " + 1".repeat(400));
    let nots = format!("let _x = {}true", "not ".repeat(1000));
    assert_snapshot!([phases, chain, sum, nots].map(|text| deep(&text)).join("\n"));
}

#[test]
fn mistakes_of_syntax_hide_no_others() {
    assert_snapshot!(check(
        r#"
let broken = (1 +
let fine = 1
log "{broken} {fien}"
run a | b
step "x" timeout 5 ) {
  run y
  rollback none "no"
}
after bogus { log "x" }
log 5
"#
    ));
}

#[test]
fn an_old_keyword_and_an_old_option_work_and_are_told_with_what_stands_in_their_place() {
    insta::assert_snapshot!(check(
        "milestone \"Move\" {\n  check \"It answers\" patience 10s every 1s {\n    run true\n  }\n}\n"
    ));
}

#[test]
fn words_by_which_pasted_lines_are_told_apart_begin_statements() {
    let words: Vec<&str> = SCHEMAS.iter().map(|schema| schema.word).chain(["look"]).collect();
    for ours in crate::syntax::OURS {
        assert!(words.contains(ours), "{ours}");
    }
}
