//! Which lines of other languages, and of prose, are told as one: a row for each kind. Knows lines, and that something is
//! wrong with each that it is asked about.

use super::foreign::{
    INSTRUCTIONS, OF_IMAGES, OPTIONS, RESOURCES, begins_with, is_address, is_assigned, is_clause, is_cmdlet,
    is_counted, is_crontab, is_line_of_code, is_pair, is_prompt, is_python, is_sql, is_tag, is_target,
    is_variable, key, word,
};
use super::prose::{is_alike, is_marked, is_nothing, is_sentence, is_shaped, is_underline, is_words};
use super::rows::{Place, Row};
use crate::program::is_said_otherwise;
use crate::syntax::{OURS, is_program};

/// A kind of lines that are told as one.
pub(super) struct Kind {
    /// Whether it begins there.
    pub(super) begins: Begins,
    /// Whether a further line belongs to it that is indented as its first; one that is indented further does.
    pub(super) goes_on: GoesOn,
    /// So many of its lines are wrong.
    pub(super) least: usize,
    /// Whether what is indented further belongs to it.
    pub(super) nests: bool,
    pub(super) said: Said,
}

/// What is said of it.
#[derive(Clone, Copy)]
pub(super) enum Said {
    /// A message, and what to do.
    So(&'static str, &'static str),
    /// What is told of its first line.
    AsFirst,
    /// What is told of each of its lines, and mends them all.
    AsEach,
    /// A message and what to do, of this line alone: what stands below it is another matter.
    OfLine(&'static str, &'static str),
}

const FILE: &str = "what another tool reads stays its own file; a `step` starts that tool with `run`";
const PROGRAM: &str = "a program of another language stays its own file, which a `step` starts with `run`";
const PYTHON: &str = "a script stands in a `step`, between a line ```python3 and a line ```";
const SQL: &str = "what a database is told, its client is given by a `step`: `run psql --file changes.sql`";
const POWERSHELL: &str = "a `step` starts a script with `run pwsh -File script.ps1`";
const CRON: &str = "when a runbook is run is said outside of it, where `bowline run FILE` is started";
const COMMAND: &str = "a command is written `run …`, in a `step` that says how to undo it";
const PROSE: &str = "prose of several lines stands between `\"\"\"` lines";
const ADDRESS: &str =
    "it stands in quotes, in a statement that takes one: `http GET \"https://example.org/\"`";
const VARIABLES: &str = "what a program is given is `env NAME = \"value\"` in the block of its `run`; any other value is `let name = value`";
const LOOP: &str =
    "write `for item in list {`; what is tried several times is `repeat \"Title\" at most 5 {`";
const WORDS: &str = "to run a program, write `run program argument …`; prose stands between `\"\"\"` lines";

type Begins = fn(&Place<'_>) -> bool;
type GoesOn = fn(&Row<'_>, &Row<'_>) -> bool;

/// A kind with lines that belong to one before them.
const fn nested(begins: Begins, goes_on: GoesOn, least: usize, said: Said) -> Kind {
    Kind { begins, goes_on, least, nests: true, said }
}

/// A kind of lines one below the other.
const fn flat(begins: Begins, goes_on: GoesOn, least: usize, said: Said) -> Kind {
    Kind { begins, goes_on, least, nests: false, said }
}

/// In the order in which they are asked.
pub(super) const KINDS: &[Kind] = &[
    nested(
        |at| is_sql(at.head()),
        |_, row| is_sql(row.code) || is_clause(row.code),
        1,
        Said::So("a piece of SQL stands here", SQL),
    ),
    nested(
        |at| is_cmdlet(at.head()) || is_assigned(at.head()),
        |_, row| is_cmdlet(row.code) || is_assigned(row.code) || row.code.ends_with('{'),
        1,
        Said::So("a piece of PowerShell stands here", POWERSHELL),
    ),
    flat(
        |at| is_crontab(at.head()),
        |_, row| is_crontab(row.code),
        1,
        Said::So("a line of a crontab stands here", CRON),
    ),
    nested(
        |at| {
            is_target(at.head())
                && (at.head().starts_with('.') || at.next.is_some_and(|next| next.tab && !at.row.tab))
        },
        |_, row| is_target(row.code),
        2,
        Said::So("a piece of a Makefile stands here", FILE),
    ),
    flat(
        |at| {
            begins_with(at.head(), INSTRUCTIONS)
                && [at.row, at.next.unwrap_or(at.row)].iter().any(|row| begins_with(row.code, OF_IMAGES))
        },
        |_, row| begins_with(row.code, INSTRUCTIONS),
        2,
        Said::So("a piece of a Dockerfile stands here", FILE),
    ),
    flat(
        |at| at.head().starts_with('[') && at.head().ends_with(']'),
        |_, row| row.code.contains('=') || row.code.starts_with('['),
        2,
        Said::So("a piece of TOML, or of an INI file, stands here", FILE),
    ),
    nested(
        |at| is_pair(at.head()) || at.row.code == "{" && at.next.is_some_and(|next| is_pair(next.code)),
        |_, row| is_pair(row.code),
        1,
        Said::So("a piece of JSON stands here", FILE),
    ),
    nested(
        |at| is_tag(at.head()),
        |_, row| is_tag(row.code),
        2,
        Said::So("a piece of XML stands here", FILE),
    ),
    nested(
        |at| is_python(at.row.code) && at.next.is_some_and(|next| next.indent > at.row.indent),
        |_, row| is_python(row.code),
        2,
        Said::So("a piece of Python stands here", PYTHON),
    ),
    nested(
        begins_yaml,
        |_, row| key(row.code).is_some() || row.code.starts_with("- "),
        2,
        Said::So("a piece of YAML stands here", FILE),
    ),
    nested(
        |at| begins_with(at.head(), RESOURCES) && at.head().ends_with('{'),
        |_, row| begins_with(row.code, RESOURCES),
        2,
        Said::So("a piece of HCL stands here", FILE),
    ),
    flat(
        |at| is_prompt(at.head()),
        |_, row| is_prompt(row.code) || is_words(row),
        1,
        Said::So("commands with the prompt of a terminal stand here", COMMAND),
    ),
    flat(|at| is_address(at.head()), |_, _| false, 1, Said::OfLine("an address stands here", ADDRESS)),
    flat(
        |at| is_variable(at.head()),
        |_, row| is_variable(row.code),
        2,
        Said::So("variables of a shell stand here", VARIABLES),
    ),
    flat(
        |at| is_counted(at.row.code),
        |_, _| false,
        1,
        Said::OfLine("a loop of another language begins here", LOOP),
    ),
    nested(begins_block, |_, _| false, 2, Said::AsFirst),
    nested(begins_command, |_, _| false, 2, Said::AsFirst),
    nested(begins_arguments, |_, _| true, 2, Said::AsFirst),
    nested(
        |at| is_line_of_code(at.head()),
        |_, row| row.code.ends_with([';', '{']),
        2,
        Said::So("a piece of another language stands here", PROGRAM),
    ),
    flat(
        |at| {
            at.row.head.is_some() && is_sentence(at.row)
                || is_marked(at.head())
                || at.next.is_some_and(|next| is_underline(next.code))
        },
        |_, row| is_sentence(row) || is_words(row) || is_underline(row.code),
        2,
        Said::So("text for people stands here", PROSE),
    ),
    flat(|at| is_words(at.row), |_, row| is_words(row), 2, Said::So("these lines are no statements", WORDS)),
    flat(|at| is_nothing(at.row), |first, row| is_nothing(row) && is_alike(first, row), 2, Said::AsEach),
];

/// A name that none is of this language, with others beside it or below it.
fn begins_yaml(at: &Place<'_>) -> bool {
    let code = at.row.code;
    let below = at.next.is_some_and(|next| {
        next.indent > at.row.indent && (key(next.code).is_some() || next.code.starts_with("- "))
    });
    let Some(name) = key(code) else { return false };
    let foreign = code.starts_with("- ") || !OURS.contains(&name) && !OPTIONS.contains(&name);
    foreign && !at.head().is_empty() || code.ends_with(':') && below && !OURS.contains(&name)
}

/// A head that is none, in the block of which nothing can be read, either.
fn begins_block(at: &Place<'_>) -> bool {
    let head = at.head();
    let opens = head.ends_with('{') || head.ends_with(" do") || head.starts_with("def ");
    let foreign = |code: &str| !is_shaped(code) || is_said_otherwise(word(code));
    let known = at.row.head.is_some_and(|head| head.fix.is_some());
    opens && !known && at.next.is_some_and(|next| next.indent > at.row.indent && foreign(next.code))
}

/// A `run` that ends with a sign of a shell.
fn begins_command(at: &Place<'_>) -> bool {
    is_program(at.row.code) && ["&&", "||", "|"].iter().any(|sign| at.row.code.ends_with(sign))
}

/// What was to go on behind the `run` above.
fn begins_arguments(at: &Place<'_>) -> bool {
    let run = at
        .before
        .is_some_and(|run| is_program(run.code) && !run.code.ends_with('{') && run.indent < at.row.indent);
    run && at.head().starts_with('-')
}
