//! `jq(value, 'program', name: v)`: programs run by jaq, without clock, environment, or output.

use std::collections::HashSet;
use std::sync::{Arc, LazyLock};

use jaq_core::data::JustLut;
use jaq_core::load::parse::{Def, Term};
use jaq_core::load::{Arena, File, Loader};
use jaq_core::{Compiler, Ctx, Filter, Vars};
use jaq_json::{Num, Val};

use super::convert::number_of;
use super::{Value, jq_fuel, jq_limits};

type Program = Filter<JustLut<Val>>;

/// What would read the world or end the process.
const IMPURE: &[&str] = &[
    "debug",
    "debug_empty",
    "env",
    "halt",
    "halt_error",
    "input",
    "inputs",
    "localtime",
    "now",
    "stderr",
    "stderr_empty",
    "strflocaltime",
];

/// Whether a program compiles with these named values, given without `$`.
///
/// # Errors
/// Says what is wrong with it.
pub fn check_jq(program: &str, names: &[&str]) -> Result<(), String> {
    if jq_limits::is_plainly_sound(program, names)? {
        return Ok(());
    }
    compile(program, names).map(|_| ())
}

/// Runs a program over a value; it must give exactly one.
pub(super) fn run(program: &str, input: &Value, vars: &[(&str, Value)]) -> Result<Value, String> {
    run_within(jq_fuel::MOVES, program, input, vars)
}

/// As [`run`], with so many moves.
pub(super) fn run_within(
    moves: u64,
    program: &str,
    input: &Value,
    vars: &[(&str, Value)],
) -> Result<Value, String> {
    let names: Vec<&str> = vars.iter().map(|(name, _)| *name).collect();
    let filter = compile(program, &names)?;
    let values = vars.iter().map(|(_, value)| enter(value)).collect::<Result<Vec<_>, _>>()?;
    let ctx = Ctx::<JustLut<Val>>::new(&filter.lut, Vars::new(values));
    jq_fuel::fill(moves);
    let mut outputs = filter.id.run((ctx, enter(input)?)).map(|output| {
        output.map_err(|why| match why.get_err() {
            Ok(why) => format!("the jq program failed: {why}"),
            Err(_) => "the jq program ended without a value".to_owned(),
        })
    });
    let (first, second) = (outputs.next(), outputs.next());
    if jq_fuel::is_used_up() {
        return Err(jq_fuel::ENDLESS.to_owned());
    }
    let first = first.ok_or("the jq program gave nothing; it must give exactly one value")??;
    match second {
        None => leave(first),
        Some(Err(why)) => Err(why),
        Some(Ok(_)) => {
            Err("the jq program gave more than one value; put it between `[` and `]` for a list".to_owned())
        }
    }
}

/// Compiles a program twice: as it is written, for what is said about it, and counted, to be run.
pub(super) fn compile(program: &str, names: &[&str]) -> Result<Program, String> {
    let written = jq_limits::read(program)?;
    let names: Vec<String> = names.iter().map(|name| format!("${name}")).collect();
    let called: Vec<Def<&str>> = called(&written);
    load(program, &names, called.clone(), &Arena::default())?;
    let (main, call) = jq_fuel::main(written, &names);
    let mut defs: Vec<Def<&str>> = jq_fuel::defs();
    defs.extend(called);
    defs.push(main);
    load(&call, &names, defs.into_iter().map(jq_fuel::counted).collect(), &Arena::default())
}

/// The definitions of jq, without those that read the world. Read once: that takes longer than most programs.
static LIBRARY: LazyLock<Vec<Def<&'static str>>> = LazyLock::new(|| {
    let all = jaq_core::defs().chain(jaq_std::defs()).chain(jaq_json::defs());
    all.filter(|def| is_pure(def.name)).collect()
});

/// What a program may call of the library, in the library's order: jaq compiles all that it is given.
fn called(program: &Term<&str>) -> Vec<Def<&'static str>> {
    let mut rest = jq_limits::names(program);
    let mut wanted = HashSet::new();
    while let Some(name) = rest.pop() {
        if wanted.insert(name) {
            let found = LIBRARY.iter().filter(|def| def.name == name);
            rest.extend(found.flat_map(|def| jq_limits::names(&def.body)));
        }
    }
    LIBRARY.iter().filter(|def| wanted.contains(def.name)).cloned().collect()
}

fn is_pure(name: &str) -> bool {
    !IMPURE.contains(&name)
}

fn load<'s>(
    code: &'s str,
    names: &'s [String],
    defs: Vec<Def<&'s str>>,
    arena: &'s Arena,
) -> Result<Program, String> {
    let modules = Loader::new(defs).load(arena, File { code, path: () });
    let modules = modules.map_err(|errors| malformed(&errors))?;
    let own = jaq_core::funs().chain(jaq_std::funs()).chain(jaq_json::funs());
    let funs = own.filter(|fun| is_pure(fun.0)).chain(jaq_core::funs().filter_map(jq_fuel::aliased));
    let funs = funs.chain(jq_fuel::funs());
    let compiler = Compiler::default().with_funs(funs).with_global_vars(names.iter().map(String::as_str));
    compiler.compile(modules).map_err(|errors| {
        let unknown = errors.iter().flat_map(|(_, errors)| errors).next();
        unknown.map_or_else(
            || "the jq program does not compile".to_owned(),
            |(name, what)| format!("the jq program uses `{name}`, an unknown {}", what.as_str()),
        )
    })
}

fn malformed(errors: &jaq_core::load::Errors<&str, ()>) -> String {
    use jaq_core::load::Error;
    let why = errors.iter().find_map(|(_, error)| match error {
        Error::Io(errors) => {
            errors.first().map(|(path, _)| format!("`{path}` cannot be read from a runbook"))
        }
        Error::Lex(errors) => errors.first().map(|(want, at)| unexpected(want.as_str(), at)),
        Error::Parse(errors) => errors.first().map(|(want, at)| unexpected(want.as_str(), at)),
    });
    format!("the jq program is malformed: {}", why.unwrap_or_default())
}

fn unexpected(want: &str, at: &str) -> String {
    let at: String = at.chars().take(20).collect();
    if at.is_empty() {
        format!("expected {want} at its end")
    } else {
        format!("expected {want} before `{at}`")
    }
}

/// jq computes with whole numbers of any length, in a time that grows with its square.
const LONGEST_NUMBER: usize = 10_000;

fn holds_long_number(value: &Value) -> bool {
    match value {
        Value::Decimal(number) => number.as_str().len() > LONGEST_NUMBER,
        Value::List(items) => items.iter().any(holds_long_number),
        Value::Map(fields) => fields.values().any(holds_long_number),
        _ => false,
    }
}

/// A value as jq sees it.
fn enter(value: &Value) -> Result<Val, String> {
    if holds_long_number(value) {
        return Err(format!("jq takes no number of more than {LONGEST_NUMBER} digits"));
    }
    let json = super::to_json(value).to_string();
    jaq_json::read::parse_single(json.as_bytes()).map_err(|why| format!("jq cannot read this value: {why}"))
}

fn leave(value: Val) -> Result<Value, String> {
    match jq_limits::unfit(&value) {
        Some(jq_limits::Unfit::Deep) => {
            // Freeing it would recurse as deep as it is.
            std::mem::forget(value);
            return Err("the jq program gave a value that is nested too deeply".to_owned());
        }
        Some(jq_limits::Unfit::Large) => {
            return Err("the jq program gave a value that is too large".to_owned());
        }
        None => {}
    }
    of_val(&value).ok_or_else(|| "the jq program gave what JSON cannot hold".to_owned())
}

/// `None` for what JSON has no place for: bytes that are no text, names that are none, what is no number.
fn of_val(value: &Val) -> Option<Value> {
    let text = |bytes: &[u8]| std::str::from_utf8(bytes).ok().map(str::to_owned);
    Some(match value {
        Val::Null => Value::Null,
        Val::Bool(yes) => Value::Bool(*yes),
        Val::Num(Num::Float(number)) => Value::Number(Some(*number).filter(|number| number.is_finite())?),
        Val::Num(number) => number_of(&number.to_string())?,
        Val::TStr(bytes) => Value::Text(text(bytes)?.into()),
        Val::BStr(_) => return None,
        Val::Arr(items) => Value::List(Arc::new(items.iter().map(of_val).collect::<Option<_>>()?)),
        Val::Obj(fields) => {
            let field = |(name, value): (&Val, &Val)| match name {
                Val::TStr(name) => Some((text(name)?, of_val(value)?)),
                _ => None,
            };
            Value::Map(Arc::new(fields.iter().map(field).collect::<Option<_>>()?))
        }
    })
}
