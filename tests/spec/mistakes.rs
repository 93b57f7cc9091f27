//! One mistake never hides the next: a bad line before every statement of every spec is one report each, and
//! what was wrong before is still told.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path, PathBuf};

use bowline::compile::{Compiled, LoadError, Loader, Setting, compile_with};
use bowline::diag::{Severity, codes};
use bowline::syntax::parse;
use bowline::syntax::tree::{Block, Head, Item, Line, Stmt, Tail, TypeKind};
use bowline::text::{Source, SourceId};

use crate::check::{Folder, told};
use crate::coverage::all;
use crate::header::root;

/// The files of a folder, one of them changed.
struct Changed<'a> {
    name: &'a str,
    text: &'a str,
}

impl Loader for Changed<'_> {
    fn read(&self, path: &str) -> Result<Vec<u8>, LoadError> {
        if path == self.name { Ok(self.text.as_bytes().to_vec()) } else { Folder.read(path) }
    }
}

fn compile(name: &str, text: &str) -> Compiled {
    compile_with(&Changed { name, text }, name, &Setting { modules: true, ..Setting::default() })
}

/// What is not said where a line cannot be read, since it may stand there: a decision's use, a step, what a scenario says and
/// names, what undoes, what a definition returns. And `log`, with
/// which some of the lines begin, cannot stand everywhere, nor beside a module step, which is said besides.
const DEPENDS: &[&str] = &["E0205", "E0406", "E0302", "E0312", "E0416", "E0418", "E0419", "E0219"];

/// The codes of the errors, sorted, but for those that depend on what cannot be read.
fn errors(compiled: &Compiled) -> Vec<&'static str> {
    let errors = compiled.diagnostics.iter().filter(|one| one.severity == Severity::Error);
    let mut codes: Vec<_> = errors.map(|one| one.code.id).filter(|code| !DEPENDS.contains(code)).collect();
    codes.sort_unstable();
    codes
}

/// Where statements begin that are the first on their line, but for the header.
fn starts(text: &str) -> Vec<usize> {
    let (tree, _) = parse(SourceId(0), &Source::new("spec", text));
    let mut found = vec![];
    tree.lines.iter().skip(1).for_each(|line| gather(line, &mut found));
    let first = |at: &usize| text[..*at].rsplit('\n').next().unwrap().trim().is_empty();
    found.retain(first);
    found.sort_unstable();
    found
}

fn gather(line: &Line, found: &mut Vec<usize>) {
    let Line::Stmt(stmt) = line else { return };
    // What stands beside a bad line in a file that does not begin as it must is another matter.
    if !matches!(&stmt.head, Head::Word(word) if word.text == "runbook" || word.text == "module") {
        found.push(stmt.span.range().start);
    }
    inside(stmt, found);
}

fn inside(stmt: &Stmt, found: &mut Vec<usize>) {
    let block =
        |block: &Block, found: &mut Vec<usize>| block.lines.iter().for_each(|line| gather(line, found));
    stmt.block.iter().for_each(|inner| block(inner, found));
    match stmt.tail.as_deref() {
        Some(Tail::Else(inner) | Tail::Otherwise(inner)) => block(inner, found),
        Some(Tail::ElseIf(next)) => inside(next, found),
        _ => {}
    }
}

/// A text with a line before each of those places.
fn with_lines(text: &str, starts: &[usize], line: &str) -> String {
    let mut changed = text.to_owned();
    for at in starts.iter().rev() {
        let begin = changed[..*at].rfind('\n').map_or(0, |end| end + 1);
        changed.insert_str(begin, &format!("{line}\n"));
    }
    changed
}

/// What each line is reported as.
const BAD: &[(&str, &str)] = &[
    ("??", "E0101"),
    ("- a list item", "E0101"),
    ("nothing_like_it \"x\"", "E0301"),
    ("log \"never closed", "E0102"),
    ("log \"{ no value }\"", "E0106"),
];

/// What is told as one over several lines, behind the first: pasted pieces, and values that go on.
fn several_lines(compiled: &Compiled) -> Vec<Range<usize>> {
    let of_file = compiled.diagnostics.iter().filter(|one| one.primary.span.source == SourceId(0));
    let pieces = of_file.filter_map(|one| {
        let end = one.secondary.iter().find(|label| label.text == "up to here");
        let goes_on = one.hides.last().filter(|_| one.code == codes::MISSING_OPERAND);
        let end = end.map(|label| label.span).or(goes_on.copied())?;
        Some(one.primary.span.range().start + 1..end.range().end)
    });
    pieces.collect()
}

/// What differs for one spec.
fn differences(path: &Path) -> Vec<String> {
    let name = path.strip_prefix(root()).unwrap().to_string_lossy().into_owned();
    let text = std::fs::read_to_string(path).unwrap();
    let compiled = compile(&name, &text);
    // What is no runbook has no statements, and says so once.
    if ["this is no runbook", "begins as a module"].iter().any(|words| told(&compiled).contains(words)) {
        return vec![];
    }
    let before = errors(&compiled);
    let mut starts = starts(&text);
    let pieces = several_lines(&compiled);
    starts.retain(|at| !pieces.iter().any(|piece| piece.contains(at)));
    let mut wrong = vec![];
    for (line, code) in BAD {
        // Beside a line with `+` a list item is a diff.
        if line.starts_with("- ") && text.contains("\n  + ") {
            continue;
        }
        let compiled = compile(&name, &with_lines(&text, &starts, line));
        let mut expected = [before.clone(), vec![*code; starts.len()]].concat();
        expected.sort_unstable();
        if errors(&compiled) != expected {
            wrong.push(format!("{name}, {line}: expected {expected:?}\n{}", told(&compiled)));
        }
    }
    wrong
}

#[test]
fn a_bad_line_before_every_statement_costs_only_itself() {
    // Where something is never closed, the next line may belong to it; where braces are told by how lines are
    // indented, or blocks are opened without any, a line that is not tells something else; of a
    // list it is one more item.
    let closed = |path: &PathBuf| {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        ![
            "unclosed",
            "fence_not_closed",
            "braces_",
            "brackets_over_lines",
            "quotes_before_sentences",
            "quotes_in_words",
            "blocks_",
            "from_ansible",
            "from_bash",
            "from_python",
            "newcomer_python_block",
        ]
        .iter()
        .any(|begin| name.starts_with(begin))
    };
    let paths: Vec<_> = all().into_iter().filter(closed).collect();
    let halves: Vec<_> = paths.chunks(paths.len().div_ceil(2)).collect();
    let wrong: Vec<String> = std::thread::scope(|scope| {
        let work = |half: &&[PathBuf]| half.iter().flat_map(|path| differences(path)).collect::<Vec<_>>();
        let threads: Vec<_> = halves.iter().map(|half| scope.spawn(move || work(half))).collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    assert!(wrong.is_empty(), "{} differ\n{}", wrong.len(), wrong.join("\n"));
}

/// One mistake in how a block is opened or closed: what a line becomes, and the lines behind it.
pub(crate) type Mistake = fn(&str) -> Option<String>;

/// Mistakes of which each is one report, whatever stands in the block.
const SINGLE: &[(&str, Mistake)] = &[
    ("a colon before the brace", |line| Some(format!("{}: {{", line.strip_suffix(" {")?))),
    ("a wide brace", |line| Some(format!("{} \u{ff5b}", line.strip_suffix(" {")?))),
    ("the brace on the next line", |line| {
        let indent = line.len() - line.trim_start().len();
        Some(format!("{}\n{:indent$}{{", line.strip_suffix(" {")?, ""))
    }),
    ("`else` on the next line", |line| {
        let rest = line.trim_start().strip_prefix("} else")?;
        let indent = line.len() - line.trim_start().len();
        Some(format!("{:indent$}}}\n{:indent$}else{rest}", "", ""))
    }),
    ("a control character at the end", |line| Some(format!("{line}\u{7}"))),
];

/// The lines of a text that open a block of statements with a word and a title, or go on behind one.
fn heads(text: &str) -> Vec<usize> {
    let titled = |line: &str| {
        let word = line.trim_start();
        ["step ", "phase ", "check ", "if ", "for ", "gate ", "attempt ", "} else"]
            .iter()
            .any(|begin| word.starts_with(begin))
            && line.ends_with(" {")
    };
    text.lines().enumerate().filter(|(_, line)| titled(line)).map(|(at, _)| at).collect()
}

/// The repository's files, one of them changed.
struct Repository<'a> {
    name: &'a str,
    text: &'a str,
}

impl Loader for Repository<'_> {
    fn read(&self, path: &str) -> Result<Vec<u8>, LoadError> {
        if path == self.name {
            return Ok(self.text.as_bytes().to_vec());
        }
        let read = std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join(path));
        read.map_err(|error| LoadError::Unreadable(error.to_string()))
    }
}

/// The text of a file of the repository.
pub(crate) fn text_of(name: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).unwrap()
}

/// The reports about a file of the repository, were that its text.
pub(crate) fn reports(name: &str, text: &str) -> Compiled {
    let setting = Setting { modules: true, ..Setting::default() };
    compile_with(&Repository { name, text }, name, &setting)
}

/// The runbooks of the repository, by their paths.
pub(crate) fn runbooks() -> Vec<String> {
    let home = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (mut folders, mut found) = (vec![home.join("runbooks")], vec![]);
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|kind| kind == "runbook") {
                found.push(path.strip_prefix(home).unwrap().to_string_lossy().into_owned());
            }
        }
    }
    found.sort();
    found
}

/// What differs where mistakes are made in those lines of a runbook, and how often one was made. `which` says at which of
/// so many places the mistake of that number is made.
pub(crate) fn made<M: Fn(&str) -> Option<String>>(
    name: &str,
    mistakes: &[(&str, M)],
    lines: fn(&str) -> Vec<usize>,
    which: fn(&str, usize, usize) -> Vec<usize>,
) -> (usize, Vec<String>) {
    let text = text_of(name);
    let (mut tried, mut wrong) = (0, vec![]);
    if !reports(name, &text).diagnostics.is_empty() {
        return (tried, wrong);
    }
    let places = lines(&text);
    for (number, (what, mistake)) in mistakes.iter().enumerate() {
        let made = |at: &usize| Some((*at, mistake(text.lines().nth(*at)?)?));
        let made: Vec<_> = places.iter().filter_map(made).collect();
        for (at, line) in which(name, number, made.len()).iter().filter_map(|place| made.get(*place)) {
            let lines = text.lines().enumerate().map(|(number, old)| if number == *at { line } else { old });
            let compiled = reports(name, &(lines.collect::<Vec<_>>().join("\n") + "\n"));
            tried += 1;
            if compiled.diagnostics.len() != 1 {
                wrong.push(format!("{name}:{}: {what}\n{line}\n{}", at + 1, told(&compiled)));
            }
        }
    }
    (tried, wrong)
}

/// A few places of so many.
fn few(_: &str, number: usize, places: usize) -> Vec<usize> {
    (number % 3..places).step_by(places / 3 + 1).collect()
}

/// One place of so many, another one for each runbook.
pub(crate) fn one(name: &str, number: usize, places: usize) -> Vec<usize> {
    vec![(name.len() * 7 + number) % places.max(1)]
}

#[test]
fn a_block_that_is_opened_wrongly_is_one_report() {
    in_every_runbook(|name| made(name, SINGLE, heads, few));
}

#[test]
fn a_mistake_in_a_head_is_one_report() {
    in_every_runbook(|name| made(name, IN_HEADS, statements, few));
}

/// Makes mistakes in the runbooks of the repository: each is one report.
pub(crate) fn in_every_runbook(make: impl Fn(&str) -> (usize, Vec<String>) + Sync) {
    let names = runbooks();
    let halves: Vec<_> = names.chunks(names.len().div_ceil(2)).collect();
    let done: Vec<_> = std::thread::scope(|scope| {
        let work = |half: &[String]| half.iter().map(|name| make(name)).collect::<Vec<_>>();
        let threads: Vec<_> = halves.iter().map(|half| scope.spawn(move || work(half))).collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    let tried: usize = done.iter().map(|(tried, _)| tried).sum();
    let wrong: Vec<_> = done.into_iter().flat_map(|(_, wrong)| wrong).collect();
    assert!(tried > 30, "only {tried} were tried");
    assert!(wrong.is_empty(), "{} of {tried} differ\n{}", wrong.len(), wrong.join("\n"));
}

/// A word with the first two letters of it that differ changed about.
fn swapped(word: &str) -> Option<String> {
    let bytes = word.as_bytes();
    let at = (0..bytes.len().saturating_sub(1)).find(|at| {
        let pair = &bytes[*at..*at + 2];
        pair.iter().all(u8::is_ascii_lowercase) && pair[0] != pair[1]
    })?;
    let mut swapped = bytes.to_vec();
    swapped.swap(at, at + 1);
    String::from_utf8(swapped).ok()
}

/// Keywords, types and names of modules in a text, and where.
fn words(lines: &[Line], text: &str, found: &mut Vec<Range<usize>>) {
    for line in lines {
        let mut next = if let Line::Stmt(stmt) = line { Some(stmt) } else { None };
        while let Some(stmt) = next.take() {
            let word = |at: usize| {
                let length = text[at..].find(|c: char| !c.is_ascii_alphabetic() && c != '_').unwrap_or(0);
                at..at + length
            };
            found.extend(stmt.bind.iter().map(|bind| word(bind.span.range().start)));
            found.extend(stmt.look.map(|look| word(look.range().start)));
            match &stmt.head {
                Head::Word(ident) => found.push(ident.span.range()),
                Head::Run { keyword, .. } => found.push(keyword.range()),
                _ => {}
            }
            for item in &stmt.items {
                match item {
                    Item::Decl(decl) => {
                        let plain = decl.ty.iter().filter(|ty| matches!(ty.kind, TypeKind::Name(_)));
                        found.extend(plain.map(|ty| ty.span.range()));
                    }
                    Item::Expr(name)
                        if stmt.word() == Some("use") && text[name.span.range()].starts_with("\"std/") =>
                    {
                        let name = name.span.range();
                        let last = text[name.clone()].rfind('/').unwrap_or(0);
                        found.push(word(name.start + last + 1));
                    }
                    _ => {}
                }
            }
            let mut block = |block: &Block| words(&block.lines, text, found);
            stmt.block.iter().for_each(&mut block);
            match stmt.tail.as_deref() {
                Some(Tail::Else(inner) | Tail::Otherwise(inner)) => block(inner),
                Some(Tail::ElseIf(stmt)) => next = Some(stmt),
                _ => {}
            }
        }
    }
}

/// What differs where each of its words is misspelt in a runbook, and how often one was.
fn misspelt(name: &str) -> (usize, Vec<String>) {
    let text = text_of(name);
    let (mut tried, mut wrong) = (0, vec![]);
    if !reports(name, &text).diagnostics.is_empty() {
        return (tried, wrong);
    }
    let (tree, _) = parse(SourceId(0), &Source::new(name, text.as_str()));
    let mut places: BTreeMap<&str, Vec<Range<usize>>> = BTreeMap::new();
    let mut found = vec![];
    words(&tree.lines, &text, &mut found);
    found.into_iter().for_each(|at| places.entry(&text[at.clone()]).or_default().push(at));
    // A third of the words, another one for each runbook, each at one place: together they are all.
    for (word, places) in places.into_iter().skip(name.len() % 3).step_by(3) {
        let Some(swapped) = swapped(word) else { continue };
        for at in places.iter().skip(name.len() % places.len()).take(1) {
            let mut changed = text.clone();
            changed.replace_range(at.clone(), &swapped);
            let compiled = reports(name, &changed);
            tried += 1;
            if compiled.diagnostics.len() != 1 {
                wrong.push(format!("{name}: {word} -> {swapped}\n{}", told(&compiled)));
            }
        }
    }
    (tried, wrong)
}

#[test]
fn a_misspelt_keyword_type_or_module_is_one_report() {
    in_every_runbook(misspelt);
}

/// Mistakes in the head of a statement, of which each is one report, whatever else the line seems to be.
const IN_HEADS: &[(&str, Mistake)] = &[
    ("the first word doubled", |line| {
        let (indent, word, rest) = first_word(line)?;
        // What `run` runs may be called so, and a `let` may bind that name.
        let doubles =
            !["run", "let", "look", "scenario", "input"].contains(&word) && !rest.starts_with(['(', '{']);
        doubles.then(|| format!("{indent}{word} {word} {rest}"))
    }),
    ("the first word in capitals", |line| {
        let (indent, word, rest) = first_word(line)?;
        Some(format!("{indent}{} {rest}", word.to_uppercase()))
    }),
    ("a title without quotes", |line| {
        let (indent, word, rest) = first_word(line)?;
        let titled = ["step", "check", "phase", "gate", "confirm", "commit", "manual"].contains(&word);
        let (title, rest) = rest.strip_prefix('"').filter(|_| titled)?.split_once('"')?;
        (!title.contains(['\'', '#', ';', '`']) && !title.starts_with('{'))
            .then(|| format!("{indent}{word} {title}{rest}"))
    }),
    ("a program without `run`", |line| {
        let (indent, word, rest) = first_word(line)?;
        let program = rest.split(' ').next()?;
        let named = word == "run" && program.len() > 3 && program.bytes().all(|c| c.is_ascii_lowercase());
        (named && rest.contains(" {") && !rest.ends_with('{')).then(|| format!("{indent}{rest}"))
    }),
    ("no comma between arguments", |line| first_comma(line, " ")),
    ("a doubled comma", |line| first_comma(line, ", , ")),
    ("the name in quotes", |line| {
        let (indent, word, rest) = first_word(line)?;
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_')?;
        (word == "let" && end > 0).then(|| format!("{indent}let \"{}\"{}", &rest[..end], &rest[end..]))
    }),
    ("no name", |line| {
        let (indent, word, rest) = first_word(line)?;
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_')?;
        (["let", "input"].contains(&word) && end > 0)
            .then(|| format!("{indent}{word} {}", rest[end..].trim_start()))
    }),
    ("`AND` in capitals", |line| {
        Some(line.replacen(" and ", " AND ", 1)).filter(|new| new != line && is_code(line))
    }),
    ("`NOT` in capitals", |line| Some(line.replacen("if not ", "if NOT ", 1)).filter(|new| new != line)),
    ("a sign before the line", |line| {
        let (indent, word, rest) = first_word(line)?;
        ["let", "expect", "input", "env"].contains(&word).then(|| format!("{indent}$x {word} {rest}"))
    }),
];

/// A line of arguments with something else for its first comma.
fn first_comma(line: &str, with: &str) -> Option<String> {
    let apart = ["#", "run ", "```", "'", "\""].iter().all(|sign| !line.contains(sign));
    (apart && line.contains('(') && line.contains(", ")).then(|| line.replacen(", ", with, 1))
}

/// A line's indentation, its first word, and what stands behind that; of statements alone.
fn first_word(line: &str) -> Option<(&str, &str, &str)> {
    let code = line.trim_start();
    let indent = &line[..line.len() - code.len()];
    let (word, rest) = code.split_once(' ')?;
    (STATEMENTS.contains(&word)).then_some((indent, word, rest.trim_start()))
}

/// Words that begin statements, by which lines of prose and scripts are told apart.
const STATEMENTS: &[&str] = &[
    "step",
    "check",
    "phase",
    "gate",
    "confirm",
    "commit",
    "manual",
    "let",
    "input",
    "run",
    "expect",
    "look",
    "for",
    "if",
    "rollback",
    "restore",
    "timeout",
    "env",
    "use",
    "log",
    "ran",
    "undone",
    "ends",
    "untouched",
    "guard",
    "wait",
    "ask",
];

fn is_code(line: &str) -> bool {
    let code = line.trim_start();
    (code.starts_with("expect ") || code.starts_with("if ")) && !line.contains('"')
}

/// Which lines of a text are no prose and no script.
pub(crate) fn statements(text: &str) -> Vec<usize> {
    let (mut inside, mut found) = (None, vec![]);
    for (at, line) in text.lines().enumerate() {
        let code = line.trim_start();
        match inside {
            Some(end) if code.contains(end) => inside = None,
            Some(_) => {}
            None if code.starts_with("\"\"\"") => inside = Some("\"\"\""),
            None if code.contains("\"\"\"") && code.matches("\"\"\"").count() == 1 => inside = Some("\"\"\""),
            None if code.starts_with("```") => inside = Some("```"),
            None => found.push(at),
        }
    }
    found
}
