//! What keeps a jq program from running without end or growing without bound: every definition that is
//! entered, every value that goes through a pipe or a fold, and every number of a range costs one of so many
//! moves, and none of these may be too large.
//!
//! The programs are rewritten for it, those of jq's own library too: `l | r` becomes `l | (tick | r)`, and
//! `l * r` a product that looks at its size first.

use std::cell::Cell;

use jaq_core::data::JustLut;
use jaq_core::load::lex::StrPart;
use jaq_core::load::parse::{BinaryOp, Def, Pattern, Term};
use jaq_core::native::{Fun, bome, v};
use jaq_core::ops::Math;
use jaq_core::path::{Part, Path};
use jaq_core::{Error, Exn, Native};
use jaq_json::{Num, Val};

/// How many moves a program has: below a second of them in a release build.
pub(super) const MOVES: u64 = 1_000_000;
/// The largest text on the way, in bytes.
const LONGEST: usize = 16 * 1024 * 1024;
/// The most items of a list or entries of a map on the way.
const MOST: usize = 1_000_000;
/// The longest whole number, in bits.
const WIDEST: u64 = 1 << 15;

/// What a program that goes on and on is told.
pub(super) const ENDLESS: &str = "the jq program does not end: it took more than a million moves; bound it with `limit`, or make its input smaller";
const TOO_LARGE: &str = "the jq program makes a value that is too large";

/// The program itself, once it is a definition.
pub(super) const MAIN: &str = "bowline_program";
const TICK: &str = "bowline_tick";
const RANGE: &str = "bowline_range";
const TIMES: &str = "bowline_times";

/// Definitions over the natives of this file.
const DEFS: &str = "def range($from; $to; $by): bowline_range($from; $to; $by) | .;
def bowline_product(l; r): l as $l | r as $r | bowline_times($l; $r);";
const PRODUCT: &str = "bowline_product";

thread_local! {
    static LEFT: Cell<u64> = const { Cell::new(0) };
}

type Data = JustLut<Val>;

/// Gives a program its moves.
pub(super) fn fill(moves: u64) {
    LEFT.set(moves);
}

/// Whether a program has used them up: then whatever it gave is not to be trusted, errors may have been caught.
pub(super) fn is_used_up() -> bool {
    LEFT.get() == 0
}

fn tick(value: Val) -> Result<Val, Exn<'static, Val>> {
    let left = LEFT.get().saturating_sub(1);
    LEFT.set(left);
    let large = match &value {
        Val::TStr(text) | Val::BStr(text) => text.len() > LONGEST,
        Val::Arr(items) => items.len() > MOST,
        Val::Obj(fields) => fields.len() > MOST,
        _ => false,
    };
    match () {
        () if left == 0 => Err(Exn::from(Error::str(ENDLESS))),
        () if large => Err(Exn::from(Error::str(TOO_LARGE))),
        () => Ok(value),
    }
}

fn times(left: Val, right: Val) -> Result<Val, Error<Val>> {
    let large = match (&left, &right) {
        (Val::TStr(text) | Val::BStr(text), Val::Num(count))
        | (Val::Num(count), Val::TStr(text) | Val::BStr(text)) => {
            text.len().saturating_mul(whole(count)) > LONGEST
        }
        (Val::Num(Num::BigInt(left)), Val::Num(Num::BigInt(right))) => left.bits() + right.bits() > WIDEST,
        _ => false,
    };
    if large { Err(Error::str(TOO_LARGE)) } else { left * right }
}

/// How often a text is repeated.
fn whole(count: &Num) -> usize {
    match count {
        Num::Int(count) => usize::try_from(*count).unwrap_or(0),
        Num::BigInt(count) if count.bits() > 63 => usize::MAX,
        _ => 0,
    }
}

/// The natives that count.
pub(super) fn funs() -> [Fun<Data>; 2] {
    let counting = Native::<Data>::new(|cv| Box::new(std::iter::once(tick(cv.1))))
        .with_paths(|cv| {
            let (value, path) = cv.1;
            Box::new(std::iter::once(tick(value).map(|value| (value, path))))
        })
        .with_update(|cv, update| match tick(cv.1) {
            Ok(value) => update(value),
            Err(why) => Box::new(std::iter::once(Err(why))),
        });
    let product = Native::<Data>::new(|mut cv| {
        let right = cv.0.pop_var();
        let left = cv.0.pop_var();
        bome(times(left, right))
    });
    [(TICK, v(0), counting), (TIMES, v(2), product)]
}

/// A native of the library under the name that its counting namesake calls it by.
pub(super) fn aliased((name, args, native): Fun<Data>) -> Option<Fun<Data>> {
    (name == "range").then_some((RANGE, args, native))
}

/// The definitions of this file.
pub(super) fn defs() -> Vec<Def<&'static str>> {
    jaq_core::load::parse(DEFS, |parser| parser.defs()).unwrap_or_default()
}

/// The program as a definition that takes its named values, and how it is called.
pub(super) fn main<'s>(program: Term<&'s str>, names: &'s [String]) -> (Def<&'s str>, String) {
    let args: Vec<&str> = names.iter().map(String::as_str).collect();
    let call = if args.is_empty() { MAIN.to_owned() } else { format!("{MAIN}({})", args.join("; ")) };
    (Def { name: MAIN, args, body: program }, call)
}

/// A definition that counts.
pub(super) fn counted(def: Def<&str>) -> Def<&str> {
    Def { body: ticked(term(def.body)), ..def }
}

fn ticked(after: Term<&str>) -> Term<&str> {
    Term::BinOp(Box::new(Term::Call(TICK, vec![])), BinaryOp::Pipe(None), Box::new(after))
}

#[expect(clippy::boxed_local, reason = "terms hold boxes")]
fn boxed(inner: Box<Term<&str>>) -> Box<Term<&str>> {
    Box::new(term(*inner))
}

fn terms(inner: Vec<Term<&str>>) -> Vec<Term<&str>> {
    inner.into_iter().map(term).collect()
}

/// A term with everything in it counted. How deep terms nest was bounded before.
fn term(one: Term<&str>) -> Term<&str> {
    match one {
        Term::Id | Term::Recurse | Term::Num(_) | Term::Break(_) | Term::Var(_) => one,
        Term::Str(format, parts) => Term::Str(format, parts.into_iter().map(part).collect()),
        Term::Arr(of) => Term::Arr(of.map(boxed)),
        Term::Obj(fields) => {
            Term::Obj(fields.into_iter().map(|(key, value)| (term(key), value.map(term))).collect())
        }
        Term::Neg(of) => Term::Neg(boxed(of)),
        Term::Label(name, of) => Term::Label(name, boxed(of)),
        Term::BinOp(left, op, right) => operation(boxed(left), op, boxed(right)),
        Term::Fold(word, of, bound, args) => {
            let args = args.into_iter().map(|arg| ticked(term(arg))).collect();
            Term::Fold(word, boxed(of), pattern(bound), args)
        }
        Term::TryCatch(of, catch) => Term::TryCatch(boxed(of), catch.map(boxed)),
        Term::IfThenElse(arms, other) => Term::IfThenElse(
            arms.into_iter().map(|(when, then)| (term(when), term(then))).collect(),
            other.map(boxed),
        ),
        Term::Def(defs, of) => Term::Def(defs.into_iter().map(counted).collect(), boxed(of)),
        Term::Call(name, args) => Term::Call(name, terms(args)),
        Term::Path(of, path) => {
            let parts = path.0.into_iter().map(|(part, opt)| {
                let part = match part {
                    Part::Index(at) => Part::Index(term(at)),
                    Part::Range(from, to) => Part::Range(from.map(term), to.map(term)),
                };
                (part, opt)
            });
            Term::Path(boxed(of), Path(parts.collect()))
        }
    }
}

fn operation<'s>(
    left: Box<Term<&'s str>>,
    op: BinaryOp<&'s str>,
    right: Box<Term<&'s str>>,
) -> Term<&'s str> {
    let product = |left, right| Term::Call(PRODUCT, vec![left, right]);
    match op {
        BinaryOp::Pipe(bound) => {
            Term::BinOp(left, BinaryOp::Pipe(bound.map(pattern)), Box::new(ticked(*right)))
        }
        BinaryOp::Math(Math::Mul) => product(*left, *right),
        // `l *= r` is `r as $x | l |= . * $x`.
        BinaryOp::UpdateMath(Math::Mul) => {
            let factor = "$bowline_factor";
            let updated = product(Term::Id, Term::Var(factor));
            let update = Term::BinOp(left, BinaryOp::Update, Box::new(updated));
            Term::BinOp(right, BinaryOp::Pipe(Some(Pattern::Var(factor))), Box::new(update))
        }
        op => Term::BinOp(left, op, right),
    }
}

fn part<'s>(part: StrPart<&'s str, Term<&'s str>>) -> StrPart<&'s str, Term<&'s str>> {
    match part {
        StrPart::Term(inner) => StrPart::Term(ticked(term(inner))),
        part => part,
    }
}

fn pattern(one: Pattern<&str>) -> Pattern<&str> {
    match one {
        Pattern::Var(name) => Pattern::Var(name),
        Pattern::Arr(items) => Pattern::Arr(items.into_iter().map(pattern).collect()),
        Pattern::Obj(fields) => {
            Pattern::Obj(fields.into_iter().map(|(key, value)| (term(key), pattern(value))).collect())
        }
    }
}
