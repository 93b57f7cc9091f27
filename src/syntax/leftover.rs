//! What to write instead of words that no statement takes: phrased by how they begin. Knows no statement kind.

use crate::diag::{Diagnostic, codes};
use crate::text::Span;

/// What words behind a statement begin with, and what is meant.
const HABITS: &[(&str, &str)] = &[
    ("\"", "the text is not closed, or holds a `{` without `}`; a brace itself is written `{{`"),
    ("== {", "a value is its name alone: braces around it stand only in a text or a command"),
    ("==", "what must be so is `expect a == b`"),
    ("{", "a value in braces stands on one line; a block opens with `{` at the end of the line"),
    ("://", "an address stands in quotes: `\"https://example.org/\"`"),
    (
        ":",
        "no colon: a word and its value stand side by side, as in `timeout 10m`; a variable is `NAME = value`",
    ),
    (",", "no comma: what a statement takes stands side by side, with blanks between"),
    ("??", "whether a field is there says `exists`: `if exists(x, \"a\") then x.a else \"none\"`"),
    ("? =", DEFAULT),
    ("?:", DEFAULT),
    ("?", "write `if condition then value else value`"),
    ("if ", "`if` as a value has both ways, and the condition first: `if condition then value else value`"),
    ("matches", "`matches` stands between two values: `text matches /^ready$/`"),
    ("contains", "`contains` stands between two values: `text contains \"part\"`"),
    ("in ", "`in` stands between two values: `x in [1, 2]`"),
    (". ", "to put texts together, write `\"{a}{b}\"`"),
    ("& ", "to put texts together, write `\"{a}{b}\"`"),
    (
        "then",
        "a block follows the condition: `if condition {`; `then` belongs to `if a then b else c`, a value",
    ),
    ("\u{201c}", "write straight quotes"),
    ("\u{2018}", "write straight quotes"),
    ("//", "a comment begins with `#`"),
    ("..", "a list is written out: `[1, 2, 3]`"),
    ("elif", "write `} else if condition {`"),
    ("elsif", "write `} else if condition {`"),
    ("elseif", "write `} else if condition {`"),
    ("catch", "what may fail by itself is `attempt \"Title\" { … } otherwise { … }`"),
    ("except", "what may fail by itself is `attempt \"Title\" { … } otherwise { … }`"),
    ("finally", "what is put back whatever the outcome is a step's `restore { … }`"),
    ("( ", "a block opens with `{` at the end of the line, and ends with `}`"),
    (
        "(",
        "what a statement takes stands side by side, without brackets; a block opens with `{` at the end of the line",
    ),
    ("\u{ff5b}", "a block opens with the brace `{` of a plain keyboard, and ends with `}`"),
    (
        "% ",
        "there is no remainder; where one is needed, `jq(number, '. % 2')` has it; a text with values is `\"{name}\"`",
    ),
    ("$(", PRINTED),
    ("$", NAMED),
    ("%", "there are no percentages: five of a hundred is `0.05`"),
    ("**", "there are no powers: write the product"),
    ("^", "there are no powers: write the product"),
    ("[ ", "a test of a shell is `check \"Title\" { run test … }`, or stands in a ```sh fence"),
    ("[", "one item is `list[0]`; a part of a list is taken by jq: `jq(list, '.[0:2]')`"),
];

/// What a value begins with that cannot be read, behind `let name =`.
const VALUES: &[(&str, &str)] = &[
    ("=", "one `=` is enough: `let name = value`"),
    ("if ", "`if` as a value has both ways: `if condition then value else value`"),
    ("{", "a map is `{ name: value, other: value }`"),
    ("[", "a list is `[value, value]`"),
    ("(", "a list is `[value, value]`"),
    (".", "a number begins with a digit: `0.5`"),
    ("$\"", "a text with values is `\"{name}\"`, without a sign before it"),
    ("~/", "a path stands in quotes, and whole: nothing puts the home folder there"),
    ("$(", PRINTED),
    ("$", NAMED),
    ("%", "a value of the environment is an `input … from env \"NAME\"`"),
    (
        "`",
        "a text stands in straight quotes: `\"{name}\"`; what a program prints is taken by `let name = look run program …`",
    ),
];

/// How a value is named that has a sign before its name elsewhere.
const NAMED: &str =
    "a value of the runbook is its name alone; of the environment, an `input … from env \"NAME\"`";

/// How it is said that a value may be missing.
const DEFAULT: &str = "what may be left out has a default: `input name: text = \"\"`";

/// How to take what a program prints.
const PRINTED: &str = "what a program prints is taken by `let name = look run program argument …`";

/// How a value goes over lines.
pub(super) const GOES_ON: &str = "a value goes over lines inside of brackets: put it into `( … )`";

/// How a line begins that is no statement.
const LINES: &[(&str, &str)] = &[
    ("{{", "the value of a name stands in a text or a command: `log \"{name}\"`, `run program {name}`"),
    ("{%", "a runbook is no template: write `if condition {` or `for item in list {`"),
    ("{", "write `{` at the end of the line that opens the block"),
    ("`", "a script begins with three backticks alone on a line, its language after them"),
    ("else", "`else` stands on the line of the `}` before it: `} else {`"),
    ("otherwise", "`otherwise` stands on the line of the `}` before it: `} otherwise {`"),
    (
        "then ",
        "behind `if condition` stands `{`; what a scenario expects is `ran \"Title\"`, `undone \"Title\"` or `ends \"…\"`",
    ),
    ("until", "`until` stands on the line of the `}` before it: `} until condition`"),
    ("//", "a comment begins with `#`"),
    ("/*", "a comment begins with `#`"),
    ("<!--", "a comment begins with `#`"),
    ("&&", "write a `run` line for each: the next one runs only when this one did well"),
    ("||", "an exit code that is no failure is told by `expect exit in [0, 1]` in the block of the `run`"),
    ("**", PROSE),
    ("[ ", "a test of a shell is `check \"Title\" { run test … }`, or stands in a ```sh fence"),
    ("<<<<<<<", CONFLICT),
    ("=======", CONFLICT),
    (">>>>>>>", CONFLICT),
    ("-- ", "a comment begins with `#`"),
    ("---", "the first line of a file is `runbook \"Title\" 1.0.0`; comments begin with `#`"),
    ("and ", GOES_ON),
    ("or ", GOES_ON),
    ("in ", GOES_ON),
    ("contains ", GOES_ON),
    ("matches ", GOES_ON),
    ("== ", GOES_ON),
    ("!= ", GOES_ON),
    ("<= ", GOES_ON),
    (">= ", GOES_ON),
    ("+ \"", GOES_ON),
    (")", "a block ends with `}`"),
    ("\u{ff5d}", "a block ends with the brace `}` of a plain keyboard"),
    ("\u{1b}", "colours of a terminal stand here: take them out, or copy the text from the file itself"),
    ("$", "a command is written `run …`, in a `step` that says how to undo it"),
    ("%", "a command is written `run …`, in a `step` that says how to undo it"),
    (">", "text for people stands between `\"\"\"` lines"),
    ("|", "text for people stands between `\"\"\"` lines"),
    ("\u{201c}", "write straight quotes"),
    ("\u{201d}", "write straight quotes"),
    ("\u{2018}", "write straight quotes"),
    ("\u{2019}", "write straight quotes"),
];

/// Where text of several lines stands.
pub(super) const PROSE: &str = "prose of several lines stands between `\"\"\"` lines";

/// What to write instead of an item of a list.
pub(super) const ITEM: &str =
    "a list item is no statement: write a `step`, `manual` or `confirm`, or put it into \"\"\" prose";

/// What a merge leaves behind.
const CONFLICT: &str =
    "two versions of the file were not merged yet: keep one, and remove the lines of `<`, `=` and `>`";

/// What a screen shows as a blank, or not at all, and is none.
fn unseen(words: &str) -> Option<String> {
    let first = words.chars().next()?;
    let shown = match first {
        '\u{a0}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{3000}' => {
            "it looks like a blank and is none: type a blank"
        }
        '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' => "it cannot be seen: take it out",
        _ => return None,
    };
    Some(format!("the character U+{:04X} stands here; {shown}", u32::from(first)))
}

fn first(habits: &'static [(&str, &str)], words: &str) -> Option<&'static str> {
    habits.iter().find(|(begins, _)| words.starts_with(begins)).map(|(_, help)| *help)
}

/// Prose or a script without an end, and what closes it.
pub(super) fn never_closed(span: Span, what: &str, close: &str) -> Diagnostic {
    Diagnostic::error(codes::UNCLOSED, span, format!("this {what} is never closed"))
        .help(format!("close it with {close} alone on a line"))
}

/// What to write instead of words that follow a statement.
pub(super) fn behind(words: &str) -> String {
    let alone = match words.trim() {
        "?" => Some(DEFAULT),
        "until" => Some("a condition stands behind `until`: `} until condition`"),
        _ => None,
    };
    let help = alone.or_else(|| first(HABITS, words.trim_start()));
    let help =
        help.unwrap_or("one statement stands on one line; inside a one-line block write `;` between them");
    unseen(words).unwrap_or_else(|| help.to_owned())
}

/// What to write instead of the words behind `let name =`, where they are no value.
pub(super) fn value(words: &str) -> &'static str {
    first(VALUES, words).unwrap_or("a value is a text in quotes, a number, a list, a name, or made of these")
}

/// How a statement gives a name.
pub(super) fn named(keyword: &str) -> &'static str {
    match keyword {
        "let" => "write `let name = value`",
        "for" => "write `for item in list {`",
        _ => "write a name, a colon and a type: `name: text`",
    }
}

/// What to write instead of a line that is no statement.
pub(super) fn line(words: &str) -> &'static str {
    let command = words.starts_with('{') && words.trim_end_matches('{').contains("} ");
    let help = command.then_some("a command begins with `run`: `run {program} argument …`");
    let help = help.or((words == "look").then_some("`look` stands before what only looks: `look run …`"));
    let help = help.or_else(|| first(LINES, words));
    let help = help.or_else(|| is_list_item(words).then_some(ITEM));
    let help = help.or_else(|| {
        is_argument(words)
            .then_some("arguments stand on the line of their `run`; a line goes on behind a `\\` at its end")
    });
    let titled = words.starts_with('"') && words.contains('{');
    let help = help.or_else(|| {
        titled.then_some(
            "a keyword stands before a title: `step \"Title\" { … }`, in a `choose` `answer \"Title\" { … }`",
        )
    });
    let open = words.matches('"').count() % 2 == 1;
    help.or_else(|| open.then_some("a text is not closed: add `\"`"))
        .unwrap_or("a statement begins with a keyword such as `step`, `run` or `check`")
}

/// Whether a line begins as the options of a program do (`--all`).
fn is_argument(line: &str) -> bool {
    let word = line.strip_prefix("--").or_else(|| line.strip_prefix('-'));
    word.is_some_and(|word| word.starts_with(|c: char| c.is_ascii_alphanumeric()))
}

/// Whether a line is an item of a list in Markdown.
pub(super) fn is_list_item(line: &str) -> bool {
    let marked = line.trim_start_matches(|c: char| c.is_ascii_digit());
    let numbered = marked.len() < line.len() && marked.starts_with(['.', ')']);
    (numbered || marked.starts_with(['-', '*', '+'])) && marked.chars().nth(1).is_none_or(char::is_whitespace)
}

/// The name of a file without its quotes, behind what it is given to.
pub(super) fn bare_file(text: &str, words: Span) -> Option<Span> {
    let written = text.get(words.range())?.trim_end();
    let value = written.rsplit_once(": ").map_or(written, |(_, value)| value).trim_start();
    let file = value.strip_prefix("./").or(value.strip_prefix("../")).or(value.strip_prefix('/'))?;
    let plain = !file.is_empty() && !file.contains([' ', '"', '\'', '{', ',', '(', ')']);
    let end = words.range().start + written.len();
    plain.then(|| Span::new(words.source, end - value.len(), end))
}

/// What is meant by words between the braces of a value: a command, or a function without its brackets.
pub(super) fn between_braces(written: &str) -> Option<String> {
    let words = written.strip_prefix('{')?.strip_suffix('}')?.trim();
    if let Some(command) = words.strip_prefix("run ") {
        return Some(format!(
            "what a program prints gets a name before: `let printed = look run {command}`, then `{{printed}}`"
        ));
    }
    let is_word = |word: &&str| word.chars().all(super::habit::is_word) && !word.is_empty();
    let piped = words.split_once('|').map(|(value, function)| (function.trim(), value.trim()));
    let (function, value) = piped.or_else(|| words.split_once(' '))?;
    let call = is_word(&function) && value.split('.').all(|part| is_word(&part));
    call.then(|| format!("one expression stands between the braces; a function takes its values in brackets: `{function}({value})`"))
}
