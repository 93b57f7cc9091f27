//! Mistakes at random: a token of a runbook, or a letter, is taken away, doubled, moved or put in the place of another.
//!
//! That one mistake is one report cannot hold for all that a hand may do to a text, so it is counted: hardly any gives several.
//! `PROPTEST_RNG_SEED` and `PROPTEST_CASES` make others and more; with `--nocapture` those that give several are shown.

use std::ops::Range;

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngSeed, TestRunner};

use crate::check::told;
use crate::mistakes::{reports, runbooks, text_of};

/// Of so many mistakes that are told at all one may give several reports.
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

/// The text after such a slip. No two words are joined, nor what stands on two lines changed about.
fn slipped(text: &str, parts: &[Range<usize>], (slip, at, other): Chance, blank: &str) -> (usize, String) {
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
    let (before, behind) = (&text[..part.start], &text[end..]);
    let joins =
        |one: &str, other: &str| !blank.is_empty() && one.ends_with(is_word) && other.starts_with(is_word);
    let first = if joins(before, &words) { blank } else { "" };
    let last = if joins(&words, behind) { blank } else { "" };
    (part.start, [before, first, &words, last, behind].concat())
}

/// Makes mistakes in runbooks of the repository, as many as there are cases, and counts those that are told and those that
/// give several reports.
fn several(parts: fn(&str) -> Vec<Range<usize>>, blank: &str) -> (usize, Vec<String>) {
    let given = Config::default();
    let seed = if given.rng_seed == RngSeed::Random { RngSeed::Fixed(1) } else { given.rng_seed };
    let cases = if std::env::var_os("PROPTEST_CASES").is_some() { given.cases } else { 300 };
    let mut runner = TestRunner::new(Config { rng_seed: seed, ..given });
    let right = |name: &String| reports(name, &text_of(name)).diagnostics.is_empty();
    let names: Vec<_> = runbooks().into_iter().filter(right).collect();
    let strategy = (prop::sample::select(names), chance());
    let drawn: Vec<_> = (0..cases).map(|_| strategy.new_tree(&mut runner).unwrap().current()).collect();
    let make = |(name, chance): &(String, Chance)| {
        let text = text_of(name);
        let (at, changed) = slipped(&text, &parts(&text), *chance, blank);
        let compiled = reports(name, &changed);
        let line = text[..at].matches('\n').count();
        let before = text.lines().nth(line).unwrap();
        let after = changed.lines().nth(line).unwrap_or_default();
        let said = format!("{name}:{} {:?}\n- {before}\n+ {after}\n{}", line + 1, chance.0, told(&compiled));
        (compiled.has_errors(), (compiled.diagnostics.len() > 1).then_some(said))
    };
    let halves: Vec<_> = drawn.chunks(drawn.len().div_ceil(2)).collect();
    let results: Vec<_> = std::thread::scope(|scope| {
        let work = |half: &[(String, Chance)]| half.iter().map(make).collect::<Vec<_>>();
        let threads: Vec<_> = halves.iter().map(|half| scope.spawn(move || work(half))).collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    let told = results.iter().filter(|(wrong, _)| *wrong).count();
    (told, results.into_iter().filter_map(|(wrong, said)| said.filter(|_| wrong)).collect())
}

fn hardly_any_gives_several(parts: fn(&str) -> Vec<Range<usize>>, blank: &str) {
    let (told, several) = several(parts, blank);
    for one in &several {
        eprintln!("{one}\n");
    }
    eprintln!("{} of {told} gave several reports", several.len());
    assert!(told > 30, "only {told} were told");
    assert!(several.len() <= told.div_ceil(ONE_OF), "{} of {told}\n{}", several.len(), several.join("\n"));
}

#[test]
fn a_token_that_slipped_is_one_report() {
    hardly_any_gives_several(tokens, " ");
}

#[test]
fn a_letter_that_slipped_is_one_report() {
    hardly_any_gives_several(letters, "");
}
