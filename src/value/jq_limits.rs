//! What is seen of a jq program by reading it: that it cannot use up the stack (definitions that call themselves,
//! depth), and often that it is sound.

use jaq_core::load::lex::StrPart;
use jaq_core::load::parse::{BinaryOp, Def, Pattern, Term};
use jaq_core::path::Part;
use jaq_json::Val;

/// The longest program, in bytes: its parts nest without brackets, too.
const LONGEST: usize = 8 * 1024;
/// The most parts of what a program gives.
const LARGEST: usize = 1_000_000;
/// How deep programs and their values nest at most, as JSON does.
const DEPTH: usize = 128;

/// Reads a program, unless it nests too deeply or defines something by itself. One that is malformed comes as
/// something else: the compiler says what is wrong with it.
pub(super) fn read(program: &str) -> Result<Term<&str>, String> {
    Ok(read_whole(program)?.unwrap_or_default())
}

/// What most programs call, with so many arguments.
pub(super) const COMMON: &[(&str, usize)] = &[
    ("add", 0),
    ("all", 1),
    ("any", 1),
    ("empty", 0),
    ("false", 0),
    ("first", 0),
    ("has", 1),
    ("keys", 0),
    ("last", 0),
    ("length", 0),
    ("map", 1),
    ("max", 0),
    ("min", 0),
    ("not", 0),
    ("null", 0),
    ("select", 1),
    ("sort", 0),
    ("sort_by", 1),
    ("tonumber", 0),
    ("tostring", 0),
    ("true", 0),
    ("unique", 0),
];

/// Whether a program is made of common parts alone and so compiles: the compiler reads all of jq's library first,
/// which takes longer than to plan a runbook.
pub(super) fn is_plainly_sound(program: &str, vars: &[&str]) -> Result<bool, String> {
    let is_plain = |term: &&Term<&str>| match term {
        Term::Call(name, args) => COMMON.contains(&(*name, args.len())),
        Term::Var(name) => name.strip_prefix('$').is_some_and(|name| vars.contains(&name)),
        Term::Str(format, _) => format.is_none(),
        Term::BinOp(_, op, _) => !matches!(op, BinaryOp::Pipe(Some(_))),
        Term::Recurse | Term::Label(..) | Term::Break(_) | Term::Fold(..) | Term::Def(..) => false,
        _ => true,
    };
    Ok(read_whole(program)?.is_some_and(|term| all(&term).iter().all(is_plain)))
}

/// As [`read`]; a malformed program is none.
fn read_whole(program: &str) -> Result<Option<Term<&str>>, String> {
    if program.len() > LONGEST {
        return Err(format!("the jq program is longer than {LONGEST} bytes; give it its data as values"));
    }
    let mut depth = 0_usize;
    for one in program.bytes() {
        match one {
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > DEPTH {
            return Err("the jq program is nested too deeply".to_owned());
        }
    }
    let term = jaq_core::load::parse(program, |parser| parser.term());
    let own = term.iter().flat_map(all).flat_map(definitions).find(|def| calls(&def.body, def.name));
    let own = own.map(|def| {
        let name = def.name;
        format!(
            "the jq program defines `{name}` by itself; use `until`, `limit`, `reduce` or `recurse` instead"
        )
    });
    own.map_or(Ok(term), Err)
}

fn calls(body: &Term<&str>, wanted: &str) -> bool {
    all(body).into_iter().any(|term| matches!(term, Term::Call(name, _) if *name == wanted))
}

/// The names of the definitions that a term may call: its own, its arguments' and formats (`@json`) among them.
pub(super) fn names<'s>(term: &Term<&'s str>) -> Vec<&'s str> {
    let named = all(term).into_iter().filter_map(|term| match term {
        Term::Call(name, _) | Term::Str(Some(name), _) => Some(*name),
        _ => None,
    });
    named.collect()
}

fn definitions<'t, 's>(term: &'t Term<&'s str>) -> &'t [Def<&'s str>] {
    if let Term::Def(defs, _) = term { defs } else { &[] }
}

/// A term with every term inside of it.
fn all<'t, 's>(term: &'t Term<&'s str>) -> Vec<&'t Term<&'s str>> {
    let (mut seen, mut rest) = (vec![], vec![term]);
    while let Some(term) = rest.pop() {
        seen.push(term);
        inside(term, &mut rest);
    }
    seen
}

fn inside<'t, 's>(term: &'t Term<&'s str>, rest: &mut Vec<&'t Term<&'s str>>) {
    match term {
        Term::Id | Term::Recurse | Term::Num(_) | Term::Break(_) | Term::Var(_) => {}
        Term::Str(_, parts) => rest.extend(parts.iter().filter_map(|part| match part {
            StrPart::Term(term) => Some(term),
            _ => None,
        })),
        Term::Arr(of) => rest.extend(of.as_deref()),
        Term::Obj(fields) => {
            rest.extend(fields.iter().flat_map(|(key, value)| [key].into_iter().chain(value)));
        }
        Term::Neg(of) | Term::Label(_, of) => rest.push(of),
        Term::BinOp(left, op, right) => {
            rest.extend([&**left, &**right]);
            if let BinaryOp::Pipe(Some(pattern)) = op {
                bound(pattern, rest);
            }
        }
        Term::Fold(_, of, pattern, args) => {
            rest.push(of);
            rest.extend(args);
            bound(pattern, rest);
        }
        Term::TryCatch(of, catch) => rest.extend([&**of].into_iter().chain(catch.as_deref())),
        Term::IfThenElse(arms, other) => {
            rest.extend(arms.iter().flat_map(|(when, then)| [when, then]).chain(other.as_deref()));
        }
        Term::Def(defs, of) => rest.extend(defs.iter().map(|def| &def.body).chain([&**of])),
        Term::Call(_, args) => rest.extend(args),
        Term::Path(of, path) => {
            rest.push(of);
            path.0.iter().for_each(|(part, _)| match part {
                Part::Index(at) => rest.push(at),
                Part::Range(from, to) => rest.extend(from.iter().chain(to)),
            });
        }
    }
}

/// The terms in a pattern.
fn bound<'t, 's>(pattern: &'t Pattern<&'s str>, rest: &mut Vec<&'t Term<&'s str>>) {
    let mut patterns = vec![pattern];
    while let Some(pattern) = patterns.pop() {
        match pattern {
            Pattern::Var(_) => {}
            Pattern::Arr(items) => patterns.extend(items),
            Pattern::Obj(fields) => fields.iter().for_each(|(key, value)| {
                rest.push(key);
                patterns.push(value);
            }),
        }
    }
}

/// What of a value JSON may not hold, or nobody should wait for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unfit {
    /// It nests deeper than JSON may.
    Deep,
    /// It has too many parts; shared ones count each time.
    Large,
}

/// Whether a value may leave. Walks without recursion.
pub(super) fn unfit(value: &Val) -> Option<Unfit> {
    let (mut rest, mut parts, mut large) = (vec![(value, 0)], 0_usize, false);
    while let Some((value, depth)) = rest.pop() {
        if depth >= DEPTH {
            return Some(Unfit::Deep);
        }
        parts += 1;
        // A shared value looks larger than it is, and may still be too deep: one branch is followed to its end.
        large |= parts > LARGEST;
        match value {
            Val::Arr(items) if large => {
                rest = items.first().map(|item| (item, depth + 1)).into_iter().collect();
            }
            Val::Arr(items) => rest.extend(items.iter().map(|item| (item, depth + 1))),
            Val::Obj(fields) if large => {
                rest = fields.values().next().map(|value| (value, depth + 1)).into_iter().collect();
            }
            Val::Obj(fields) => {
                rest.extend(fields.iter().flat_map(|(key, value)| [(key, depth + 1), (value, depth + 1)]));
            }
            _ if large => break,
            _ => {}
        }
    }
    large.then_some(Unfit::Large)
}
