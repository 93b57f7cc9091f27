//! The words of a document and of the runbook made of it, to compute what found no place.

use std::collections::HashMap;

use super::tags::is_tag;
use super::wiki::fence;
use crate::export::marks::{CHECK, CONFIRM, GO_OR_NO_GO, IN_CASE, NOTHING_TO_UNDO, RUN, RUNS, SCRIPT, WAIT};
use crate::syntax::parse;
use crate::syntax::tree::{Arg, Block, Expr, ExprKind, Head, Item, Line, Piece, Stmt, Tail};
use crate::text::{Source, SourceId};

/// The words of a text: letters and digits, in lower case.
pub(super) fn words(text: &str) -> impl Iterator<Item = String> + '_ {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase)
}

/// Whether a word is one of a list, which blanks part.
pub(super) fn among(list: &str, word: &str) -> bool {
    list.split_ascii_whitespace().any(|one| one == word)
}

/// Whether a phrase stands in a text as words of its own.
pub(super) fn has(text: &str, phrase: &str) -> bool {
    text.match_indices(phrase).any(|(at, found)| {
        let before = text.get(..at).and_then(|text| text.chars().next_back());
        let after = text.get(at + found.len()..).and_then(|text| text.chars().next());
        let limit = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric());
        limit(before) && limit(after)
    })
}

/// The words of a document, each with its line; the marks of Markdown are none.
pub(super) fn of_document(text: &str) -> Vec<(usize, String)> {
    let lines = text.lines().zip(1..);
    let of_line = |(line, number): (&str, usize)| {
        let beside = fence(line).map(|fence| fence.rest);
        let text = beside.as_deref().unwrap_or_else(|| unmarked(line));
        words(text).map(|word| (number, word)).collect::<Vec<_>>()
    };
    lines.flat_map(of_line).collect()
}

/// A line without its list marker, its tick box, and the tag of a fence.
fn unmarked(line: &str) -> &str {
    let mut rest = line.trim_start_matches(|c: char| c.is_whitespace() || c == '>');
    loop {
        let digits = rest.chars().take_while(char::is_ascii_digit).count();
        let numbered =
            rest.get(digits..).and_then(|rest| rest.strip_prefix(['.', ')'])).filter(|_| digits > 0);
        let marked = numbered
            .or_else(|| rest.strip_prefix(['-', '*', '+']))
            .filter(|rest| rest.starts_with([' ', '\t']) || rest.is_empty());
        match marked {
            Some(marked) => rest = marked.trim_start(),
            None => break,
        }
    }
    let ticked = ["[x] ", "[X] "].iter().find_map(|sign| rest.strip_prefix(sign));
    let rest = ticked.unwrap_or(rest);
    match rest.find("```").or_else(|| rest.find("~~~")) {
        Some(at) => untagged(rest, at),
        None => rest,
    }
}

/// A line with a fence: what stands before the fence, or what stands behind its tag.
fn untagged(line: &str, at: usize) -> &str {
    let (before, fence) = line.split_at_checked(at).unwrap_or((line, ""));
    if !before.trim().is_empty() {
        return before;
    }
    let info = fence.trim_start_matches(['`', '~']);
    let tag = info.trim_start_matches([' ', '{', '.']);
    let end =
        tag.find(|c: char| c.is_whitespace() || matches!(c, ',' | '{' | '}' | '`')).unwrap_or(tag.len());
    let (tag, rest) = tag.split_at_checked(end).unwrap_or((tag, ""));
    let own = matches!(rest.trim(), RUN | SCRIPT | IN_CASE);
    if info.ends_with('`') && !is_tag(tag) {
        info
    } else {
        rest.get(..if own { 0 } else { rest.len() }).unwrap_or_default()
    }
}

/// The words of a document that a runbook does not hold, each with its line.
pub(super) fn unplaced(document: &[(usize, String)], runbook: &str) -> Vec<(usize, String)> {
    let mut there: HashMap<String, usize> = HashMap::new();
    for text in texts(runbook) {
        words(&text).for_each(|word| *there.entry(word).or_default() += 1);
    }
    let left = document.iter().filter(|(_, word)| match there.get_mut(word) {
        Some(count) if *count > 0 => {
            *count -= 1;
            false
        }
        _ => true,
    });
    left.cloned().collect()
}

/// All texts of a runbook that came from its document: titles, prose, commands, scripts, and comments that are not
/// remarks of the importer.
fn texts(runbook: &str) -> Vec<String> {
    let source = Source::new("imported", runbook);
    let (tree, _) = parse(SourceId(0), &source);
    let mut found = vec![];
    lines(&tree.lines, &mut found);
    labels(&tree.lines, &source, &mut found);
    for comment in &tree.comments {
        let head = comment
            .text
            .strip_prefix("line ")
            .map(|rest| rest.trim_start_matches(|c: char| c.is_ascii_digit()));
        let text =
            head.and_then(|rest| rest.strip_prefix(" | ").or_else(|| rest.strip_prefix(": not carried: ")));
        found.extend(text.map(str::to_owned));
    }
    found
}

/// What an exported document says in words, and a statement by its keyword and its options.
fn labels(lines: &[Line], source: &Source, found: &mut Vec<String>) {
    for line in lines {
        let Line::Stmt(stmt) = line else { continue };
        let label = match stmt.word() {
            Some("check") => CHECK,
            Some("gate") => GO_OR_NO_GO,
            Some("confirm") => CONFIRM,
            Some("wait") => WAIT,
            Some("rollback") if stmt.block.is_none() => NOTHING_TO_UNDO,
            _ => "",
        };
        let inside = stmt.block.as_ref().map(|block| block.lines.as_slice()).unwrap_or_default();
        if !label.is_empty() {
            found.push(label.to_owned());
            found.extend(stmt.items.iter().filter_map(|item| option_words(item, source)));
        }
        if label == CHECK {
            found.extend(inside.iter().map(|_| RUNS.to_owned()));
        }
        labels(inside, source, found);
    }
}

/// The words of an item that is no text of the document's.
fn option_words(item: &Item, source: &Source) -> Option<String> {
    match item {
        Item::Word(word) => Some(word.text.clone()),
        Item::Expr(expr) if !matches!(expr.kind, ExprKind::Text(_) | ExprKind::Raw(_)) => {
            Some(source.slice(expr.span).to_owned())
        }
        _ => None,
    }
}

fn lines(lines: &[Line], found: &mut Vec<String>) {
    for line in lines {
        if let Line::Stmt(stmt) = line {
            statement(stmt, found);
        }
    }
}

fn block(block: &Block, found: &mut Vec<String>) {
    lines(&block.lines, found);
}

fn statement(stmt: &Stmt, found: &mut Vec<String>) {
    match &stmt.head {
        Head::Prose(prose) => found.push(prose.text.clone()),
        Head::Fence(fence) => found.push(fence.script.clone()),
        Head::Run { words, .. } => {
            words.iter().for_each(|word| found.push(pieces(&word.pieces)));
        }
        Head::Call(expr) | Head::Expr(expr) => expression(expr, found),
        Head::Word(_) | Head::Unread(_) => {}
    }
    stmt.items.iter().for_each(|item| self::item(item, found));
    stmt.block.iter().for_each(|inner| block(inner, found));
    if let Some(Tail::Else(inner) | Tail::Otherwise(inner)) = stmt.tail.as_deref() {
        block(inner, found);
    }
}

fn item(item: &Item, found: &mut Vec<String>) {
    match item {
        Item::Expr(expr) => expression(expr, found),
        Item::Assign(name, expr) => {
            found.push(name.text.clone());
            expression(expr, found);
        }
        Item::Args(_, args) => args.iter().for_each(|Arg { value, .. }| expression(value, found)),
        Item::Decl(_) | Item::Signature(_) | Item::Word(_) => {}
    }
}

fn expression(expr: &Expr, found: &mut Vec<String>) {
    match &expr.kind {
        ExprKind::Text(parts) => found.push(pieces(parts)),
        ExprKind::Raw(text) => found.push(text.clone()),
        ExprKind::Prose(prose) => found.push(prose.text.clone()),
        _ => {}
    }
}

/// A text with its values by their names.
fn pieces(pieces: &[Piece]) -> String {
    let name = |expr: &Expr| match &expr.kind {
        ExprKind::Name(name) => name.clone(),
        ExprKind::Text(_) | ExprKind::Raw(_) => expr.fixed_text().unwrap_or_default(),
        _ => String::new(),
    };
    let each = pieces.iter().map(|piece| match piece {
        Piece::Text(text) => text.clone(),
        Piece::Value(expr) | Piece::Splice(expr) => name(expr),
    });
    each.collect()
}
