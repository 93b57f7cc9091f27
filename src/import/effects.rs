//! Code to what bowline does: each command that needs no shell is a `run`, everything else one script; places to fill in
//! are values of inputs.

use super::code::{Code, Stretch, Verdict, is_open};
use super::draft::{Command, Draft, Part, Script};
use super::inputs::Inputs;
use super::placeholders::{Placeholder, Search, find, is_set_in};
use super::remark::{Kind, Remark};
use super::shell::{is_assignment, is_for_hands, needs_shell};
use super::split::{Sign, Simple, simple};
use crate::export::marks::SCRIPT;
use crate::text::fence_for;

/// Why a command is a person's that a program cannot be left alone with.
const NOT_LEFT_ALONE: &str = "it wants a terminal, or never ends";

/// What becomes of a block of code.
pub(super) struct Effects {
    pub(super) drafts: Vec<Draft>,
    /// How many commands are in it.
    pub(super) commands: usize,
}

/// What becomes of a block of code, or why a person must do it.
pub(super) enum Done {
    /// This is done.
    Effects(Effects),
    /// By a person, and why.
    ByHand(&'static str),
    /// Nothing: it is text.
    Text,
}

/// Decides on a block of code.
pub(super) fn effects(code: &Code, inputs: &mut Inputs) -> Done {
    let stretches = match code.verdict() {
        Verdict::Text => return Done::Text,
        Verdict::ByHand(why) => return Done::ByHand(why),
        Verdict::Commands(stretches) => stretches,
    };
    let mut done = Effects { drafts: vec![], commands: 0 };
    for stretch in &stretches {
        match stretch {
            Stretch::Output(text) => done.drafts.push(Draft::Prose(fenced("text", text))),
            Stretch::Commands { line, text, prompts } => {
                done.drafts.extend(named_prompts(prompts));
                match commands(&Commands { code, line: *line, text, search: Search::Code }, inputs) {
                    Ok(part) => {
                        done.commands += part.commands;
                        done.drafts.extend(part.drafts);
                    }
                    Err(why) => return Done::ByHand(why),
                }
            }
        }
    }
    if done.commands == 0 {
        return Done::Text;
    }
    if !code.is_tagged() {
        let remark = "nothing says that this is for a shell; it reads as a command";
        done.drafts.insert(0, Draft::Remark(Remark::new(code.line, Kind::Guess, remark)));
    }
    Done::Effects(done)
}

/// Prompts that say more than `$`: a user, a machine, a folder.
fn named_prompts(prompts: &[(usize, String)]) -> Vec<Draft> {
    let named = prompts.iter().filter(|(_, prompt)| prompt.chars().any(char::is_alphanumeric));
    named.map(|(line, prompt)| Draft::Comment(*line, format!("the prompt {prompt}"))).collect()
}

/// What an exported document says is run: one command, or one script.
pub(super) fn exported(code: &Code, inputs: &mut Inputs) -> Result<Effects, &'static str> {
    let block = Commands { code, line: code.line, text: &code.text, search: Search::Exported };
    if code.rest == SCRIPT {
        return Ok(Effects { drafts: script(&block, inputs)?, commands: 1 });
    }
    commands(&block, inputs)
}

/// Commands, and how they are read.
struct Commands<'a> {
    code: &'a Code,
    line: usize,
    text: &'a str,
    search: Search,
}

/// A block of code as Markdown.
pub(super) fn fenced(tag: &str, text: &str) -> String {
    let fence = fence_for(text);
    format!("{fence}{tag}\n{text}\n{fence}")
}

/// One command with the lines that belong to it.
struct Line {
    number: usize,
    text: String,
}

fn logical(number: usize, text: &str) -> Vec<Line> {
    let mut lines: Vec<Line> = vec![];
    let mut open = false;
    for (line, number) in text.lines().zip(number..) {
        match lines.last_mut() {
            Some(last) if open => {
                last.text.push('\n');
                last.text.push_str(line);
            }
            _ => lines.push(Line { number, text: line.to_owned() }),
        }
        open =
            lines.last().is_some_and(|line| !line.text.trim_start().starts_with('#') && is_open(&line.text));
    }
    lines.retain(|line| !line.text.trim().is_empty());
    lines
}

fn commands(block: &Commands<'_>, inputs: &mut Inputs) -> Result<Effects, &'static str> {
    let lines = logical(block.line, block.text);
    let is_comment = |line: &Line| line.text.trim_start().starts_with('#');
    let simple: Option<Vec<_>> = lines
        .iter()
        .map(|line| if is_comment(line) { Some(None) } else { read(line, block.search).map(Some) })
        .collect();
    let count = lines.iter().filter(|line| !is_comment(line)).count();
    if let Some(simple) = simple {
        return runs(&lines, simple, count, inputs);
    }
    if lines.iter().flat_map(|line| each(&line.text)).any(|text| is_for_hands(&words_of(text))) {
        return Err(NOT_LEFT_ALONE);
    }
    let drafts = script(block, inputs)?;
    Ok(Effects { drafts, commands: count })
}

/// The commands of a line that are done one after the other; a here-document is read by the one before it.
fn each(text: &str) -> Vec<&str> {
    if text.contains("<<") {
        return vec![text];
    }
    text.split("&&").flat_map(|part| part.split(';')).collect()
}

/// The words of a command, however it is quoted, without what may stand before its program.
fn words_of(text: &str) -> Vec<String> {
    let before =
        |word: &&str| is_assignment(word) || matches!(*word, "do" | "then" | "else" | "time" | "exec" | "!");
    text.split_whitespace().skip_while(before).map(str::to_owned).collect()
}

/// A command with its places to fill in, which stand in it as signs of their own.
struct Read {
    found: Simple,
    places: Vec<(Placeholder, String)>,
}

/// A place to fill in as the document has it, without what bowline says of it inside of its signs.
fn as_written(text: &str, place: &Placeholder) -> String {
    let written = text.get(place.range.clone()).unwrap_or_default();
    if written.starts_with('⟨') { format!("⟨{}⟩", place.name) } else { written.to_owned() }
}

/// The first of the signs that stand for a place to fill in while a command is split.
const PLACE: u32 = 0xe000;

fn read(line: &Line, search: Search) -> Option<Read> {
    if line.text.chars().any(|c| ('\u{e000}'..='\u{f8ff}').contains(&c)) {
        return None;
    }
    let (mut text, mut from, mut places) = (String::new(), 0, vec![]);
    for place in find(&line.text, search) {
        let sign = u32::try_from(places.len())
            .ok()
            .and_then(|at| char::from_u32(PLACE + at))
            .filter(|c| *c < '\u{f8ff}')?;
        text.push_str(line.text.get(from..place.range.start)?);
        text.push(sign);
        from = place.range.end;
        let written = as_written(&line.text, &place);
        places.push((place, written));
    }
    text.push_str(line.text.get(from..)?);
    let found = simple(&text, search == Search::Exported)?;
    let program = found.words.iter().map(|word| bare(word)).find(|word| !is_assignment(word))?;
    let is_place = program.chars().next().is_some_and(|c| u32::from(c) >= PLACE && c <= '\u{f8ff}');
    (!needs_shell(&program) && (!is_place || search == Search::Exported)).then_some(Read { found, places })
}

fn bare(word: &[Sign]) -> String {
    word.iter().map(|(c, _)| *c).collect()
}

fn runs(
    lines: &[Line],
    read: Vec<Option<Read>>,
    count: usize,
    inputs: &mut Inputs,
) -> Result<Effects, &'static str> {
    let mut drafts = vec![];
    for (line, read) in lines.iter().zip(read) {
        let Some(read) = read else {
            let text = line.text.trim().trim_start_matches('#').trim();
            drafts.push(Draft::Comment(line.number, text.to_owned()));
            continue;
        };
        let words: Vec<String> = read.found.words.iter().map(|word| bare(word)).collect();
        if is_for_hands(&words) {
            return Err(NOT_LEFT_ALONE);
        }
        drafts.extend(
            read.found
                .comment
                .clone()
                .map(|text| Draft::Comment(line.number, unplaced_text(&text, &read.places))),
        );
        for (place, written) in &read.places {
            if !place.variable && !written.starts_with(['<', '{', '⟨']) {
                let remark = format!("`{written}` is taken for a place to fill in");
                drafts.push(Draft::Remark(Remark::new(line.number, Kind::Guess, remark)));
            }
        }
        drafts.push(Draft::Run(command(&read, line.number, inputs)));
    }
    Ok(Effects { drafts, commands: count })
}

/// A comment in which the places to fill in are spelled out again.
fn unplaced_text(text: &str, places: &[(Placeholder, String)]) -> String {
    let spelled =
        text.chars().map(|c| place_of(c, places).map_or(c.to_string(), |(_, written)| written.clone()));
    spelled.collect()
}

fn place_of(c: char, places: &[(Placeholder, String)]) -> Option<&(Placeholder, String)> {
    u32::from(c).checked_sub(PLACE).and_then(|at| places.get(at as usize))
}

fn command(read: &Read, line: usize, inputs: &mut Inputs) -> Command {
    let mut command = Command::default();
    for word in &read.found.words {
        let parts = parts(word, &read.places, line, inputs);
        let name = assignment(word).filter(|_| command.words.is_empty());
        match name {
            Some(name) => {
                let mut value = parts;
                if let Some(Part::Text(text)) = value.first_mut() {
                    *text = text.get(name.len() + 1..).unwrap_or_default().to_owned();
                }
                command.env.push((name, value));
            }
            None => command.words.push(parts),
        }
    }
    command
}

/// The name of `NAME=value`, written without quotes.
fn assignment(word: &[Sign]) -> Option<String> {
    let name: String = word.iter().take_while(|(c, quoted)| *c != '=' && !quoted).map(|(c, _)| *c).collect();
    let assigned = word.get(name.chars().count()).is_some_and(|(c, quoted)| *c == '=' && !quoted);
    (assigned && super::shell::is_name(&name)).then_some(name)
}

fn parts(word: &[Sign], places: &[(Placeholder, String)], line: usize, inputs: &mut Inputs) -> Vec<Part> {
    let mut parts: Vec<Part> = vec![];
    for (c, _) in word {
        match (place_of(*c, places), parts.last_mut()) {
            (Some((place, written)), _) => parts.push(Part::Value(inputs.named(place, written, line))),
            (None, Some(Part::Text(text))) => text.push(*c),
            (None, _) => parts.push(Part::Text(c.to_string())),
        }
    }
    match parts.as_slice() {
        [Part::Value(name), Part::Text(more)] if more == "…" => {
            inputs.splice(name);
            vec![Part::Splice(name.clone())]
        }
        _ => parts,
    }
}

/// A script, verbatim; places to fill in become variables, which it is handed.
fn script(block: &Commands<'_>, inputs: &mut Inputs) -> Result<Vec<Draft>, &'static str> {
    let Commands { code, line, text, search } = *block;
    let mut args: Vec<(String, String)> = vec![];
    let mut drafts = vec![];
    let (mut written, mut from) = (String::new(), 0);
    for place in find(text, search) {
        let as_written = as_written(text, &place);
        let (before, number) = text
            .get(..place.range.start)
            .map_or(("", line), |before| (before, line + before.matches('\n').count()));
        if in_comment(before)
            || search == Search::Exported && code.rest == SCRIPT && !place.variable
            || place.variable && is_set_in(text, &place.name)
        {
            continue;
        }
        if place.variable {
            let input = inputs.named(&place, &as_written, number);
            push_new(&mut args, (place.name, input));
            continue;
        }
        if text.contains("<<") {
            return Err("it has places to fill in inside of a here-document");
        }
        let input = inputs.named(&place, &as_written, number);
        written.push_str(text.get(from..place.range.start).unwrap_or_default());
        written.push_str(&expansion(before, &input));
        from = place.range.end;
        drafts.push(Draft::Remark(Remark::new(
            number,
            Kind::Guess,
            format!("`{as_written}` is a place to fill in: now `${input}`"),
        )));
        push_new(&mut args, (input.clone(), input));
    }
    written.push_str(text.get(from..).unwrap_or_default());
    inputs.remember(text, line);
    drafts.extend(lasting(text, line));
    drafts.push(Draft::Script(Script { tag: code.interpreter().to_owned(), args, text: written }));
    Ok(drafts)
}

fn push_new(args: &mut Vec<(String, String)>, arg: (String, String)) {
    if !args.iter().any(|one| one.0 == arg.0) {
        args.push(arg);
    }
}

fn in_comment(before: &str) -> bool {
    let line = before.rsplit('\n').next().unwrap_or_default();
    line.trim_start().starts_with('#') || line.contains(" #")
}

/// A variable as it must stand behind a text, so that it is one word whatever is in it.
fn expansion(before: &str, name: &str) -> String {
    let (mut quote, mut signs) = (None, before.chars());
    while let Some(c) = signs.next() {
        match (quote, c) {
            (None | Some('"'), '\\') => _ = signs.next(),
            (None, '\'' | '"') => quote = Some(c),
            (Some(open), c) if open == c => quote = None,
            _ => {}
        }
    }
    match quote {
        Some('"') => format!("${{{name}}}"),
        Some(_) => format!("'\"${{{name}}}\"'"),
        None => format!("\"${{{name}}}\""),
    }
}

/// What a script does to its shell is gone when it ends.
fn lasting(text: &str, line: usize) -> Vec<Draft> {
    let mut remarks = vec![];
    for (words, number) in text.lines().zip(line..) {
        let first = words.split_whitespace().next().unwrap_or_default();
        if matches!(first, "cd" | "export" | "source" | "." | "unset" | "alias") {
            let remark = format!("`{}` holds only to the end of this script", words.trim());
            remarks.push(Draft::Remark(Remark::new(number, Kind::Guess, remark)));
        }
    }
    remarks
}
