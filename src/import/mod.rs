//! Markdown to a runbook: what a document says to do becomes steps, everything else stays as prose or as a comment.
//!
//! Knows Markdown, what shells look like, and how a runbook is written. Compiles and runs nothing. In doubt a person
//! does it; nothing of the document is lost, and that is computed from the runbook that came out.

mod bare;
mod blocks;
mod carried;
mod code;
mod draft;
mod effects;
mod encoding;
mod exported;
mod fold;
mod hints;
mod inline;
mod inputs;
mod judge;
mod line;
mod marks;
mod mend;
mod orders;
mod place;
mod placeholders;
mod remark;
mod remarks;
mod report;
mod sections;
mod sentence;
mod shell;
mod split;
mod spoiled;
mod step;
mod tags;
mod titles;
mod wiki;
mod withheld;
mod words;
mod write;

pub use remark::Kind;
pub use report::Report;

use crate::fmt::format;
use crate::text::Source;
use blocks::Block;
use draft::Draft;
use exported::{Reading, is_exported};
use inputs::Input;
use place::Placer;
use remark::Remark;
use sections::Section;
use write::Page;

/// A runbook made of a document.
#[derive(Clone, Debug)]
pub struct Imported {
    /// Its text, in the one layout.
    pub text: String,
    /// What came of it.
    pub report: Report,
}

/// Makes a runbook of a document; `name` is what the document is called. Total: any bytes give a runbook.
#[must_use]
pub fn import(bytes: &[u8], name: &str) -> Imported {
    let decoded = encoding::decode(bytes);
    let mended = mend::mend(&decoded.text);
    let blocks = blocks::read(&mended.text, &mended.lines);
    let repairs = decoded.remarks.into_iter().chain(mended.remarks).collect();
    let made = if is_exported(&mended.text) {
        read_back(blocks, repairs)
    } else {
        drafted(blocks, &mended.text, repairs)
    };
    let title = made.title.filter(|title| !title.trim().is_empty()).unwrap_or_else(|| name_of_file(name));
    finish(Runbook { name: name.to_owned(), title: Some(title), ..made }, &words::of_document(&decoded.text))
}

/// A document of bowline's own.
fn read_back(blocks: Vec<Block>, repairs: Vec<Remark>) -> Runbook {
    let mut reading = Reading::default();
    let (title, body) = reading.whole(blocks);
    let body = repairs.into_iter().map(Draft::Remark).chain(body).collect();
    let Reading { inputs, commands, by_hand, .. } = reading;
    Runbook { name: String::new(), title, body, inputs: inputs.all, commands, by_hand }
}

/// Any other document.
fn drafted(blocks: Vec<Block>, text: &str, mut remarks: Vec<Remark>) -> Runbook {
    let (root, joined) = sections::arrange(blocks, text);
    remarks.extend(joined);
    let mut placer = Placer::new(text, remarks);
    let (title, mut body) = whole(&mut placer, &root);
    body.extend(placer.due(usize::MAX));
    let Placer { inputs, commands, by_hand, .. } = placer;
    Runbook { name: String::new(), title, body, inputs: inputs.all, commands, by_hand }
}

/// A runbook that is drafted.
struct Runbook {
    /// What its document is called.
    name: String,
    title: Option<String>,
    body: Vec<Draft>,
    inputs: Vec<Input>,
    commands: usize,
    by_hand: usize,
}

/// The title of a document and its statements. Its first heading, if of the first level, is its title.
fn whole(placer: &mut Placer<'_>, root: &Section) -> (Option<String>, Vec<Draft>) {
    let mut body = placer.flow_of(root);
    let is_title = |section: &&Section| section.heading.as_ref().is_some_and(|heading| heading.level == 1);
    let Some((head, others)) = root.children.split_first().filter(|(head, _)| is_title(head)) else {
        root.children.iter().for_each(|child| body.extend(placer.section(child)));
        return (None, body);
    };
    let title = head.heading.as_ref().map(|heading| titles::titled(&heading.inline));
    body.extend(head.heading.iter().flat_map(remarks::heading_remarks));
    body.extend(title.iter().filter_map(|title| title.rest.clone()).map(Draft::Prose));
    body.extend(placer.inside(head));
    others.iter().for_each(|child| body.extend(placer.section(child)));
    (title.map(|title| title.title), body)
}

/// `deploy-api.md` is "deploy api".
fn name_of_file(name: &str) -> String {
    let file = name.rsplit('/').next().unwrap_or(name);
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    let title = stem.replace(['-', '_'], " ");
    if title.trim().is_empty() { "Imported".to_owned() } else { title.trim().to_owned() }
}

/// Writes the runbook. Text that is not in it after all is added at its end, line by line.
fn finish(mut draft: Runbook, document: &[(usize, String)]) -> Imported {
    titles::differ(&mut draft.body);
    let mut text = written(&draft);
    let left = words::unplaced(document, &text);
    if !left.is_empty() {
        draft.body.extend(added(&left));
        text = written(&draft);
    }
    let mut report = Report {
        commands: draft.commands,
        left: draft.by_hand,
        inputs: draft.inputs.len(),
        words: document.len(),
        unplaced: words::unplaced(document, &text).len(),
        ..Report::default()
    };
    report.count(&draft.body);
    Imported { text, report }
}

/// What found no place, as comments at the end.
fn added(left: &[(usize, String)]) -> Vec<Draft> {
    let mut drafts = vec![];
    for same in left.chunk_by(|a, b| a.0 == b.0) {
        let line = same.first().map_or(1, |(line, _)| *line);
        let words: Vec<&str> = same.iter().map(|(_, word)| word.as_str()).collect();
        drafts.push(Draft::Remark(Remark::new(line, Kind::Guess, "this text of the line found no place")));
        drafts.push(Draft::Comment(line, words.join(" ")));
    }
    drafts
}

fn written(draft: &Runbook) -> String {
    let mut page = Page::default();
    page.comment(&format!("Imported from {}. `line N: …` is a remark on that line of it: a guess to look at, or a sentence that may want", draft.name));
    page.comment("a statement of its own. `line N | …` is text of the document.");
    page.line(&format!("runbook {} 0.1.0", write::quoted(draft.title.as_deref().unwrap_or_default())));
    page.line("");
    draft.inputs.iter().for_each(|input| page.input(input));
    page.line("");
    page.drafts(&draft.body);
    format(&Source::new(&draft.name, &page.text)).text
}
