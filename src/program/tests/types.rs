//! Types: inference, conversions, units, secrets.

use super::check;
use insta::assert_snapshot;

#[test]
fn units_never_mix_with_bare_numbers() {
    assert_snapshot!(check(
        r#"
input free: lines
check "Room" within 10 every 15s {
  expect size(free[1]) > 2GiB
  expect free[1] > 2GiB
  expect 5 < 2GiB
  expect 10s + 5 == 15s
  expect 10s * 2 == 20s
  expect "a" + "b" == "ab"
}
"#
    ));
}

#[test]
fn conditions_are_true_or_false() {
    assert_snapshot!(check(
        r#"
input name: text
input data: json
input mode: one of ["legacy", "new"]
if name { log "a" }
if data.ready and not data.off { log "b" }
if mode == "legcy" { log "c" }
if mode == "legacy" or name matches /^(a$/ { log "d" }
if name in ["a", "b"] and 3 in ["a"] { log "e" }
if name matches "x" { log "f" }
"#
    ));
}

#[test]
fn parts_of_values() {
    assert_snapshot!(check(
        r#"
input items: list of text
input name: text
input data: json
log "{data.a.b[0].c} {items[0]} {items["x"]} {items.length} {name.first} {name[0]}"
"#
    ));
}

#[test]
fn functions_and_their_arguments() {
    assert_snapshot!(check(
        r#"
input name: text
log "{upper(name)} {uper(name)} {upper(name, name)} {upper(text: name)} {capture(name, /a(b)/)} {capture(name, "a")}"
log "{name.upper()} {keys(name)} {count([1, 2])} {max([1s, 2s])} {int(name) + 1} {int([1])}"
"#
    ));
}

#[test]
fn jq_programs_are_fixed_and_compile() {
    assert_snapshot!(check(
        r#"
input data: json
input key: text
log "{jq(data, '.[$key]', key: key)}"
log "{jq(data, '.[$other]', key: key)}"
log "{jq(data, '.[')}"
log "{jq(data, ".{key}")}"
log "{jq(data)}"
"#
    ));
}

#[test]
fn inputs_and_their_clauses() {
    assert_snapshot!(check(
        r#"
input a: text = 5
input b: version = "1.0.0"
input c: version = "one"
input d: string
input e
input f: secret = "hunter2"
input g: secret from env "TOKEN"
input h: number = 0.5 where (h > 0 and h <= 1) "Ratio"
input i: text fron env "X"
input j: text from enw "X"
input k: text from command ["pass", "show", "x"] "Password"
input l: duration = 10
input m: one of ["a", "b"] = "c"
input n: int where "yes"
log "{a} {b} {c} {d} {e} {f} {g} {h} {i} {j} {k} {l} {m} {n}"
"#
    ));
}

#[test]
fn fixed_values_are_read_when_the_file_is() {
    assert_snapshot!(check(
        r#"
input admin: url = "not a url"
input site: url = "https://example.org/x"
input folder: path = ""
input wait: duration = "ten minutes"
input room: size = "2 parsecs"
input start: time = "tomorrow"
input ratio: number = "many"
input list: list of int = ["1", "two"]
let large = 99999999999999999999
let odd = 3x
let long = 99999999999999999h
log "{admin} {site} {folder} {wait} {room} {start} {ratio} {list} {large} {odd} {long}"
"#
    ));
}

#[test]
fn run_words_are_single_arguments() {
    assert_snapshot!(check(
        r#"
input words: list of text
input one: text
input token: secret from env "TOKEN"
step "Run" {
  run tool {one} {words} --all={words} {...words} {...one} {token}
  rollback none "no"
}
"#
    ));
}

#[test]
fn secrets_go_where_secrets_are_declared() {
    assert_snapshot!(check(
        r#"
input token: secret from env "TOKEN"
use "./memoria"
let header = "Bearer {token}"
step "Call" {
  http POST "http://x/y" {
    header "Authorization" header
    json { t: token }
  }
  run tool --auth {header}
  run tool {
    env TOKEN = header
  }
  rollback none "no"
}
check "Depth" { expect memoria.queue_depth(header) < 10 }
"#
    ));
}

#[test]
fn bound_effects_are_decoded_by_type() {
    assert_snapshot!(check(
        r#"
let a: json = look run a
let b: lines = look run b
let c: int = look run c
let d: artifact = look run d
let e = log "x"
let f: list of int = look http GET "http://x"
let g: text = 5
let h: int = "5"
let i: duration = [1]
log "{a.x} {b[0]} {c + 1} {d} {e} {f[0] + 1} {g} {h} {i}"
"#
    ));
}

#[test]
fn asking_and_choosing() {
    assert_snapshot!(check(
        r#"
input regions: list of text
ask region: one of regions "Which?"
ask link: url "Where?"
ask size: int = "many" "How many?"
ask nothing "What?"
log "{region} {link} {size}"
"#
    ));
}

#[test]
fn conditional_values_agree() {
    assert_snapshot!(check(
        r#"
input fast: bool
let a = if fast then 1 else 0.5
let b = if fast then "x" else 1
let c = if "x" then 1 else 2
log "{a} {b} {c} {[1, "a"]} {[1, 2][0] + 1} {-"a"} {not 1}"
"#
    ));
}
