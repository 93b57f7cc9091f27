//! What the editor asks about all files of its folders: symbols, references, and renaming.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use lsp_types::{
    Location, MessageType, ReferenceParams, RenameParams, ShowMessageParams, SymbolInformation, TextEdit,
    WorkspaceEdit, WorkspaceSymbolParams,
};

use super::documents::{Overlay, range, uri_of};
use super::failure::Failure;
use super::server::{Seen, Server};
use super::{World, shape};
use crate::compile::{Checked, Loader};
use crate::ide::{self, File, Place, Renamed, Symbol, View};
use crate::program::Mention;
use crate::syntax;
use crate::text::{Lines, Source, SourceId};

/// So many files are looked through, and all that are open; of more below the folders the rest is left out, and that is said.
const FILES: usize = 2000;
/// The most symbols that are told at once.
const SYMBOLS: usize = 500;

/// The files that are looked through.
struct Reach {
    files: BTreeSet<String>,
    /// Whether the folders of the editor hold more.
    more: bool,
}

/// A thing that is asked for, and the program in which that was found.
struct Asked {
    place: Place,
    path: String,
}

impl Server<'_> {
    pub(super) fn references(&mut self, params: &ReferenceParams) -> Result<Vec<Location>, Failure> {
        let world = self.world;
        let located = |checked: &Checked, span| shape::location(world, &checked.sources, span);
        let (seen, offset) = self.at(&params.text_document_position)?;
        let view = seen.view();
        let Some(mention) = ide::named_at(&view, offset) else { return Ok(vec![]) };
        let Some(asked) = asked(&seen, &view, &mention) else {
            let same = seen.checked.index.mentions.iter().filter(|one| one.named == mention.named);
            return Ok(same.filter_map(|one| located(seen.checked, one.span)).collect());
        };
        let with_bindings = params.context.include_declaration;
        let mut found = vec![];
        self.in_each(&asked, |checked, view| {
            let mentions = ide::mentions_of(view, &asked.place).into_iter();
            let wanted = mentions.filter(|one| with_bindings || !one.binds);
            found.extend(wanted.filter_map(|one| located(checked, one.span)));
            Ok(())
        })?;
        found.sort_by(|a, b| (a.uri.as_str(), a.range.start).cmp(&(b.uri.as_str(), b.range.start)));
        found.dedup();
        Ok(found)
    }

    #[expect(clippy::mutable_key_type, reason = "the protocol's own type: addresses do not change")]
    pub(super) fn rename(&mut self, params: &RenameParams) -> Result<Option<WorkspaceEdit>, Failure> {
        let world = self.world;
        let (seen, offset) = self.at(&params.text_document_position)?;
        let (_, place) = renamable(world, &seen, offset)?;
        let asked = Asked { place, path: seen.document.path.clone() };
        if self.reach().more {
            return Err(Failure::refused(
                "there are more files than are looked through, and some of them may have this name; open a smaller folder and rename there",
            ));
        }
        let mut edits: BTreeMap<String, Vec<TextEdit>> = BTreeMap::new();
        self.in_each(&asked, |checked, view| {
            for renamed in ide::rename(view, &asked.place, &params.new_name).map_err(Failure::refused)? {
                add(&mut edits, checked, renamed);
            }
            Ok(())
        })?;
        let changes = edits.into_iter().filter_map(|(file, edits)| Some((uri_of(&file)?, edits)));
        let changes: HashMap<_, _> = changes.collect();
        Ok(Some(WorkspaceEdit { changes: Some(changes), ..WorkspaceEdit::default() }))
    }

    /// Looks at every program that may name a thing: the one in which it was found, and all files of the folders that hold
    /// its name.
    fn in_each(
        &mut self,
        asked: &Asked,
        mut look: impl FnMut(&Checked, &View<'_>) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let name = {
            let seen = self.seen(&asked.path)?;
            look(seen.checked, &seen.view())?;
            let source = seen.checked.sources.iter().find(|source| source.name() == asked.place.file);
            source.map(|source| source.slice(asked.place.span).to_owned()).unwrap_or_default()
        };
        for path in self.files() {
            if path == asked.path || !self.text_of(&path).is_some_and(|text| text.contains(&name)) {
                continue;
            }
            let checked = self.resolved(&path);
            let trees: Vec<_> = checked.trees(&self.memory).cloned().collect();
            look(&checked, &View { sources: &checked.sources, trees: &trees, index: &checked.index })?;
            drop(trees);
            if self.documents.get(&path).is_none() {
                self.memory.forget(&path);
            }
        }
        Ok(())
    }

    /// The files that are looked through; says once that there are more, so that nobody takes what is found for all.
    fn files(&mut self) -> BTreeSet<String> {
        let reach = self.reach();
        if reach.more && !std::mem::replace(&mut self.said_more, true) {
            let message = format!(
                "bowline looks through {FILES} files and what is open; the folder holds more, in which nothing is found. Open a smaller folder to search all of it"
            );
            let params = ShowMessageParams { typ: MessageType::WARNING, message };
            self.notify("window/showMessage", &params);
        }
        reach.files
    }

    /// What is open, then the files of the folders.
    fn reach(&self) -> Reach {
        let mut reach = Reach { files: self.documents.paths().cloned().collect(), more: false };
        for folder in &self.folders {
            let below = self.world.files_below(folder, FILES);
            reach.more |= below.more;
            for path in below.files {
                if reach.files.len() >= FILES && !reach.files.contains(&path) {
                    reach.more = true;
                    break;
                }
                reach.files.insert(path);
            }
        }
        reach
    }

    fn text_of(&self, path: &str) -> Option<String> {
        let overlay = Overlay { documents: &self.documents, disk: self.world };
        String::from_utf8(overlay.read(path).ok()?).ok()
    }

    #[expect(deprecated, reason = "the protocol's type still has the field")]
    #[expect(clippy::unnecessary_wraps, reason = "answers have one shape")]
    pub(super) fn workspace_symbols(
        &mut self,
        params: &WorkspaceSymbolParams,
    ) -> Result<Vec<SymbolInformation>, Failure> {
        let mut found = vec![];
        for path in self.files() {
            let (Some(text), Some(uri)) = (self.text_of(&path), uri_of(&path)) else { continue };
            let source = Source::new(&path, &text);
            let (tree, _) = syntax::parse(SourceId::default(), &source);
            let lines = Lines::of(&text);
            let mut wanted = |symbol: &Symbol, inside: Option<&str>| {
                if found.len() < SYMBOLS && is_like(&symbol.name, &params.query) {
                    found.push(SymbolInformation {
                        name: symbol.name.clone(),
                        kind: shape::symbol_kind(symbol.kind),
                        tags: None,
                        deprecated: None,
                        location: Location {
                            uri: uri.clone(),
                            range: range(&lines, &text, symbol.selection.range()),
                        },
                        container_name: inside.map(str::to_owned),
                    });
                }
            };
            flat(&ide::symbols(File { source: &source, tree: &tree }), None, &mut wanted);
        }
        Ok(found)
    }
}

fn flat(symbols: &[Symbol], inside: Option<&str>, visit: &mut dyn FnMut(&Symbol, Option<&str>)) {
    for symbol in symbols {
        visit(symbol, inside);
        flat(&symbol.children, Some(&symbol.name), visit);
    }
}

/// Whether a name has the letters of a query, in their order.
fn is_like(name: &str, query: &str) -> bool {
    let mut letters = name.chars().flat_map(char::to_lowercase);
    query.chars().flat_map(char::to_lowercase).all(|wanted| letters.any(|letter| letter == wanted))
}

fn asked(seen: &Seen<'_>, view: &View<'_>, mention: &Mention) -> Option<Asked> {
    Some(Asked { place: Place::of(view, mention.named)?, path: seen.document.path.clone() })
}

/// What stands at a byte, where it can be renamed.
pub(super) fn renamable(
    world: &dyn World,
    seen: &Seen<'_>,
    offset: u32,
) -> Result<(Mention, Place), Failure> {
    let (mention, place) = ide::renamable(&seen.view(), offset).map_err(Failure::refused)?;
    if uri_of(&place.file).is_none() || world.is_copy(&place.file) {
        return Err(Failure::refused(format!(
            "`{}` is in bowline itself; copy it beside the runbook to change it",
            place.file
        )));
    }
    Ok((mention, place))
}

fn add(edits: &mut BTreeMap<String, Vec<TextEdit>>, checked: &Checked, renamed: Renamed) {
    let Renamed { span, text } = renamed;
    let Some(source) = checked.sources.get(span.source) else { return };
    let edit =
        TextEdit { range: range(&Lines::of(source.text()), source.text(), span.range()), new_text: text };
    let of_file = edits.entry(source.name().to_owned()).or_default();
    if !of_file.contains(&edit) {
        of_file.push(edit);
    }
}
