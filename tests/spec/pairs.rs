//! Two mistakes in two statements of a runbook are both told at once, wherever they stand.

use bowline::compile::Compiled;
use bowline::diag::Severity;

use crate::check::told;
use crate::mistakes::{Mistake, in_every_runbook, reports, text_of};

/// The line with the first two letters of its first word changed about.
fn misspelt(line: &str) -> Option<String> {
    let (indent, code) = line.split_at(line.len() - line.trim_start().len());
    let word = code.split(' ').next().filter(|word| word.len() > 3 && is_small(word))?;
    let (first, second) = (word.get(1..2)?, word.get(2..3)?);
    (first != second).then(|| format!("{indent}{}{second}{first}{}", &code[..1], &code[3..]))
}

fn is_small(word: &str) -> bool {
    word.bytes().all(|c| c.is_ascii_lowercase())
}

/// The line with a name in the first value of a text that nothing has.
fn unknown(line: &str) -> Option<String> {
    let (before, rest) = line.split_once('{').filter(|(before, _)| before.matches('"').count() % 2 == 1)?;
    let (name, _) = rest.split_once('}')?;
    is_small(name).then(|| format!("{before}{{nothing_like_{name}{}", &rest[name.len()..]))
}

/// The line with an option that nothing has.
fn option(line: &str) -> Option<String> {
    let head = line.strip_suffix(" {").filter(|head| head.ends_with('"'))?;
    let titled = ["step", "check", "phase", "manual"].contains(&head.trim_start().split(' ').next()?);
    titled.then(|| format!("{head} nothing_like_it {{"))
}

/// Mistakes of which each is one report.
const SLIPS: &[(&str, Mistake)] = &[
    ("a misspelt keyword", misspelt),
    ("an unknown name", unknown),
    ("an unknown option", option),
    ("a colon before the brace", |line| Some(format!("{}: {{", line.strip_suffix(" {")?))),
    ("a misspelt option", |line| Some(line.replacen(" timeout ", " timoeut ", 1)).filter(|new| new != line)),
    ("no comma in a list", |line| {
        let (before, list) = line.split_once("= [").filter(|_| line.ends_with(']'))?;
        Some(format!("{before}= [{}", list.replacen(", ", " ", 1))).filter(|new| new != line)
    }),
    ("`=` in a map", |line| {
        let (before, map) = line.split_once("json { ").filter(|_| line.ends_with(" }"))?;
        Some(format!("{before}json {{ {}", map.replacen(": ", " = ", 1))).filter(|new| new != line)
    }),
    ("a sign at the end", |line| Some(format!("{line} ==")).filter(|_| line.ends_with(')'))),
    ("a title alone", |line| {
        let head = line.trim_start().strip_prefix("check \"").filter(|head| head.ends_with("\" {"))?;
        Some(format!("{}\"{head}", &line[..line.len() - line.trim_start().len()]))
    }),
    ("a blank missing behind an option", |line| {
        Some(line.replacen(" within ", " within", 1)).filter(|new| new != line && line.ends_with('{'))
    }),
];

/// The errors by code and line, each place at which the same is wrong once more among them.
fn errors(compiled: &Compiled) -> Vec<(&'static str, u32)> {
    let errors = compiled.diagnostics.iter().filter(|one| one.severity == Severity::Error);
    let place = |at: bowline::text::Span| {
        compiled.sources.get(at.source).map_or(0, |source| source.position(at.start).line)
    };
    let mut found = vec![];
    for one in errors {
        let again = one.secondary.iter().filter(|label| label.text == "here too");
        found.extend([&one.primary].into_iter().chain(again).map(|label| (one.code.id, place(label.span))));
    }
    found.sort_unstable();
    found
}

/// Numbers that look drawn, the same each time.
struct Drawn(u64);

impl Drawn {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % end.max(1)
    }
}

/// The text with other lines at those numbers.
fn with(text: &str, changes: &[(usize, &str)]) -> String {
    let line = |(number, old)| changes.iter().find(|(at, _)| *at == number).map_or(old, |(_, new)| *new);
    text.lines().enumerate().map(|one| line(one).to_owned() + "\n").collect()
}

/// So many pairs are tried in each runbook.
const PAIRS: usize = 4;

/// Which pairs of mistakes in a runbook are not both told, and how many were made.
fn pairs(name: &str) -> (usize, Vec<String>) {
    let text = text_of(name);
    let (mut tried, mut wrong) = (0, vec![]);
    if !reports(name, &text).diagnostics.is_empty() {
        return (tried, wrong);
    }
    let mut drawn = Drawn(text.len() as u64);
    let made = |(_, slip): &(&str, Mistake)| -> Vec<(usize, String)> {
        text.lines().enumerate().filter_map(|(at, line)| Some((at, slip(line)?))).collect()
    };
    let places: Vec<_> = SLIPS.iter().map(made).filter(|made| !made.is_empty()).collect();
    for _ in 0..PAIRS * 4 {
        if tried == PAIRS || places.is_empty() {
            break;
        }
        let mut one = || {
            let made = &places[drawn.below(places.len())];
            &made[drawn.below(made.len())]
        };
        let (first, second) = (one(), one());
        let alone = [first, second].map(|(at, line)| errors(&reports(name, &with(&text, &[(*at, line)]))));
        if first.0.abs_diff(second.0) < 2 || alone.iter().any(|errors| errors.len() != 1) {
            continue;
        }
        let compiled = reports(name, &with(&text, &[(first.0, &first.1), (second.0, &second.1)]));
        let mut expected = alone.concat();
        expected.sort_unstable();
        tried += 1;
        if errors(&compiled) != expected {
            wrong.push(format!(
                "{name}: expected {expected:?}\n{}\n{}\n{}",
                first.1,
                second.1,
                told(&compiled)
            ));
        }
    }
    (tried, wrong)
}

#[test]
fn two_mistakes_are_both_told() {
    in_every_runbook(pairs);
}
