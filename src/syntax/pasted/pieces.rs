//! How far a piece goes that begins with a line: known by signs of its own. Knows lines, and not what stands around them.

use super::super::clean::Line;
use super::super::habit::{begins_piece, begins_script, first_word, is_ours, is_word, opens_script};
use super::super::leftover::is_list_item;

/// A longer piece is not looked for.
const LONGEST: usize = 500;

/// What is pasted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Shell,
    Python,
    Comment,
    Quotes,
    Items,
    Diff,
    Commands,
    Marked,
}

/// The piece that begins with the first of those lines, and how many of them it is.
pub(super) fn piece(rest: &[Line<'_>]) -> Option<(Kind, usize)> {
    let first = rest.first()?.1.trim();
    if begins_script(first) {
        return script(rest).map(|count| (Kind::Shell, count));
    }
    if !begins_piece(first) {
        return None;
    }
    let rest = rest.get(..LONGEST).unwrap_or(rest);
    between(rest)
        .or_else(|| shell(rest).map(|count| (Kind::Shell, count)))
        .or_else(|| python(rest).map(|count| (Kind::Python, count)))
        .or_else(|| difference(rest).map(|count| (Kind::Diff, count)))
        .or_else(|| alike(rest))
}

/// What stands between two signs, over several lines.
fn between(rest: &[Line<'_>]) -> Option<(Kind, usize)> {
    let signs = [("/*", "*/", Kind::Comment), ("<!--", "-->", Kind::Comment), ("'''", "'''", Kind::Quotes)];
    let first = rest.first()?.1.trim();
    let (open, close, kind) = signs.into_iter().find(|(open, _, _)| first.starts_with(open))?;
    let behind = first.get(open.len()..).filter(|behind| !behind.contains(close));
    // Who changed the first signs of prose may have left the last ones.
    let closes = |line: &str| line.contains(close) || kind == Kind::Quotes && line.trim() == "\"\"\"";
    let last = rest.iter().skip(1).position(|(_, line)| closes(line)).filter(|_| behind.is_some())? + 1;
    // What stands behind the end is no part of it.
    let end = rest.get(last)?.1.trim_end();
    (end.ends_with(close) || !end.contains(close)).then_some((kind, last + 1))
}

/// A block, a function or a document of a shell.
fn shell(rest: &[Line<'_>]) -> Option<usize> {
    block_of_words(rest).or_else(|| function(rest)).or_else(|| document(rest)).or_else(|| opened(rest))
}

/// `if … then … fi` and the like of a shell, one in the other.
fn block_of_words(rest: &[Line<'_>]) -> Option<usize> {
    let second = rest.get(1).map(|(_, line)| line.trim()).unwrap_or_default();
    let mut open: Vec<&str> = vec![];
    for (number, (_, line)) in rest.iter().enumerate() {
        let code = line.trim();
        let (word, last) = (first_word(code), code.rsplit([' ', ';']).next().unwrap_or_default());
        let close = closer(word, last);
        if number == 0 {
            let whole =
                matches!(last, "then" | "do") || word == "case" && last == "in" || Some(last) == close;
            close.filter(|_| whole || matches!(second, "then" | "do"))?;
        } else if is_ours(code) {
            return None;
        }
        if open.last() == Some(&word) {
            open.pop();
        } else if let Some(close) = close.filter(|close| *close != last) {
            open.push(close);
        }
        if open.is_empty() {
            return Some(number + 1);
        }
    }
    None
}

/// What closes the block of a shell that a line with such a first and last word opens.
fn closer(first: &str, last: &str) -> Option<&'static str> {
    match (first, last) {
        ("for" | "while" | "until" | "select", _) => Some("done"),
        ("case", _) => Some("esac"),
        ("elif" | "else" | "then" | "do", _) => None,
        ("if", _) | (_, "then") => Some("fi"),
        (_, "do") => Some("done"),
        _ => None,
    }
}

/// `name() {` up to the brace that stands below its beginning.
fn function(rest: &[Line<'_>]) -> Option<usize> {
    let (_, first) = rest.first()?;
    let head = first.trim().strip_suffix('{')?.trim_end();
    let name = head.strip_prefix("function ").or_else(|| head.strip_suffix("()"))?;
    if !name.trim_end().chars().all(|c| is_word(c) || "-(), ".contains(c))
        || name.contains(' ') && !head.starts_with("function ")
    {
        return None;
    }
    let inside = rest.get(1..)?;
    let end = inside.iter().position(|(_, line)| line.trim() == "}" && indent(line) == indent(first))?;
    let ours = inside.iter().take(end).any(|(_, line)| is_ours(line));
    (!ours).then_some(end + 2)
}

/// `sh {`, `sh '''` or `run: |` with the lines of a script.
fn opened(rest: &[Line<'_>]) -> Option<usize> {
    let (_, first) = rest.first()?;
    let sign = opens_script(first.trim())?;
    let inside = rest.get(1..)?;
    let deeper = |line: &str| line.trim().is_empty() || indent(line) > indent(first);
    let count = match sign {
        "{" => inside.iter().position(|(_, line)| line.trim() == "}" && indent(line) == indent(first))? + 1,
        "'''" => inside.iter().position(|(_, line)| line.trim() == sign)? + 1,
        _ => inside.iter().take_while(|(_, line)| deeper(line)).count(),
    };
    let lines = inside.get(..count)?.iter();
    let last = lines.clone().rposition(|(_, line)| !line.trim().is_empty())?;
    let ours = lines.clone().any(|(_, line)| is_ours(line));
    (!ours).then_some(last + 2)
}

/// `<<EOF` up to the line that is its word.
fn document(rest: &[Line<'_>]) -> Option<usize> {
    let (_, first) = rest.first()?;
    let (before, behind) = first.split_once("<<").filter(|(_, behind)| !behind.starts_with('<'))?;
    // In a text it is one of its words.
    if ['"', '\''].iter().any(|quote| before.matches(*quote).count() % 2 == 1) {
        return None;
    }
    let word = behind.trim_start_matches(['-', '~']).trim_start_matches(['\'', '"', '\\']);
    let word = word.split(|c| !is_word(c)).next().filter(|word| !word.is_empty() && !before.is_empty())?;
    let end = rest.iter().skip(1).position(|(_, line)| line.trim() == word)?;
    Some(end + 2)
}

/// Such a line and those of its script, up to an empty one.
fn script(rest: &[Line<'_>]) -> Option<usize> {
    let mut count = 1;
    while let Some((_, line)) = rest.get(count).filter(|(_, line)| is_foreign(line) && !opens_block(line)) {
        let block = rest.get(count..).filter(|_| begins_piece(line.trim())).and_then(shell);
        count += block.unwrap_or(1);
    }
    (count > 1).then_some(count)
}

/// Whether a line may be the head of a block of this language, however its word is spelt.
fn opens_block(line: &str) -> bool {
    let head = line.trim().strip_suffix(" {").unwrap_or_default();
    !head.is_empty() && !head.ends_with(')') && !head.starts_with("function ")
}

/// Definitions and imports of Python, with what is indented further: that is how they end there.
fn python(rest: &[Line<'_>]) -> Option<usize> {
    let margin = rest.first().filter(|(_, line)| begins_python(line, false)).map(|(_, line)| indent(line))?;
    let mut count = 0;
    while let Some((_, head)) =
        rest.get(count).filter(|(_, line)| indent(line) == margin && begins_python(line, true))
    {
        let inside =
            |line: &str| line.trim().is_empty() || indent(line) > margin && !head.starts_with("import ");
        let block = rest.iter().skip(count + 1).take_while(|(_, line)| inside(line));
        if block.clone().any(|(_, line)| is_ours(line)) {
            break;
        }
        count += block.count() + 1;
    }
    let lines = rest.get(..count)?.iter().rposition(|(_, line)| !line.trim().is_empty())? + 1;
    // A head alone is a word that has its own answer.
    (lines > 1).then_some(lines)
}

/// Whether a line is the head of a block of Python, or imports something; `more`: one that is not the first.
fn begins_python(line: &str, more: bool) -> bool {
    let code = line.trim();
    let begins = |words: &[&str]| words.iter().any(|word| code.starts_with(word));
    let opens = begins(&["def ", "class ", "async def ", "if __name__"])
        || more && begins(&["for ", "while ", "if ", "with ", "try:", "except", "else:", "elif "]);
    let imports = code.starts_with("import ") || code.starts_with("from ") && code.contains(" import ");
    opens && code.ends_with(':') || code.starts_with('@') || imports && !code.contains('"')
}

/// The heads of a diff, and what it says itself of how many lines follow.
fn difference(rest: &[Line<'_>]) -> Option<usize> {
    let margin = rest.first().map(|(_, line)| indent(line))?;
    let cut = |number: usize| {
        let line = rest.get(number)?.1;
        let blank = line.get(..margin).unwrap_or(line).trim().is_empty();
        Some(line.get(margin..).unwrap_or_default()).filter(|_| blank)
    };
    let heads = [
        "diff --git ",
        "index ",
        "--- ",
        "+++ ",
        "new file mode ",
        "deleted file mode ",
        "old mode ",
        "new mode ",
    ];
    let is_head = |line: &str| heads.iter().any(|head| line.starts_with(head));
    let (mut number, mut hunks) = (0, 0);
    while let Some(line) = cut(number) {
        if let Some((mut old, mut new)) = hunk(line) {
            (number, hunks) = (number + 1, hunks + 1);
            let mut changed = number;
            while let Some(line) = cut(number).filter(|_| old + new > 0) {
                match line.bytes().next() {
                    Some(b'-') => (old, changed) = (old.saturating_sub(1), number + 1),
                    Some(b'+') => (new, changed) = (new.saturating_sub(1), number + 1),
                    Some(b' ') | None => (old, new) = (old.saturating_sub(1), new.saturating_sub(1)),
                    Some(b'\\') => {}
                    _ => break,
                }
                number += 1;
            }
            // Where its end is missing, the lines that stay as they are may be those of the file.
            number = if old + new > 0 { changed } else { number };
        } else if is_head(line) {
            number += 1;
        } else {
            break;
        }
    }
    (hunks > 0).then_some(number)
}

/// How many lines of both sides follow `@@ -1,3 +1,4 @@`.
fn hunk(line: &str) -> Option<(usize, usize)> {
    let (old, new) = line.strip_prefix("@@ -")?.split_once(" @@")?.0.split_once(" +")?;
    let count = |side: &str| side.split_once(',').map_or(Some(1), |(_, count)| count.parse().ok());
    Some((count(old)?, count(new)?))
}

/// Lines one after the other that begin with the same sign.
fn alike(rest: &[Line<'_>]) -> Option<(Kind, usize)> {
    let (_, first) = rest.first()?;
    let (kind, sign) = marked(first)?;
    let (mut count, mut many) = (1, 1);
    for (number, (_, line)) in rest.iter().enumerate().skip(1) {
        let inside = kind == Kind::Items && indent(line) > indent(first);
        let goes_on =
            inside && (many > 1 && is_foreign(line) || marked(line).is_some_and(|(inner, _)| inner == kind));
        if marked(line) == Some((kind, sign)) {
            many += 1;
        } else if line.trim().is_empty() {
            continue;
        } else if !goes_on {
            break;
        }
        count = number + 1;
    }
    let signs = |sign| rest.iter().take(count).any(|(_, line)| line.trim_start().starts_with(sign));
    let kind = if sign == '-' && signs('-') && signs('+') { Kind::Diff } else { kind };
    (many > 1).then_some((kind, count))
}

/// What the sign before a line says of it, and that sign; those of a diff are one, and so are numbers.
fn marked(line: &str) -> Option<(Kind, char)> {
    let code = line.trim();
    let spaced = code.get(1..).is_some_and(|rest| rest.starts_with(' '));
    match code.chars().next()? {
        sign @ ('$' | '%') if spaced => Some((Kind::Commands, sign)),
        '>' if spaced => Some((Kind::Marked, '>')),
        '|' => Some((Kind::Marked, '|')),
        _ if !is_list_item(code) => None,
        '-' | '+' => Some((Kind::Items, '-')),
        '*' => Some((Kind::Items, '*')),
        _ => Some((Kind::Items, '1')),
    }
}

/// Whether a line says something, and not as this language does.
fn is_foreign(line: &str) -> bool {
    let code = line.trim();
    !code.is_empty() && !code.starts_with('}') && !is_ours(code)
}

/// How many blanks a line begins with.
fn indent(line: &str) -> usize {
    line.len() - line.trim_start().len()
}
