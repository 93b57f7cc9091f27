//! Names: scopes, paths, duplicates, use.

use super::{check, check_alone, check_file};
use insta::assert_snapshot;

#[test]
fn unknown_names_are_pointed_at_once_with_the_nearest() {
    assert_snapshot!(check(
        r#"
input release: version
log "{relase} and {relase} and {nowhere}"
log "{release}"
"#
    ));
}

#[test]
fn a_name_is_bound_once() {
    assert_snapshot!(check(
        r#"
input region: text
let region = "eu"
let again = 1
let again = 2
let true = 3
log "{region} {again}"
for region in ["a"] {
  log "{region}"
}
"#
    ));
}

#[test]
fn a_branch_that_does_not_bind_is_named() {
    assert_snapshot!(check(
        r#"
input fast: bool
if fast {
  let plan = "fast"
  let both = 1
} else {
  let both = 2
}
log "{plan} {both}"
if fast {
  let only = 1
}
log "{only}"
if fast {
  let third = 1
} else if not fast {
  let other = 2
  log "{other}"
} else {
  let third = 3
}
log "{third}"
"#
    ));
}

#[test]
fn a_branch_that_ends_needs_no_binding() {
    assert_snapshot!(check(
        r#"
input fast: bool
if fast {
  let plan = "fast"
} else {
  fail "slow is not known"
}
log "{plan}"
choose "Which?" {
  answer "One" { let picked = 1 }
  answer "Two" { let picked = 2 }
  answer "None" { end "nothing to do" }
}
log "{picked}"
"#
    ));
}

#[test]
fn types_on_branches_must_agree() {
    assert_snapshot!(check(
        r#"
input fast: bool
if fast {
  let limit = 10s
} else {
  let limit = 10
}
log "{limit}"
"#
    ));
}

#[test]
fn after_a_for_names_are_maps_and_the_item_is_gone() {
    assert_snapshot!(check(
        r#"
input regions: list of text
for region in regions {
  let version: version = look run version {region}
  log "{region} {version}"
}
log "{version["eu"]}"
log "{region}"
expect version == 1.0.0
"#
    ));
}

#[test]
fn branches_of_parallel_do_not_see_each_other() {
    assert_snapshot!(check(
        r#"
parallel {
  let a = look run one
  log "{a}"
  phase "Two" {
    let b = look run two
    log "{b}"
  }
}
log "{a} {b}"
parallel {
  let c = look run one
  let c = look run two
}
log "{c}"
"#
    ));
}

#[test]
fn repeat_is_seen_by_until_and_after() {
    assert_snapshot!(check(
        r#"
repeat "Find and mend" at most 5 {
  let left: int = look run count
} until left == 0
log "{left}"
"#
    ));
}

#[test]
fn an_undo_sees_its_step_and_nothing_sees_into_it() {
    assert_snapshot!(check(
        r#"
step "Create" {
  rollback {
    let found = run find {id}
    run remove {found}
  }
  let id = run create
}
log "{id} {found}"
step "Again" {
  let other = run create
  rollback { let found = run find {other}; run remove {found} }
}
"#
    ));
}

#[test]
fn what_a_step_may_skip_is_not_surely_bound() {
    assert_snapshot!(check(
        r#"
input fast: bool
step "Skipped" if fast {
  let a = run a
  rollback none "nothing"
}
step "In place" {
  done when {
    let b = run b-there
    expect b == "yes"
  }
  let b = run b
  let c = run c
  rollback { run undo {c} {b} }
}
log "{a} {b} {c}"
"#
    ));
}

#[test]
fn handlers_and_guards_see_what_is_surely_bound() {
    assert_snapshot!(check(
        r#"
input region: text
let folder = "backups/{region}"
let sum = look run sum
phase "Upgrade" {
  let inner = look run inner
  guard "Fine" every 10s { run fine {region} {folder} {sum} {inner} }
  log "{inner}"
}
after rollback {
  log "{region} {folder} {sum}"
}
"#
    ));
}

#[test]
fn a_name_that_a_block_brings() {
    assert_snapshot!(check(
        r#"
let status = "before"
look http GET "http://x/status" {
  expect status == 200
}
look http GET "http://x/status" {
  let up = body.up
}
log "{up} {status} {body}"
"#
    ));
}

#[test]
fn an_attempt_that_was_undone() {
    assert_snapshot!(check(
        r#"
attempt "Fast" {
  let a = look run a
  let both = look run both
} otherwise {
  log "{a}"
  let both = "none"
}
log "{both} {a}"
"#
    ));
}

#[test]
fn decisions_must_be_read_and_the_rest_should() {
    assert_snapshot!(check(
        r#"
input never: text
let unused = 1
let _record = 2
let go = approval "Cut over" need 1 from "release"
let ok = check "Fine" { let n: int = run n; expect n == 1 }
log "{ok} {n}"
"#
    ));
}

#[test]
fn used_before_bound() {
    assert_snapshot!(check(
        r#"
log "{later}"
let later = 1
let self_made = "{self_made}"
"#
    ));
}

#[test]
fn what_ends_is_the_end() {
    assert_snapshot!(check(
        r#"
phase "One" {
  end "done"
  log "never"
  log "never said twice"
}
log "never either"
"#
    ));
}

#[test]
fn modules_and_what_is_in_them() {
    assert_snapshot!(check(
        r#"
use "./memoria"
use "./memorya"
use "std/helmm"
input admin: url
let x = memoria
let y = memoria.clii
let z = memoria.pendin(admin)
let w = memoriaa.pending(admin)
let v = memoria.pending
step "Run" { run {...memoria.cli} {x} {y} {z} {w} {v}; rollback none "no" }
"#
    ));
}

#[test]
fn a_module_by_itself() {
    let text = "module alone 1.0.0\nlet x = 1\ncheck one(y: text): int {\n  return z\n}\n";
    assert_snapshot!(check_alone(text));
}

#[test]
fn modules_that_use_each_other() {
    let one = "module one 1.0.0\nuse \"./two\"\n";
    let two = "module two 1.0.0\nuse \"./one\"\n";
    assert_snapshot!(check_file(
        &[("./one", one), ("./two", two)],
        "runbook \"Test\" 1.0.0\nuse \"./one\"\n"
    ));
}

#[test]
fn definitions_that_call_themselves() {
    let module = r"module loops 1.0.0
check one(x: text): text { return two(x) }
check two(x: text): text { return one(x) }
check three(x: text): text { return loops.one(x) }
";
    assert_snapshot!(check_file(
        &[("./loops", module)],
        "runbook \"Test\" 1.0.0\nuse \"./loops\"\nlog \"{loops.three(\"x\")}\"\ncall \"./test.runbook\"\n"
    ));
}

#[test]
fn a_module_with_mistakes_of_its_own() {
    let module = r#"module wrong 1.0.0
let fixed = run date
let asks = wrong.one("x")
check one(x: text, x: int): text {
  if x == "a" {
    return x
  }
}
check two(token: secret): text {
  return "{token}"
}
step three {
  return 1
}
"#;
    assert_snapshot!(check_file(&[("./wrong", module)], "runbook \"Test\" 1.0.0\nuse \"./wrong\"\n"));
}

#[test]
fn called_runbooks() {
    assert_snapshot!(check(
        r#"
call "./other.runbook" (cluster: "eu", size: 2)
call "./other.runbook" (cluster: "us", siz: 2)
call "./other.runbook"
call "./memoria"
call "./nowhere.runbook" (a: 1)
"#
    ));
}

#[test]
fn module_steps_stand_where_steps_stand() {
    assert_snapshot!(check(
        r#"
use "./memoria"
input admin: url
input token: secret from env "TOKEN"
memoria.maintenance(admin, token, on: true)
step "Pause" {
  memoria.maintenance(admin, token, on: true)
  restore { memoria.maintenance(admin, token, on: false) }
}
step "Both" {
  memoria.maintenance(admin, token, on: true)
  run other
  rollback none "no"
}
check "Healthy" {
  memoria.healthy(admin)
  memoria.queue_depth(admin)
  memoria.maintenance(admin, token, on: true)
}
let notice = memoria.announce("hello")
let nothing = memoria.maintenance(admin, token, on: true)
let inside = "{memoria.announce("x")}"
log "{notice} {nothing} {inside}"
memoria.maintenance(admin, on: "yes")
memoria.maintenance(admin, "plain", true, 4)
"#
    ));
}
