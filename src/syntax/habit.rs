//! How lines of other languages open and close blocks, and begin what may be pasted. Knows signs, and of statements only words
//! they begin with.

use super::NAMING;

/// Words that end a line before its block.
const OPENING: &[&str] = &["then", "do", "begin"];
/// Words that close a block alone on their line.
const CLOSING: &[&str] = &["end", "fi", "done", "esac", "endif", "endfor", "endwhile", "end if", "end for"];
/// Words that go on behind the brace that closes a block, and how they are written here.
const GOING_ON: &[(&str, &str)] = &[
    ("else", "else"),
    ("otherwise", "otherwise"),
    ("until", "until"),
    ("elif", "else if"),
    ("elsif", "else if"),
    ("elseif", "else if"),
];
/// Words behind which a value follows.
const BEFORE_VALUES: &[&str] =
    &["and", "or", "not", "in", "contains", "matches", "if", "then", "else", "otherwise", "until", "of"];

/// Letters that stand before the quotes of a text in other languages.
const PREFIXES: &[&str] = &["f", "r", "b", "u", "rb", "fr", "s"];

/// Words that statements begin with here, and lines of other languages hardly ever.
pub(crate) const OURS: &[&str] = &[
    "runbook",
    "module",
    "input",
    "step",
    "phase",
    "check",
    "gate",
    "manual",
    "confirm",
    "attempt",
    "scenario",
    "choose",
    "approval",
    "expect",
    "rollback",
    "restore",
    "look",
    "run",
    "log",
    "notify",
    "fail",
    "call",
    "commit",
    "given",
    "ran",
    "undone",
    "ends",
    "untouched",
    "artifact",
    "evidence",
    "exclusive",
    "guard",
    "repeat",
    "parallel",
    "http",
];

/// Whether braces alone may not tell what a line of code opens or closes: it ends or begins with a sign or a word that
/// does so in other languages, and here nowhere, or holds JSON in double quotes. `bracket`: the line before opens a bracket at its end.
pub(super) fn is_doubtful(code: &str, bracket: bool) -> bool {
    let begins = code.starts_with(['{', '\u{ff5d}', '\u{ff09}', '\u{ff3d}'])
        || goes_on(code).is_some()
        || other_word(code).is_some();
    begins
        || bracket && is_statement(code)
        || code.contains("\"{\"")
        || (opening(code).is_some() || surplus(code).is_some()) && !is_program(code)
}

/// What ends a line and is meant to open a block: a sign, or a word with what stands before it.
pub(super) fn opening(code: &str) -> Option<&str> {
    let last = code.chars().next_back()?;
    if last == ':' && is_named(code) {
        return None;
    }
    if matches!(last, ':' | '\u{ff5b}' | '\u{ff08}' | '\u{ff3b}' | '\u{ff1a}') {
        return code.get(code.len() - last.len_utf8()..);
    }
    let (before, word) = code.rsplit_once(' ').filter(|_| last.is_ascii_lowercase())?;
    let sign = OPENING.contains(&word);
    sign.then(|| code.get(before.trim_end_matches([' ', ';']).len()..).map(str::trim_start)).flatten()
}

/// Whether nothing but a name stands before the colon of a line that gives one: its type is still to come.
fn is_named(code: &str) -> bool {
    let named = code.split_once(' ').filter(|(keyword, _)| NAMING.contains(keyword) && *keyword != "for");
    named.and_then(|(_, rest)| rest.strip_suffix(':')).is_some_and(|name| name.trim().chars().all(is_word))
}

/// What stands before the brace that opens a block, and does not belong there: `:` and the words that open one elsewhere.
pub(super) fn surplus(code: &str) -> Option<&str> {
    let head = code.strip_suffix('{')?.trim_end();
    // A word and a colon may be the name of a value in a map.
    opening(head).filter(|_| head.contains([' ', '\t']))
}

/// Whether a line ends with a bracket that may be meant to open a block.
pub(super) fn ends_with_bracket(code: &str) -> bool {
    let Some(before) = code.strip_suffix(['(', '[']) else { return false };
    let word = before.trim_end();
    let last = word.rsplit(' ').next().unwrap_or_default();
    before.ends_with(' ')
        && !word.ends_with(['=', ',', ':', '(', '[', '+', '<', '>'])
        && !BEFORE_VALUES.contains(&last)
        && !word.starts_with("call ")
        && !is_program(code)
}

/// Whether a line can only be a statement, and no value: a word, and a text or another word.
pub(super) fn is_statement(code: &str) -> bool {
    let word = code.split(|c| !is_word(c)).next().unwrap_or_default();
    let rest = code.get(word.len()..).unwrap_or_default();
    let second = rest.trim_start();
    let next = second.split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or_default();
    word.starts_with(|c: char| c.is_ascii_lowercase())
        && rest.starts_with([' ', '\t'])
        && second.starts_with(|c: char| matches!(c, '"' | '\'' | '{' | '_') || c.is_ascii_alphabetic())
        && !BEFORE_VALUES.contains(&word)
        && !BEFORE_VALUES.contains(&next)
}

/// Whether a line runs a program, whose words are its own.
pub(crate) fn is_program(code: &str) -> bool {
    let bound =
        code.strip_prefix("let ").and_then(|rest| rest.split_once('=')).map_or(code, |(_, value)| value);
    let run = bound.trim_start();
    let run = run.strip_prefix("look ").unwrap_or(run).trim_start();
    run.starts_with("run ") || run == "run"
}

/// Whether a line begins with a brace that may open the block of the statement above, and no template or map of JSON.
pub(super) fn opens_below(code: &str, next: &str) -> bool {
    let is_map = code == "{" && next.starts_with('"') && next.contains("\":");
    code.starts_with('{') && !code.starts_with("{%") && !code.starts_with("{{") && !is_map
}

/// Whether a line closes a block in another language.
pub(super) fn closes(code: &str) -> bool {
    CLOSING.contains(&code.trim_end_matches(';'))
}

/// The word that goes on behind a block and begins a line, and how it is written here.
pub(super) fn goes_on(code: &str) -> Option<(&'static str, &'static str)> {
    let behind = |word: &str| code.strip_prefix(word).is_some_and(|rest| !rest.starts_with(is_word));
    GOING_ON.iter().find(|(word, _)| behind(word)).copied()
}

/// The word behind the brace that begins a line, where it is another one here.
pub(super) fn other_word(code: &str) -> Option<(&'static str, &'static str)> {
    goes_on(code.strip_prefix('}')?.trim_start()).filter(|(word, written)| word != written)
}

/// Whether letters are such as stand before the quotes of a text elsewhere.
pub(crate) fn is_prefix(letters: &str) -> bool {
    PREFIXES.contains(&letters)
}

/// Whether it is a letter of a word or a name.
pub(crate) fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

/// Whether a line of code may be the first of a piece: looked at for each, so that few are looked at closely.
pub(super) fn begins_piece(code: &str) -> bool {
    match code.bytes().next() {
        Some(
            b'-' | b'+' | b'*' | b'|' | b'~' | b'>' | b'$' | b'%' | b'<' | b'/' | b'\'' | b'@' | b'0'..=b'9',
        ) => true,
        Some(b'a'..=b'z' | b'A'..=b'Z' | b'_') => {
            let last = code.rsplit([' ', ';']).next().unwrap_or_default();
            matches!(last, "then" | "do" | "done" | "in" | "fi" | "esac")
                || code.ends_with([':', ')'])
                || code.ends_with('{') && code.contains('(')
                || ["if ", "for ", "while ", "until ", "import ", "from ", "diff "]
                    .iter()
                    .any(|word| code.starts_with(word))
                    && !code.ends_with('{')
                || code.contains("<<")
                || opens_script(code).is_some()
        }
        _ => false,
    }
}

/// Whether a line begins the script of a shell, or another one.
pub(super) fn begins_script(code: &str) -> bool {
    code.starts_with("#!") || code.starts_with("set -")
}

/// What opens a script, before its language, and closes it.
pub(super) const FENCE: &str = "```";

/// Whether a word names what runs scripts, here or elsewhere.
pub(super) fn is_language(word: &str) -> bool {
    let known = [
        "sh", "bash", "zsh", "shell", "python", "python3", "node", "ruby", "perl", "ksh", "fish", "js",
        "console",
    ];
    known.contains(&word)
}

/// Whether a line may open a script with other signs, or close one that so many backticks open: looked at for each line.
pub(super) fn is_odd_fence(line: &str, ticks: Option<usize>) -> bool {
    let code = line.trim();
    if let Some(ticks) = ticks {
        let only = code.starts_with(['`', '~', '\'']) && code.chars().all(|c| "`~'".contains(c));
        return only && (code.len() != ticks || !code.starts_with('`'));
    }
    let opens = |rest: &str| rest.starts_with(|c: char| c.is_ascii_alphabetic());
    let is_right = || code.strip_prefix(FENCE).is_some_and(opens) || first_word(code) == "let";
    let may = code.starts_with('`') || code.contains(FENCE) || code.contains("~~~");
    may && !is_right()
}

/// The sign behind which a line opens the script of a shell as other files do: `sh {`, `run: |`.
pub(super) fn opens_script(code: &str) -> Option<&str> {
    let word = first_word(code);
    let sign = code.get(word.len()..)?.trim_start_matches(':').trim();
    let signs = ["{", "|", "|-", ">", ">-", "'''"];
    (signs.contains(&sign) && (matches!(word, "run" | "script" | "exec") || is_language(word)))
        .then_some(sign)
}

/// Whether a line is written for this language.
pub(crate) fn is_ours(line: &str) -> bool {
    let code = line.trim_start();
    let word = first_word(code);
    let behind = code.get(word.len()..).unwrap_or_default();
    let rest = behind.trim_start();
    let bound = || rest.split_once([' ', ':']).is_some_and(|(_, value)| value.starts_with(['=', ' ']));
    behind.starts_with([' ', '\t'])
        && (OURS.contains(&word)
            || word == "use" && rest.starts_with('"')
            || word == "let" && bound()
            || matches!(word, "wait" | "timeout" | "retry") && rest.starts_with(|c: char| c.is_ascii_digit()))
}

/// The word that a line begins with; nothing where it begins with a sign.
pub(super) fn first_word(code: &str) -> &str {
    code.split(|c| !is_word(c)).next().unwrap_or_default()
}
