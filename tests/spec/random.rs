//! Mistakes at random: a token of a runbook, or a letter, is taken away, doubled, moved or put in the place of another.
//!
//! That one mistake is one report cannot hold for all that a hand may do to a text, so it is counted: hardly any gives several.
//! `PROPTEST_RNG_SEED` and `PROPTEST_CASES` make others and more; with `--nocapture` those that give several are shown.

use std::ops::Range;

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngSeed, TestRunner};

use bowline::compile::Compiled;

use crate::check::told;
use crate::mistakes::{reports, runbooks, text_of};

/// Of so many mistakes that are told at all one may give several reports, of so many pairs one may not be told whole.
const ONE_OF: usize = 40;

/// What a hand does.
#[derive(Clone, Copy, Debug)]
enum Slip {
    TakesAway,
    Doubles,
    /// With the next.
    Swaps,
    /// By another of the text.
    Replaces,
    /// Another of the text before it.
    Inserts,
}

/// Which of the parts of a text it happens to, and which is the other; both by chance.
type Chance = (Slip, usize, usize);

fn chance() -> impl Strategy<Value = Chance> {
    let slip = prop::sample::select(vec![
        Slip::TakesAway,
        Slip::Doubles,
        Slip::Swaps,
        Slip::Replaces,
        Slip::Inserts,
    ]);
    (slip, any::<usize>(), any::<usize>())
}

/// The tokens of a text, but for those of comments, prose and scripts: words, texts' quotes, signs.
fn tokens(text: &str) -> Vec<Range<usize>> {
    let (mut found, mut at, mut apart) = (vec![], 0, false);
    for line in text.split_inclusive('\n') {
        let code = line.trim();
        let fence = code.contains("\"\"\"") || code.contains("```");
        apart ^= fence;
        if !apart && !fence && !code.starts_with('#') {
            in_line(line, at, &mut found);
        }
        at += line.len();
    }
    found
}

fn in_line(line: &str, from: usize, found: &mut Vec<Range<usize>>) {
    let mut rest = line;
    while let Some(first) = rest.chars().next() {
        let length = match first {
            c if is_word(c) => rest.find(|c| !is_word(c)).unwrap_or(rest.len()),
            _ if ["==", "!=", "<=", ">="].iter().any(|sign| rest.starts_with(sign)) => 2,
            c => c.len_utf8(),
        };
        if !first.is_whitespace() {
            let start = from + line.len() - rest.len();
            found.push(start..start + length);
        }
        rest = &rest[length..];
    }
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

/// The letters of its words.
fn letters(text: &str) -> Vec<Range<usize>> {
    let word = |part: &Range<usize>| text[part.clone()].starts_with(char::is_alphabetic);
    tokens(text).into_iter().filter(word).flat_map(|part| part.map(|at| at..at + 1)).collect()
}

/// A part of a text, and what stands there instead.
type Change = (Range<usize>, String);

/// What such a slip changes. No two words are joined, nor what stands on two lines changed about.
fn slipped(text: &str, parts: &[Range<usize>], (slip, at, other): Chance, blank: &str) -> Change {
    let at = at % (parts.len() - 1);
    let (part, next) = (parts[at].clone(), parts[at + 1].clone());
    let (here, there) = (&text[part.clone()], &text[parts[other % parts.len()].clone()]);
    let between = &text[part.end..next.start];
    let apart = if blank.is_empty() { !between.is_empty() } else { between.contains('\n') };
    let (end, words) = match slip {
        Slip::Swaps if !apart => (next.end, [&text[next.clone()], between, here].join(blank)),
        Slip::TakesAway | Slip::Swaps => (part.end, String::new()),
        Slip::Doubles => (part.end, format!("{here}{blank}{here}")),
        Slip::Replaces => (part.end, there.to_owned()),
        Slip::Inserts => (part.end, format!("{there}{blank}{here}")),
    };
    let joins =
        |one: &str, other: &str| !blank.is_empty() && one.ends_with(is_word) && other.starts_with(is_word);
    let first = if joins(&text[..part.start], &words) { blank } else { "" };
    let last = if joins(&words, &text[end..]) { blank } else { "" };
    (part.start..end, [first, &words, last].concat())
}

fn with(text: &str, (part, words): &Change) -> String {
    [&text[..part.start], words, &text[part.end..]].concat()
}

/// Which texts are changed, and how: as many as there are cases, in runbooks of the repository.
fn drawn<T: std::fmt::Debug>(chance: impl Strategy<Value = T>) -> Vec<(String, T)> {
    let given = Config::default();
    let seed = if given.rng_seed == RngSeed::Random { RngSeed::Fixed(1) } else { given.rng_seed };
    let cases = if std::env::var_os("PROPTEST_CASES").is_some() { given.cases } else { 300 };
    let mut runner = TestRunner::new(Config { rng_seed: seed, ..given });
    let right = |name: &String| reports(name, &text_of(name)).diagnostics.is_empty();
    let names: Vec<_> = runbooks().into_iter().filter(right).collect();
    let strategy = (prop::sample::select(names), chance);
    (0..cases).map(|_| strategy.new_tree(&mut runner).unwrap().current()).collect()
}

/// What comes of each, two at a time.
fn each<T: Sync, R: Send>(all: &[T], make: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let make = &make;
    std::thread::scope(|scope| {
        let work = |half: &[T]| half.iter().map(make).collect::<Vec<_>>();
        let halves = all.chunks(all.len().div_ceil(2));
        let threads: Vec<_> = halves.map(|half| scope.spawn(move || work(half))).collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    })
}

/// The line on which something is changed, before and after.
fn shown(name: &str, text: &str, change: &Change) -> String {
    let line = text[..change.0.start].matches('\n').count();
    let (before, changed) = (text.lines().nth(line).unwrap(), with(text, change));
    let after = changed.lines().nth(line).unwrap_or_default();
    format!("{name}:{}\n- {before}\n+ {after}\n", line + 1)
}

type Parts = fn(&str) -> Vec<Range<usize>>;

/// How many mistakes are told, and those that give several reports.
fn several(parts: Parts, blank: &str) -> (usize, Vec<String>) {
    let make = |(name, chance): &(String, Chance)| {
        let text = text_of(name);
        let change = slipped(&text, &parts(&text), *chance, blank);
        let compiled = reports(name, &with(&text, &change));
        let said = (compiled.diagnostics.len() > 1)
            .then(|| format!("{}{}", shown(name, &text, &change), told(&compiled)));
        compiled.has_errors().then_some(said)
    };
    let results: Vec<_> = each(&drawn(chance()), make).into_iter().flatten().collect();
    (results.len(), results.into_iter().flatten().collect())
}

/// The one error that is told, its code and line; none of several.
fn lone_error(compiled: &Compiled) -> Option<(&'static str, u32)> {
    let [one] = compiled.diagnostics.as_slice() else { return None };
    let source = compiled.sources.get(one.primary.span.source)?;
    compiled.has_errors().then(|| (one.code.id, source.position(one.primary.span.start).line))
}

/// How many pairs of mistakes there are, in two statements at the top of a runbook, of which each alone is one report; and
/// those of which not both are told.
fn hidden(parts: Parts, blank: &str) -> (usize, Vec<String>) {
    let make = |(name, (one, other)): &(String, (Chance, Chance))| {
        let text = text_of(name);
        let mut changes = [one, other].map(|chance| slipped(&text, &parts(&text), *chance, blank));
        changes.sort_by_key(|(part, _)| part.start);
        let [above, below] = &changes;
        let begins = |line: &str| line.starts_with(|c: char| c.is_ascii_alphabetic());
        let between = text.get(above.0.end..below.0.start)?;
        between.split('\n').skip(1).any(begins).then_some(())?;
        let alone = [above, below].map(|change| lone_error(&reports(name, &with(&text, change))));
        let [Some(first), Some(second)] = alone else { return None };
        let both = reports(name, &with(&with(&text, below), above));
        let lines = both.diagnostics.iter().filter_map(|one| {
            let source = both.sources.get(one.primary.span.source)?;
            Some((one.code.id, source.position(one.primary.span.start).line))
        });
        let lines: Vec<_> = lines.collect();
        let are_told = [first, second].iter().all(|one| lines.contains(one));
        let said = || {
            let shown = [above, below].map(|change| shown(name, &text, change)).concat();
            format!("{first:?} {second:?}\n{shown}{}", told(&both))
        };
        Some((!are_told).then(said))
    };
    let results: Vec<_> = each(&drawn((chance(), chance())), make).into_iter().flatten().collect();
    (results.len(), results.into_iter().flatten().collect())
}

/// Holds that there are hardly any of what was counted.
fn hardly_any((counted, found): (usize, Vec<String>), what: &str) {
    found.iter().for_each(|one| eprintln!("{one}\n"));
    eprintln!("{} of {counted} {what}", found.len());
    assert!(counted > 30, "only {counted}");
    assert!(
        found.len() <= counted.div_ceil(ONE_OF),
        "{} of {counted} {what}\n{}",
        found.len(),
        found.join("\n")
    );
}

#[test]
fn a_token_that_slipped_is_one_report() {
    hardly_any(several(tokens, " "), "gave several reports");
}

#[test]
fn a_letter_that_slipped_is_one_report() {
    hardly_any(several(letters, ""), "gave several reports");
}

#[test]
fn two_tokens_that_slipped_are_both_told() {
    hardly_any(hidden(tokens, " "), "were not both told");
}

#[test]
fn two_letters_that_slipped_are_both_told() {
    hardly_any(hidden(letters, ""), "were not both told");
}
