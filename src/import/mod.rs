//! Markdown to a runbook: what a document says to do becomes steps, everything else stays as prose or as a comment.
//!
//! Knows Markdown, what shells look like, and how a runbook is written. Compiles and runs nothing. In doubt a person
//! does it; nothing of the document is lost, and that is computed from the runbook that came out.

mod blocks;
mod code;
mod draft;
mod effects;
mod encoding;
mod flags;
mod inline;
mod inputs;
mod mend;
mod note;
mod place;
mod placeholders;
mod report;
mod sections;
mod shell;
mod titles;
mod words;
mod write;

pub use note::Kind;
pub use report::Report;

use crate::fmt::format;
use crate::text::Source;
use draft::Draft;
use note::Note;
use place::Placer;
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
    let (root, joined) = sections::arrange(blocks, mended.text.len());
    let mut placer = Placer::new(&mended.text);
    let (title, body) = whole(&mut placer, &root, name);
    let notes = decoded.notes.into_iter().chain(mended.notes).chain(joined).map(Draft::Note);
    let mut draft = Runbook { name: name.to_owned(), title, body: notes.chain(body).collect() };
    titles::differ(&mut draft.body);
    finish(draft, &placer, &words::of_document(&decoded.text))
}

/// A runbook that is drafted.
struct Runbook {
    name: String,
    title: String,
    body: Vec<Draft>,
}

/// The title of a document and its statements. Its one heading of the first level is its title, if it has one.
fn whole(placer: &mut Placer<'_>, root: &Section, name: &str) -> (String, Vec<Draft>) {
    let mut body = placer.flow_of(root);
    let is_title = |section: &&Section| section.heading.as_ref().is_some_and(|heading| heading.level == 1);
    let Some((head, others)) = root.children.split_first().filter(|(head, _)| is_title(head)) else {
        root.children.iter().for_each(|child| body.extend(placer.section(child)));
        return (name_of_file(name), body);
    };
    let title = head.heading.as_ref().map(|heading| titles::titled(&heading.inline));
    body.extend(head.heading.iter().flat_map(place::heading_notes));
    body.extend(title.iter().filter_map(|title| title.rest.clone()).map(Draft::Prose));
    body.extend(placer.inside(head));
    others.iter().for_each(|child| body.extend(placer.section(child)));
    (
        title
            .map(|title| title.title)
            .filter(|title| !title.is_empty())
            .unwrap_or_else(|| name_of_file(name)),
        body,
    )
}

/// `deploy-api.md` is "deploy api".
fn name_of_file(name: &str) -> String {
    let file = name.rsplit('/').next().unwrap_or(name);
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    let title = stem.replace(['-', '_'], " ");
    if title.trim().is_empty() { "Imported".to_owned() } else { title.trim().to_owned() }
}

/// Writes the runbook. Text that is not in it after all is added at its end, line by line.
fn finish(mut draft: Runbook, placer: &Placer<'_>, document: &[(usize, String)]) -> Imported {
    let mut text = written(&draft, placer);
    let left = words::unplaced(document, &text);
    if !left.is_empty() {
        let mut lines: Vec<usize> = left.iter().map(|(line, _)| *line).collect();
        lines.dedup();
        let said = |line: usize| {
            left.iter()
                .filter(|(at, _)| *at == line)
                .map(|(_, word)| word.as_str())
                .collect::<Vec<_>>()
                .join(" ")
        };
        for line in lines {
            draft.body.push(Draft::Note(Note::new(
                line,
                Kind::Guess,
                "this text of the line found no place",
            )));
            draft.body.push(Draft::Comment(line, said(line)));
        }
        text = written(&draft, placer);
    }
    let mut report = Report {
        commands: placer.commands,
        left: placer.by_hand,
        inputs: placer.inputs.all.len(),
        words: document.len(),
        unplaced: words::unplaced(document, &text).len(),
        ..Report::default()
    };
    report.count(&draft.body);
    Imported { text, report }
}

fn written(draft: &Runbook, placer: &Placer<'_>) -> String {
    let mut page = Page::default();
    page.comment(&format!("Imported from {}. `line N: …` is a remark on that line of it: a guess to look at, or a sentence that may want", draft.name));
    page.comment("a statement of its own. `line N | …` is text of the document.");
    page.line(&format!("runbook {} 0.1.0", write::quoted(&draft.title)));
    page.line("");
    placer.inputs.all.iter().for_each(|input| page.input(input));
    page.line("");
    page.drafts(&draft.body);
    format(&Source::new(&draft.name, &page.text)).text
}
