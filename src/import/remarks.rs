//! Remarks and titles that statements are given: hints of sentences, hidden text, places to fill in.

use super::code::{Code, Verdict};
use super::draft::Draft;
use super::hints::{dangers, hints};
use super::inline::Inline;
use super::inputs::name_of;
use super::judge::{box_of, seen_to};
use super::line::looks_like_command;
use super::orders::is_order;
use super::placeholders::{Placeholder, Search, find, is_set_in};
use super::remark::{Kind, Remark};
use super::sections::Heading;
use super::tags::TEXTS;

/// Places to fill in that stand in text for people: inputs, if a command is made of it.
pub(super) fn proposals(text: &str, line: usize) -> Vec<Remark> {
    proposed(text, find(text, Search::Prose), line)
}

/// Places to fill in that stand in code which a person runs. Words in capitals or square brackets are none: of such code it
/// is not known what a command is, and what an answer.
pub(super) fn proposals_of_code(code: &Code) -> Vec<Remark> {
    let mut places = find(&code.text, Search::Prose);
    if code.verdict() != Verdict::Text {
        let variables = find(&code.text, Search::Code).into_iter().filter(|place| place.variable);
        places.extend(variables.filter(|place| !is_set_in(&code.text, &place.name)));
        places.sort_by_key(|place| place.range.start);
    }
    proposed(&code.text, places, code.line)
}

fn proposed(text: &str, places: Vec<Placeholder>, first: usize) -> Vec<Remark> {
    let mut remarks: Vec<Remark> = vec![];
    for place in places {
        let line = first + text.get(..place.range.start).unwrap_or_default().matches('\n').count();
        let written = text.get(place.range).unwrap_or_default();
        let remark = format!("`{written}` may be an input: input {}: text", name_of(&place.name));
        if remarks.iter().all(|one| one.text != remark) {
            remarks.push(Remark::new(line, Kind::Guess, remark));
        }
    }
    remarks
}

/// The remark on a tick box that was ticked.
pub(super) fn was_ticked(line: usize) -> Remark {
    Remark::new(line, Kind::Guess, "the box was ticked; the step is still to be done")
}

/// The steps of a paragraph in which lines have tick boxes of their own.
pub(super) fn ticked(inline: &Inline, line: usize) -> Vec<Draft> {
    let mut drafts: Vec<Draft> = vec![];
    for (text, number) in inline.raw.lines().zip(line..) {
        match (box_of(text), drafts.last_mut()) {
            (Some((ticked, title)), _) => {
                if ticked {
                    drafts.push(Draft::Remark(was_ticked(number)));
                }
                drafts.extend(hints(title, number).into_iter().map(Draft::Remark));
                drafts.push(Draft::Manual(title.trim().to_owned(), vec![]));
            }
            (None, Some(Draft::Manual(_, body))) => match body.last_mut() {
                Some(Draft::Prose(prose)) => *prose = format!("{prose}\n{text}"),
                _ => body.push(Draft::Prose(text.to_owned())),
            },
            (None, _) => drafts.push(Draft::Prose(text.to_owned())),
        }
    }
    drafts
}

/// The remark on code that begins as a command does.
pub(super) fn sentence_of_command(line: usize) -> Remark {
    Remark::new(line, Kind::Guess, "nothing of it is run: it reads as a sentence about a command")
}

/// The remark on code that may be a command.
pub(super) fn unknown_program(line: usize) -> Remark {
    Remark::new(
        line,
        Kind::Guess,
        "a person does it: it may be a command, of a program that bowline does not know",
    )
}

pub(super) fn heading_remarks(heading: &Heading) -> Vec<Draft> {
    let mut drafts = hidden(&heading.inline, heading.line);
    drafts.extend(hints(&heading.inline.plain, heading.line).into_iter().map(Draft::Remark));
    drafts
}

/// What is dangerous in code; what programs answered does nothing.
pub(super) fn code_remarks(code: &Code) -> Vec<Draft> {
    let answer = TEXTS.contains(&code.tag.as_str());
    let remarks = if answer { vec![] } else { dangers(&code.text, code.line) };
    remarks.into_iter().map(Draft::Remark).collect()
}

pub(super) fn hidden(inline: &Inline, line: usize) -> Vec<Draft> {
    inline.hidden.iter().flat_map(|text| hidden_text(text, line)).collect()
}

/// What an HTML comment says: nobody saw it in the document, so it is pointed at.
pub(super) fn hidden_text(text: &str, line: usize) -> Vec<Draft> {
    if text.trim().is_empty() {
        return vec![];
    }
    let mut drafts = vec![];
    if text.split(['\n', '.', ';']).any(|words| is_order(words) || looks_like_command(words.trim())) {
        drafts.push(Draft::Remark(Remark::new(
            line,
            Kind::Guess,
            "an HTML comment that readers do not see holds an instruction",
        )));
    }
    drafts.extend(hints(text, line).into_iter().map(Draft::Remark));
    drafts.push(Draft::Comment(line, text.to_owned()));
    drafts
}

pub(super) fn with_hints(drafts: Vec<Draft>, text: &str, line: usize) -> Vec<Draft> {
    remarks(text, line).into_iter().chain(drafts).collect()
}

/// What is to be said of a text: its hints, and its places to fill in.
pub(super) fn remarks(text: &str, line: usize) -> Vec<Draft> {
    hints(text, line).into_iter().chain(proposals(text, line)).map(Draft::Remark).collect()
}

/// A quote, a table or HTML: prose, or a person's where it holds something to do.
pub(super) fn as_written(raw: &str, line: usize) -> Vec<Draft> {
    let prose = Draft::Prose(raw.to_owned());
    let Some(why) = seen_to(raw) else { return with_hints(vec![prose], raw, line) };
    let remark = Remark::new(line, Kind::Guess, format!("a person does it: {why}"));
    let manual = Draft::Manual(format!("See to what line {line} says"), vec![prose]);
    with_hints(vec![Draft::Remark(remark), manual], raw, line)
}

/// What is nowhere done is prose as it is written; its remarks stay.
pub(super) fn as_prose(drafts: Vec<Draft>, raw: String) -> Vec<Draft> {
    fn remarks(drafts: Vec<Draft>, found: &mut Vec<Draft>) {
        for draft in drafts {
            match draft {
                Draft::Remark(_) => found.push(draft),
                Draft::Phase(_, body) | Draft::Step(_, body) | Draft::Manual(_, body) => remarks(body, found),
                _ => {}
            }
        }
    }
    let mut found = vec![];
    remarks(drafts, &mut found);
    found.push(Draft::Prose(raw));
    found
}
