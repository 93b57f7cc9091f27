//! Tests of the module around.

use std::collections::HashMap;

use serde_json::json;

use super::*;
use crate::text::{SourceId, Span};

pub(super) struct Vars(HashMap<u32, Value>);

impl Scope for Vars {
    fn get(&self, var: VarId) -> Option<&Value> {
        self.0.get(&var.0)
    }
}

pub(super) fn nothing() -> Vars {
    Vars(HashMap::new())
}

fn of(value: impl Into<Value>) -> Expr {
    Expr::Const(value.into())
}

fn lit(text: &str) -> Expr {
    Expr::Const(literal(text).unwrap())
}

fn bin(op: BinaryOp, left: Expr, right: Expr) -> Expr {
    Expr::Binary(op, Box::new(left), Box::new(right))
}

fn run(expr: &Expr) -> Result<String, String> {
    eval(expr, &nothing()).map(|value| value.to_text()).map_err(|why| why.message)
}

pub(super) fn secret(text: &str) -> Value {
    Value::Secret(Secret::new("token", text))
}

pub(super) fn hollow() -> Value {
    Value::Secret(Secret { origin: "token".into(), text: None })
}

fn exposed(expr: &Expr) -> String {
    let value = eval(expr, &nothing()).unwrap();
    assert!(matches!(value, Value::Secret(_)), "{value:?} is no secret");
    value.expose().unwrap()
}

fn jq(input: Value, program: &str, vars: Vec<(String, Expr)>) -> Expr {
    Expr::Jq { input: Box::new(Expr::Const(input)), program: program.into(), vars }
}

#[test]
fn literals_read_as_written_and_show_again() {
    let table = [
        ("42", "42"),
        ("0.05", "0.05"),
        ("30s", "30s"),
        ("10m", "10m"),
        ("90m", "1h30m"),
        ("72h", "3d"),
        ("2d", "2d"),
        ("250ms", "250ms"),
        ("1.5h", "1h30m"),
        ("0s", "0s"),
        ("2GiB", "2GiB"),
        ("1024B", "1KiB"),
        ("5MB", "5MB"),
        ("1kB", "1kB"),
        ("1GB", "1GB"),
        ("7B", "7B"),
        ("0B", "0B"),
        ("1.0.0", "1.0.0"),
        ("0.4.0-alpha", "0.4.0-alpha"),
        ("-3", "-3"),
    ];
    for (written, shown) in table {
        let value = literal(written).unwrap_or_else(|why| panic!("{written}: {why}"));
        assert_eq!(value.to_text(), shown, "{written}");
    }
}

#[test]
fn what_is_no_literal_is_refused() {
    for text in [
        "",
        "x",
        "NaN",
        "inf",
        "1e5",
        "10x",
        "1.",
        "--1",
        "99999999999999999999",
        "99999999999999999d",
        "9e999s",
        "-5s",
        "é",
    ] {
        assert!(literal(text).is_err(), "{text}");
    }
}

#[test]
fn operators_compute() {
    use BinaryOp::*;
    let table = [
        (Add, "1", "2", "3"),
        (Sub, "1", "2", "-1"),
        (Mul, "2", "0.5", "1"),
        (Div, "7", "2", "3.5"),
        (Add, "30s", "10m", "10m30s"),
        (Mul, "3", "10s", "30s"),
        (Div, "1h", "30m", "2"),
        (Div, "1GiB", "2", "512MiB"),
        (Eq, "1", "1.0", "true"),
        (Ne, "1", "2", "true"),
        (Lt, "1", "1.5", "true"),
        (Ge, "2GiB", "2048MiB", "true"),
        (Lt, "1.9.0", "1.10.0", "true"),
        (Gt, "1.0.0", "1.0.0-alpha", "true"),
        (Le, "60s", "1m", "true"),
    ];
    for (op, left, right, result) in table {
        assert_eq!(run(&bin(op, lit(left), lit(right))).unwrap(), result, "{left} {op:?} {right}");
    }
}

#[test]
fn operators_refuse_in_words() {
    use BinaryOp::*;
    let table = [
        (Add, lit("10m"), lit("5"), "units never mix"),
        (Gt, lit("2GiB"), lit("5"), "units never mix"),
        (Eq, lit("2GiB"), lit("5"), "units never mix"),
        (Div, lit("1"), lit("0"), "division by zero"),
        (Div, lit("1s"), lit("0s"), "division by zero"),
        (Sub, lit("1s"), lit("2s"), "less than zero"),
        (Add, lit("9223372036854775807"), lit("1"), "too large"),
        (Mul, lit("9000000000d"), lit("9223372036854775807"), "too large"),
        (Add, of("a"), of("b"), "put together"),
        (Eq, of("1"), lit("1"), "a text and a whole number"),
        (Matches, of("a"), of("("), "not a regular expression"),
        (In, of("a"), lit("5"), "holds nothing"),
        (And, lit("1"), of("x"), "true or false"),
    ];
    for (op, left, right, words) in table {
        let why = run(&bin(op, left.clone(), right.clone())).unwrap_err();
        assert!(why.contains(words), "{left:?} {op:?} {right:?}: {why}");
    }
}

#[test]
fn membership_and_patterns() {
    use BinaryOp::*;
    let list = Expr::List(vec![lit("1"), of("b")]);
    let map = Expr::Map(vec![("a".into(), lit("1"))]);
    let table = [
        (In, lit("1.0"), list.clone(), true),
        (NotIn, of("x"), list.clone(), true),
        (Contains, list, of("b"), true),
        (In, of("a"), map.clone(), true),
        (Contains, map, of("z"), false),
        (Contains, of("haystack"), of("st"), true),
        (Matches, of("v1.2"), of(r"^v\d"), true),
        (Eq, lit("1.0.0"), of("1.0.0"), true),
        (Eq, Expr::Const(Value::Null), of("x"), false),
    ];
    for (op, left, right, result) in table {
        assert_eq!(eval(&bin(op, left, right), &nothing()).unwrap(), Value::Bool(result), "{op:?}");
    }
}

#[test]
fn and_or_and_if_leave_the_other_side_alone() {
    let missing = Expr::Var(VarId(9));
    let (yes, no) = (Expr::Const(Value::Bool(true)), Expr::Const(Value::Bool(false)));
    assert_eq!(run(&bin(BinaryOp::And, no.clone(), missing.clone())).unwrap(), "false");
    assert_eq!(run(&bin(BinaryOp::Or, yes.clone(), missing.clone())).unwrap(), "true");
    assert_eq!(run(&Expr::If(Box::new(yes), Box::new(lit("1")), Box::new(missing.clone()))).unwrap(), "1");
    assert!(run(&bin(BinaryOp::Or, no, missing)).is_err());
}

#[test]
fn what_is_missing_is_an_error_with_its_place() {
    let map = Expr::Map(vec![("port".into(), lit("1"))]);
    let span = Span::new(SourceId(0), 3, 5);
    let outer = Span::new(SourceId(0), 0, 9);
    let inner = Expr::At(span, Box::new(Expr::Field(Box::new(map), "prot".into())));
    let why = eval(&Expr::At(outer, Box::new(Expr::Not(Box::new(inner)))), &nothing()).unwrap_err();
    assert_eq!(
        why,
        EvalError {
            message: "there is no field `prot`; it has port".into(),
            span: Some(span),
            missing: None
        }
    );
    let list = Expr::List(vec![lit("1")]);
    for at in ["1", "-1"] {
        let why = run(&Expr::Index(Box::new(list.clone()), Box::new(lit(at)))).unwrap_err();
        assert!(why.contains("there is no item"), "{why}");
    }
}

#[test]
fn conversions() {
    let list = |ty| Type::List(Box::new(ty));
    let table: &[(Type, serde_json::Value, &str)] = &[
        (Type::Int, json!(" 42\n"), "42"),
        (Type::Int, json!(3.0), "3"),
        (Type::Number, json!("0.5"), "0.5"),
        (Type::Bool, json!("true"), "true"),
        (Type::Size, json!(" 1048576 \n"), "1MiB"),
        (Type::Size, json!("2GiB"), "2GiB"),
        (Type::Size, json!(1024), "1KiB"),
        (Type::Duration, json!("1h 30m"), "1h30m"),
        (Type::Time, json!("2024-01-02T03:04:05Z"), "2024-01-02T03:04:05Z"),
        (Type::Time, json!("2024-01-02T04:04:05+01:00"), "2024-01-02T03:04:05Z"),
        (Type::Version, json!("1.2.3"), "1.2.3"),
        (Type::Url, json!("https://a.example/x"), "https://a.example/x"),
        (Type::Json, json!("{\"a\": [1]}"), "{\"a\":[1]}"),
        (Type::Lines, json!("a\nb\n"), "[\"a\",\"b\"]"),
        (list(Type::Int), json!("[1, 2]"), "[1,2]"),
        (list(Type::Size), json!(["1KiB", 5]), "[1024,5]"),
        (list(Type::Json), json!(["x"]), "[\"x\"]"),
        (Type::Map(Box::new(Type::Int)), json!({"a": "1"}), "{\"a\":1}"),
        (Type::OneOf(vec!["a".into()]), json!("a\n"), "a"),
        (Type::Path, json!("/x y"), "/x y"),
        (Type::Text, json!(5), "5"),
    ];
    for (ty, from, result) in table {
        let value =
            convert(ty, from_json(from.clone())).unwrap_or_else(|why| panic!("{ty} of {from}: {why}"));
        assert_eq!(value.to_text(), *result, "{ty} of {from}");
    }
}

#[test]
fn conversions_that_do_not_fit() {
    let table: &[(Type, serde_json::Value, &str)] = &[
        (Type::Int, json!("4x"), "`4x` is not int"),
        (Type::Int, json!(1.5), "is not int"),
        (Type::Number, json!("NaN"), "is not number"),
        (Type::Int, json!(null), "nothing here"),
        (Type::Bool, json!("yes"), "is not bool"),
        (Type::Duration, json!(30), "has no unit"),
        (Type::Duration, json!("30"), "with its unit"),
        (Type::Size, json!("2 parsecs"), "not a size"),
        (Type::Size, json!(-1), "is not size"),
        (Type::Url, json!("/x"), "write it whole"),
        (Type::OneOf(vec!["a".into()]), json!("b"), "one of [\"a\"]"),
        (Type::List(Box::new(Type::Int)), json!(["1", "x"]), "item 1"),
        (Type::Json, json!("{"), "not JSON"),
        (Type::Artifact, json!("x"), "is not artifact"),
        (Type::Version, json!("1.2"), "is not version"),
        (Type::Path, json!(""), "not empty"),
    ];
    for (ty, from, words) in table {
        let why = convert(ty, from_json(from.clone())).unwrap_err();
        assert!(why.contains(words), "{ty} of {from}: {why}");
    }
}

#[test]
fn command_line_texts() {
    let hosts = coerce(&Type::List(Box::new(Type::Text)), "a, b").unwrap();
    assert_eq!(hosts.to_text(), "[\"a\",\"b\"]");
    assert_eq!(coerce(&Type::Json, "[1]").unwrap(), from_json(json!([1])));
    assert_eq!(coerce(&Type::Json, "plain").unwrap(), "plain".into());
    assert_eq!(coerce(&Type::Secret, "hush").unwrap().expose().unwrap(), "hush");
    assert!(coerce(&Type::Int, "x").is_err());
}

#[test]
fn jq_gives_exactly_one_value() {
    let input = from_json(json!({"a": [1, 2, 3]}));
    assert_eq!(
        run(&jq(input.clone(), ".a | map(select(. > $n)) | length", vec![("n".into(), lit("1"))])).unwrap(),
        "2"
    );
    for (program, words) in [
        (".a[]", "more than one"),
        ("empty", "gave nothing"),
        (".a.b", "failed"),
        ("nan", "JSON cannot hold"),
    ] {
        let why = run(&jq(input.clone(), program, vec![])).unwrap_err();
        assert!(why.contains(words), "{program}: {why}");
    }
}

#[test]
fn jq_is_checked_and_pure() {
    assert_eq!(check_jq(".a | test(\"x\") and ($n > 1)", &["n"]), Ok(()));
    for (program, words) in [
        (".a |", "malformed"),
        ("$other", "`$other`"),
        ("env", "`env`"),
        ("now", "`now`"),
        ("halt", "`halt`"),
        ("debug", "`debug`"),
        ("input", "`input`"),
        ("$ENV", "`$ENV`"),
        ("nosuch(1)", "`nosuch`"),
        ("\"a", "malformed"),
    ] {
        let why = check_jq(program, &[]).unwrap_err();
        assert!(why.contains(words), "{program}: {why}");
    }
}

/// What reading alone finds sound, the compiler takes too; and it is asked about all else.
#[test]
fn common_jq_needs_no_compiler() {
    for (name, args) in jq_limits::COMMON {
        let called = if *args == 0 { (*name).to_owned() } else { format!("{name}(.)") };
        assert_eq!(jq_limits::is_plainly_sound(&called, &[]), Ok(true), "{called}");
        assert!(jq::compile(&called, &[]).is_ok(), "{called}");
    }
    let whole = "[.assets[]?.kind, -$n] | if . == {a: \"b\\(1)\"} then (.[1:2] // empty)? else .. end";
    for (program, plain) in [
        ("$before - map(select(.applied) | .name)", true),
        (&whole.replace("..", "."), true),
        (whole, false),
        ("$other", false),
        (". as $x | $x", false),
        ("map(.; .)", false),
        ("def not: 1; not", false),
        ("@json \"\\(.)\"", false),
        (".a |", false),
        ("nosuch", false),
    ] {
        let vars = ["n", "before"];
        assert_eq!(jq_limits::is_plainly_sound(program, &vars), Ok(plain), "{program}");
        assert!(!plain || jq::compile(program, &vars).is_ok(), "{program}");
    }
}

#[test]
fn jq_cannot_use_up_the_stack() {
    for (program, words) in [
        ("def f: 1 + f; f", "defines `f` by itself"),
        ("[.[]? | {a: (def g(x): \"\\(x | g(.))\"; g(.))}]", "defines `g` by itself"),
        (&"[".repeat(200), "nested too deeply"),
    ] {
        let why = check_jq(program, &[]).unwrap_err();
        assert!(why.contains(words), "{program}: {why}");
    }
    assert_eq!(check_jq("def double(f): f * 2; def twice: double(.); twice", &[]), Ok(()));
    let why = run(&jq(Value::Null, "reduce range(20000) as $i (.; [.])", vec![])).unwrap_err();
    assert!(why.contains("nested too deeply"), "{why}");
}

#[test]
fn jq_programs_that_do_not_end_are_stopped() {
    for program in [
        "[range(infinite)]",
        "[repeat(.)]",
        "[repeat(1)]",
        "until(false; .)",
        "[while(true; . + 1)]",
        "[recurse(. + 1)]",
        "last(range(0; 1; 0))",
        "reduce range(infinite) as $i (0; . + 1)",
        "[range(infinite)?]",
        "try [repeat(1)] catch 0",
        "first(repeat(1) | select(. == 2))",
        "[limit(infinite; repeat(1))] | length",
        "def f(g): repeat(g); [f(.)]",
        "[range(2000) as $a | range(2000) as $b | 1] | length",
    ] {
        let why = super::jq::run_within(20_000, program, &Value::Int(0), &[]).unwrap_err();
        assert!(why.contains("does not end"), "{program}: {why}");
    }
    for program in [
        "\"x\" * 1000000000000000000",
        "1000000000 * \"xyz\"",
        "\"x\" | . *= 1000000000000",
        "reduce range(60) as $i (\"x\"; . + .)",
        "[limit(60; repeat(\"x\"))] | reduce .[] as $x ([1]; . + .)",
        "last(limit(60; \"x\" | recurse(. + .)))",
        "reduce range(60) as $i (3; . * .)",
    ] {
        let why = run(&jq(Value::Int(0), program, vec![])).unwrap_err();
        assert!(why.contains("too large"), "{program}: {why}");
    }
    let large = run(&jq(Value::Int(0), "reduce range(60) as $i (1; [., .])", vec![])).unwrap_err();
    assert!(large.contains("too large"), "{large}");
    let long = run(&jq(Value::Int(0), &format!(".{}", "|.".repeat(5000)), vec![])).unwrap_err();
    assert!(long.contains("longer than 8192 bytes"), "{long}");
}

#[test]
fn jq_programs_that_end_are_not_changed_by_counting() {
    for (program, result) in [
        ("[range(5)]", "[0,1,2,3,4]"),
        ("[range(0; 10; 3)]", "[0,3,6,9]"),
        ("[limit(3; repeat(1))]", "[1,1,1]"),
        ("until(. > 100; . * 2 + 1)", "127"),
        ("[(1,2) * (10,100)]", "[10,100,20,200]"),
        ("{a: 2, b: 3} | .a *= 5 | .a", "10"),
        ("[paths(..)] | length", "0"),
        ("{a: [1, {b: 2}]} | [paths] | length", "4"),
        ("{a: [1, {b: 2}]} | (.. | numbers) |= . + 1 | tojson", "{\"a\":[2,{\"b\":3}]}"),
        ("{a: 1} | del(.a) | length", "0"),
        ("[3, 1, 2] | sort | map(. * 2) | add", "12"),
        ("reduce range(10000) as $i (0; . + $i)", "49995000"),
        ("[1, [2, [3]]] | flatten | length", "3"),
        ("\"ab\" * 3", "ababab"),
        ("[range(20000)] | length", "20000"),
        ("first(range(10; infinite))", "10"),
        ("[.[]?] | length", "0"),
        ("def f(x): x | x; 2 | f(. * .)", "16"),
        ("label $out | foreach (1, 2, 3) as $x (0; . + $x; if . > 2 then ., break $out else empty end)", "3"),
        ("$n + 1", "42"),
    ] {
        let vars = if program.contains("$n") { vec![("n".to_owned(), lit("41"))] } else { vec![] };
        assert_eq!(run(&jq(Value::Int(1), program, vars)).unwrap(), result, "{program}");
    }
}

#[test]
fn functions() {
    use Function::*;
    let list = || Expr::List(vec![lit("3"), lit("1"), lit("2.5")]);
    let map = || Expr::Map(vec![("b".into(), lit("1")), ("a".into(), lit("2"))]);
    let table = [
        (Capture, vec![of("port: 80"), of(r"port: (\d+)")], "80"),
        (Capture, vec![of("v12"), of(r"\d+")], "12"),
        (Count, vec![list()], "3"),
        (Count, vec![of("äb")], "2"),
        (Lower, vec![of("AB")], "ab"),
        (Upper, vec![of("ab")], "AB"),
        (Trim, vec![of(" a\n")], "a"),
        (Split, vec![of("a,b"), of(",")], "[\"a\",\"b\"]"),
        (Join, vec![list(), of("-")], "3-1-2.5"),
        (Keys, vec![map()], "[\"b\",\"a\"]"),
        (Values, vec![map()], "[1,2]"),
        (Min, vec![list()], "1"),
        (Max, vec![list()], "3"),
        (Sum, vec![list()], "6.5"),
        (Exists, vec![map(), of("a")], "true"),
        (Exists, vec![map(), of("z")], "false"),
        (Basename, vec![of("/x/y.z")], "y.z"),
        (Dirname, vec![of("/x/y.z")], "/x"),
        (Dirname, vec![of("y")], "."),
        (Lines, vec![of("a\nb\n")], "[\"a\",\"b\"]"),
        (UrlPart, vec![of("a b/ü~")], "a%20b%2F%C3%BC~"),
    ];
    for (function, args, result) in table {
        assert_eq!(run(&Expr::Call(function, args)).unwrap(), result, "{function:?}");
        assert!(run(&Expr::Call(function, vec![])).is_err());
    }
    for args in [vec![of("aa"), of("a")], vec![of("b"), of("a")]] {
        assert!(run(&Expr::Call(Capture, args)).unwrap_err().contains("matches `/a/`"));
    }
    assert_eq!(functions::find("capture").unwrap().params.len(), 2);
    assert!(functions::find("nosuch").is_none());
}

#[test]
fn what_reads_a_secret_is_one() {
    let text = |value| Expr::Text(vec![Piece::Text("Bearer ".into()), Piece::Value(Expr::Const(value))]);
    assert_eq!(exposed(&text(secret("hush"))), "Bearer hush");
    assert_eq!(run(&text(secret("hush"))).unwrap(), "⟨secret token⟩");
    assert_eq!(exposed(&Expr::Call(Function::Upper, vec![Expr::Const(secret("hush"))])), "HUSH");
    let decoded = Expr::Convert(Type::Json, Box::new(of_secret("{\"user\": \"ann\"}")));
    assert_eq!(exposed(&Expr::Field(Box::new(decoded), "user".into())), "ann");
    assert_eq!(exposed(&jq(secret("hush"), ". + \"!\"", vec![])), "hush!");
    assert_eq!(run(&bin(BinaryOp::Eq, of_secret("a"), of("a"))).unwrap(), "true");
    assert_eq!(
        run(&bin(BinaryOp::Gt, Expr::Convert(Type::Int, Box::new(of_secret("7"))), lit("3"))).unwrap(),
        "true"
    );
    assert_eq!(run(&Expr::List(vec![of_secret("hush")])).unwrap(), "[\"⟨secret token⟩\"]");
    let two = Expr::Text(vec![
        Piece::Value(of_secret("a")),
        Piece::Value(Expr::Const(Value::Secret(Secret::new("key", "b")))),
    ]);
    assert_eq!(run(&two).unwrap(), "⟨secret token, key⟩");
}

fn of_secret(text: &str) -> Expr {
    Expr::Const(secret(text))
}

#[test]
fn a_hollow_secret_is_named_and_messages_hide_the_text() {
    let text = Expr::Text(vec![Piece::Value(Expr::Const(hollow()))]);
    assert_eq!(run(&text).unwrap_err(), "the secret token is not at hand");
    assert_eq!(hollow().expose(), None);
    for expr in [
        Expr::Convert(Type::Int, Box::new(of_secret("hush"))),
        Expr::Call(Function::Capture, vec![of_secret("hush"), of("x")]),
        bin(BinaryOp::Matches, of("x"), of_secret("hush(")),
        jq(secret("hush"), ".a", vec![]),
    ] {
        let why = run(&expr).unwrap_err();
        assert!(!why.contains("hush") && why.contains("token"), "{why}");
    }
}

#[test]
fn types_are_spelled_as_written() {
    let ty = Type::List(Box::new(Type::Map(Box::new(Type::OneOf(vec!["a".into(), "b".into()])))));
    assert_eq!(ty.to_string(), "list of map of one of [\"a\",\"b\"]");
}

#[test]
fn long_and_deep_expressions_end() {
    let long = (0..5000).fold(lit("0"), |left, _| bin(BinaryOp::Add, left, lit("1")));
    assert_eq!(run(&long).unwrap(), "5000");
    let deep = (0..3000).fold(lit("1"), |of, _| Expr::Neg(Box::new(of)));
    assert!(run(&deep).unwrap_err().contains("too deeply"));
    let fine = (0..500).fold(lit("1"), |of, _| Expr::Neg(Box::new(of)));
    assert_eq!(run(&fine).unwrap(), "1");
}
