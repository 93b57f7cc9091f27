//! A step as a numbered item with a tick box: its prose, what it runs as code to copy, and beside it what to mind.

use super::marks::{
    IF_THE_ANSWER, IN_CASE, NOTHING_TO_UNDO, ONLY_IF, OTHERWISE, PUT_BACK, RUN, SCRIPT, UNDO,
};
use super::remarks::{code, fence, listed, names, options, plain, quote};
use crate::view::plan::{Item, PROSE};

/// The lines of a block that a person reads: prose, code, remarks; each set off by an empty line.
pub(super) type Lines = Vec<String>;

/// A step; `number` stands before it and in the section about going back.
pub(super) fn step(item: &Item) -> Lines {
    let number = item.number.unwrap_or_default();
    let title = item.title.as_deref().unwrap_or_default();
    let marker = format!("{number}. ");
    let mut blocks = vec![];
    blocks.extend(item.prose.as_deref().map(prose));
    let mind = mind(item);
    blocks.extend((!mind.is_empty()).then(|| quote(&mind)));
    blocks.extend(body(&item.items, false));
    blocks.extend(undo_remark(item, number));
    let mut lines = vec![format!("{marker}[ ] **{}**", plain(title))];
    let pad = " ".repeat(marker.len());
    for block in blocks {
        lines.push(String::new());
        lines.extend(block.into_iter().map(|line| format!("{pad}{line}").trim_end().to_owned()));
    }
    lines
}

/// Prose as it is; what would open a section or a list of steps of its own is kept from it.
pub(super) fn prose(text: &str) -> Lines {
    let guarded = |line: &str| {
        let body = line.trim_start();
        let opens = body.starts_with('#')
            || body.starts_with("---")
            || body.starts_with("***")
            || body.starts_with("___");
        let pad = line.len() - body.len();
        if opens && pad < 4 { format!("{}\\{body}", " ".repeat(pad)) } else { line.to_owned() }
    };
    text.trim_matches('\n').lines().map(guarded).collect()
}

/// The options of a step, in words.
fn mind(item: &Item) -> Lines {
    let options = options(item);
    let irreversible = (item.class == "irreversible").then(|| "**this cannot be undone**".to_owned());
    let all: Vec<String> =
        irreversible.into_iter().chain((!options.is_empty()).then(|| options.trim().to_owned())).collect();
    if all.is_empty() { vec![] } else { vec![all.join(" ")] }
}

/// What is done in a step or an undo, one block each. `unsure` where a condition or a loop is around it.
pub(super) fn body(items: &[Item], unsure: bool) -> Vec<Lines> {
    let mut blocks = vec![];
    for item in items {
        match item.kind {
            "by hand" | "rollback" | "restore" | "rollback none" => {}
            "run" => blocks.extend(command(item, "sh", item.text.as_deref().unwrap_or_default(), unsure)),
            "script" => blocks.extend(script(item, unsure)),
            "http" => blocks.extend(request(item)),
            PROSE => blocks.extend(item.prose.as_deref().map(prose)),
            "if" | "else" | "for" | "repeat" => {
                let said = format!("{}{}", group(item), options(item));
                blocks.push(quote(&[said + ":"]));
                blocks.extend(item.prose.as_deref().map(prose));
                blocks.extend(body(&item.items, true));
                blocks.push(quote(&["so far".to_owned()]));
            }
            _ => blocks.push(listed(item, true)),
        }
    }
    blocks
}

/// A condition or a loop in words.
pub(super) fn group(item: &Item) -> String {
    let text = item.text.as_deref().unwrap_or_default();
    match item.kind {
        "if" => format!("{ONLY_IF} {}", code(text)),
        "else" => OTHERWISE.to_owned(),
        "otherwise" => format!("{ONLY_IF} what is above has failed, and is undone"),
        "for" => format!("For each {}", code(text)),
        "answer" => format!("{IF_THE_ANSWER} is \"{}\"", plain(item.title.as_deref().unwrap_or_default())),
        _ => super::remarks::words(item),
    }
}

/// Code to copy, and what to mind of it.
fn command(item: &Item, tag: &str, text: &str, unsure: bool) -> Vec<Lines> {
    let how = if item.kind == "script" { SCRIPT } else { RUN };
    let info = if unsure { format!("{tag} {IN_CASE}") } else { format!("{tag} {how}") };
    let mut blocks = vec![fence(&info, text)];
    blocks.extend(after(item));
    blocks
}

fn script(item: &Item, unsure: bool) -> Vec<Lines> {
    let text = item.text.as_deref().unwrap_or_default();
    let (interpreter, given) =
        text.split_once(" (").map_or((text, None), |(first, rest)| (first, rest.strip_suffix(')')));
    let words: Vec<&str> = interpreter.split_whitespace().collect();
    let tag = words.iter().find(|word| !word.contains('=')).copied().unwrap_or("sh");
    let mut blocks: Vec<Lines> =
        given.map(|given| quote(&[format!("with {}", code(given))])).into_iter().collect();
    let script = item.script.as_deref().unwrap_or_default();
    blocks.extend(command(item, tag, script, unsure));
    blocks
}

/// A request as it goes over the line.
fn request(item: &Item) -> Vec<Lines> {
    let mut text = item.text.clone().unwrap_or_default();
    for option in &item.options {
        text.push('\n');
        text.push_str(option.strip_prefix("header ").unwrap_or(option));
    }
    let bare = Item { options: vec![], items: vec![], ..remark_of(item) };
    let mut blocks = vec![fence(&format!("http {RUN}"), &text)];
    blocks.extend(after(&bare));
    blocks.extend(item.items.iter().map(|inner| listed(inner, false)));
    blocks
}

fn remark_of(item: &Item) -> Item {
    Item { kind: item.kind, binds: item.binds.clone(), on: item.on.clone(), ..Item::default() }
}

/// What follows an effect: its options, what is noted of it, what must hold.
fn after(item: &Item) -> Vec<Lines> {
    let kept = (!item.binds.is_empty()).then(|| format!("note what it says as {}", names(item)));
    let options = options(item);
    let options = (!options.is_empty()).then(|| options.trim().to_owned());
    let said: Vec<String> = options.into_iter().chain(kept).collect();
    let mut blocks: Vec<Lines> = vec![];
    blocks.extend((!said.is_empty()).then(|| quote(&[said.join(", ")])));
    blocks.extend(item.items.iter().map(|inner| listed(inner, false)));
    blocks
}

/// Where a reader finds how the step is undone.
fn undo_remark(item: &Item, number: usize) -> Option<Lines> {
    let mut said = vec![];
    for inner in &item.items {
        match inner.kind {
            "rollback" => said.push(format!("to go back: {UNDO} {number} below")),
            "restore" => said.push(format!("afterwards in any case: {PUT_BACK} {number} below")),
            "rollback none" => {
                said.push(format!("{NOTHING_TO_UNDO}{}", plain(inner.text.as_deref().unwrap_or_default())));
            }
            _ => {}
        }
    }
    (!said.is_empty()).then(|| quote(&said))
}
