//! A word that a blank, a sign or the end of a line cuts in two, and a blank one letter off: one report that says which
//! words are meant, however much does not hold any more; and what is wrong elsewhere is told beside it.

use crate::check::told;
use crate::half::{Slip, all_lines, another, naming};
use crate::mistakes::{in_every_runbook, made, reports, text_of};

/// What names a value in a text of a line of code, and where.
fn in_braces(line: &str) -> Option<(usize, usize)> {
    let code = line.trim_start();
    let begins = ["run ", "log ", "expect ", "evidence "].iter().any(|word| code.starts_with(word));
    let mut from = line.find('{').filter(|_| begins && line.is_ascii())?;
    loop {
        let name = &line[from + 1..];
        let end = name.find(|c: char| !c.is_ascii_alphanumeric() && c != '_')?;
        if end > 4 && name[end..].starts_with('}') {
            return Some((from + 1, from + 1 + end));
        }
        from += 1 + name.find('{')?;
    }
}

/// An option with a value, in the head of a check.
fn with_option(line: &str) -> Option<usize> {
    line.trim_start().starts_with("check \"").then(|| line.find("\" within ")).flatten().map(|at| at + 2)
}

const CUTS: &[(&str, Slip)] = &[
    ("the keyword takes a letter of the name", |line| {
        let (indent, keyword, name, rest) = naming(line)?;
        Some(format!("{indent}{keyword}{} {}{rest}", &name[..1], &name[1..]))
    }),
    ("the name takes a letter of the keyword", |line| {
        let (indent, keyword, name, rest) = naming(line)?;
        let (keyword, last) = keyword.split_at(keyword.len() - 1);
        Some(format!("{indent}{keyword} {last}{name}{rest}"))
    }),
    ("a sign in the keyword", |line| {
        let (indent, keyword, name, rest) = naming(line)?;
        Some(format!("{indent}{},{} {name}{rest}", &keyword[..1], &keyword[1..]))
    }),
    ("a sign in the name", |line| {
        let (indent, keyword, name, rest) = naming(line)?;
        Some(format!("{indent}{keyword} {}/{}{rest}", &name[..2], &name[2..]))
    }),
    ("the line ends in the name", |line| {
        let (indent, keyword, name, rest) = naming(line)?;
        Some(format!("{indent}{keyword} {}\n{indent}{}{rest}", &name[..2], &name[2..]))
    }),
    ("the sign behind the name one letter off", |line| {
        let (indent, keyword, name, rest) = naming(line)?;
        let (name, last) = name.split_at(name.len() - 1);
        Some(format!("{indent}{keyword} {name}:{last}{}", rest.strip_prefix(':')?))
    }),
    ("a sign in a name in braces", |line| {
        let (start, _) = in_braces(line)?;
        Some(format!("{}/{}", &line[..start + 2], &line[start + 2..]))
    }),
    ("a blank in a name in braces", |line| {
        let (start, _) = in_braces(line)?;
        Some(format!("{} {}", &line[..start + 2], &line[start + 2..]))
    }),
    ("the value takes a letter of the option", |line| {
        let at = with_option(line)?;
        Some(format!("{}withi n{}", &line[..at], &line[at + "within ".len()..]))
    }),
    ("the option takes a letter of the value", |line| {
        let at = with_option(line)?;
        let value = &line[at + "within ".len()..];
        Some(format!("{}within{} {}", &line[..at], &value[..1], &value[1..]))
    }),
];

#[test]
fn a_word_that_is_cut_in_two_is_one_report() {
    // Half of them, another one for each runbook: together they are all.
    let some = |name: &str| CUTS.iter().skip(name.len() % 2).step_by(2).copied().collect::<Vec<_>>();
    in_every_runbook(|name| made(name, &some(name), all_lines, another));
}

#[test]
fn another_mistake_is_told_beside_it() {
    let text = text_of("runbooks/memoria/hosted-ga.runbook");
    let cut = text.replacen("\ninput command:", "\ninputc ommand:", 1);
    let both = cut.replacen("{release}", "{relase}", 1);
    let of = |text: &str| reports("runbooks/memoria/hosted-ga.runbook", text);
    assert_eq!(of(&cut).diagnostics.len(), 1, "{}", told(&of(&cut)));
    let compiled = of(&both);
    let codes: Vec<_> = compiled.diagnostics.iter().map(|one| one.code.id).collect();
    assert_eq!(codes, ["E0301", "E0201"], "{}", told(&compiled));
    assert_eq!(compiled.diagnostics[0].help, ["did you mean `input command`?"]);
}
