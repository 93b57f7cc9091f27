//! What the editor asks about one text.

use lsp_types::{
    CodeActionKind, CodeActionOrCommand, CodeActionParams, CodeActionResponse, CompletionItem,
    CompletionParams, DocumentFormattingParams, DocumentHighlight, DocumentHighlightKind,
    DocumentHighlightParams, DocumentSymbol, DocumentSymbolParams, FoldingRange, FoldingRangeParams,
    GotoDefinitionParams, HoverContents, HoverParams, InlayHint, InlayHintParams, Location,
    PrepareRenameResponse, SemanticTokens, SemanticTokensParams, SemanticTokensRangeParams,
    TextDocumentPositionParams, TextEdit, Uri,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::changes::read;
use super::documents::{Document, path_of};
use super::everywhere::renamable;
use super::failure::Failure;
use super::server::{Seen, Server};
use super::shape;
use crate::fmt::format;
use crate::ide::{self, Colour, File};
use crate::syntax::Version;
use crate::text::{Source, SourceId, Span};

type Answer<T> = Result<T, Failure>;

/// How far a module beside a file is looked for, in files.
const BESIDE: usize = 200;

impl Server<'_> {
    /// The answer to a request.
    pub(super) fn answer(&mut self, method: &str, params: Value) -> Answer<Value> {
        match method {
            "textDocument/completion" => self.with(params, Self::completion),
            "textDocument/hover" => self.with(params, Self::hover),
            "textDocument/definition" => self.with(params, Self::definition),
            "textDocument/references" => self.with(params, Self::references),
            "textDocument/documentHighlight" => self.with(params, Self::highlights),
            "textDocument/prepareRename" => self.with(params, Self::prepare_rename),
            "textDocument/rename" => self.with(params, Self::rename),
            "textDocument/documentSymbol" => self.with(params, Self::symbols),
            "workspace/symbol" => self.with(params, Self::workspace_symbols),
            "textDocument/foldingRange" => self.with(params, Self::folds),
            "textDocument/semanticTokens/full" => self.with(params, Self::tokens),
            "textDocument/semanticTokens/range" => self.with(params, Self::tokens_of_range),
            "textDocument/formatting" => self.with(params, Self::formatting),
            "textDocument/codeAction" => self.with(params, Self::actions),
            "textDocument/inlayHint" => self.with(params, Self::hints),
            _ => Err(Failure::unknown_method(method)),
        }
    }

    fn with<P, R>(&mut self, params: Value, work: impl FnOnce(&mut Self, &P) -> Answer<R>) -> Answer<Value>
    where
        P: DeserializeOwned,
        R: Serialize,
    {
        let result = work(self, &read(params)?)?;
        serde_json::to_value(result).map_err(|_| Failure::internal())
    }

    /// The text that a position is in, and the byte.
    pub(super) fn at(&mut self, place: &TextDocumentPositionParams) -> Answer<(Seen<'_>, u32)> {
        let seen = self.seen(&path_of(&place.text_document.uri))?;
        let offset = seen.document.offset(place.position);
        Ok((seen, u32::try_from(offset).unwrap_or(u32::MAX)))
    }

    fn completion(&mut self, params: &CompletionParams) -> Answer<Vec<CompletionItem>> {
        let place = &params.text_document_position;
        let path = path_of(&place.text_document.uri);
        let beside = self.beside(&path);
        let names = self.settings.get(&path).and_then(|setting| setting.names.clone());
        let (seen, offset) = self.at(place)?;
        let sight = ide::Sight { names: names.as_ref(), beside: &beside };
        let found = ide::completions(&seen.view(), sight, offset);
        Ok(found.into_iter().map(shape::completion).collect())
    }

    /// The files in the folder of a file and below, as it would name them.
    fn beside(&self, path: &str) -> Vec<String> {
        let Some((folder, _)) = path.rsplit_once('/') else { return vec![] };
        let files = self.world.files_below(folder, BESIDE).files;
        let named = files.iter().filter(|file| *file != path).filter_map(|file| {
            Some(format!("./{}", file.strip_prefix(folder)?.strip_prefix('/')?.strip_suffix(".runbook")?))
        });
        named.collect()
    }

    fn hover(&mut self, params: &HoverParams) -> Answer<Option<lsp_types::Hover>> {
        let (seen, offset) = self.at(&params.text_document_position_params)?;
        Ok(ide::hover(&seen.view(), offset).map(|hover| lsp_types::Hover {
            contents: HoverContents::Markup(shape::markdown(hover.text)),
            range: Some(seen.document.range(hover.span)),
        }))
    }

    fn definition(&mut self, params: &GotoDefinitionParams) -> Answer<Vec<Location>> {
        let world = self.world;
        let (seen, offset) = self.at(&params.text_document_position_params)?;
        let view = seen.view();
        let Some(mention) = ide::named_at(&view, offset) else { return Ok(vec![]) };
        let spans = ide::definition(&view, mention.named).into_iter();
        Ok(spans.filter_map(|span| shape::location(world, &seen.checked.sources, span)).collect())
    }

    fn highlights(&mut self, params: &DocumentHighlightParams) -> Answer<Vec<DocumentHighlight>> {
        let (seen, offset) = self.at(&params.text_document_position_params)?;
        let view = seen.view();
        let Some(mention) = ide::named_at(&view, offset) else { return Ok(vec![]) };
        let all = seen.checked.index.mentions.iter();
        let here = all.filter(|one| one.named == mention.named && one.span.source == SourceId::default());
        let highlight = |one: &crate::program::Mention| DocumentHighlight {
            range: seen.document.range(one.span),
            kind: Some(if one.binds { DocumentHighlightKind::WRITE } else { DocumentHighlightKind::READ }),
        };
        Ok(here.map(highlight).collect())
    }

    fn prepare_rename(&mut self, place: &TextDocumentPositionParams) -> Answer<PrepareRenameResponse> {
        let world = self.world;
        let (seen, offset) = self.at(place)?;
        let (mention, _) = renamable(world, &seen, offset)?;
        Ok(PrepareRenameResponse::RangeWithPlaceholder {
            range: seen.document.range(mention.span),
            placeholder: seen.document.text.get(mention.span.range()).unwrap_or_default().to_owned(),
        })
    }

    /// An open text as it was read; for what needs no names.
    fn parsed<T>(&mut self, uri: &Uri, work: impl FnOnce(&Document, File<'_>) -> T) -> Answer<T> {
        let path = path_of(uri);
        let document =
            self.documents.get(&path).ok_or_else(|| Failure::params(format!("{path} is not open")))?;
        let source = Source::new(&path, &document.text);
        let version: &Version = self.memory.read(SourceId::default(), &source);
        Ok(work(document, File { source: &source, tree: version.tree() }))
    }

    fn symbols(&mut self, params: &DocumentSymbolParams) -> Answer<Vec<DocumentSymbol>> {
        self.parsed(&params.text_document.uri, |document, file| {
            ide::symbols(file).into_iter().map(|one| shape::symbol(document, one)).collect()
        })
    }

    fn folds(&mut self, params: &FoldingRangeParams) -> Answer<Vec<FoldingRange>> {
        self.parsed(&params.text_document.uri, |document, file| {
            let folds = ide::folds(file).into_iter().map(|one| shape::fold(document, one));
            folds.filter(|fold| fold.start_line < fold.end_line).collect()
        })
    }

    fn tokens(&mut self, params: &SemanticTokensParams) -> Answer<SemanticTokens> {
        self.parsed(&params.text_document.uri, |document, file| {
            let data = shape::tokens(document, &ide::colours(file));
            SemanticTokens { result_id: None, data }
        })
    }

    fn tokens_of_range(&mut self, params: &SemanticTokensRangeParams) -> Answer<SemanticTokens> {
        self.parsed(&params.text_document.uri, |document, file| {
            let (start, end) = (document.offset(params.range.start), document.offset(params.range.end));
            let inside = |one: &Colour| one.span.range().end > start && one.span.range().start < end;
            let colours: Vec<_> = ide::colours(file).into_iter().filter(inside).collect();
            SemanticTokens { result_id: None, data: shape::tokens(document, &colours) }
        })
    }

    fn formatting(&mut self, params: &DocumentFormattingParams) -> Answer<Vec<TextEdit>> {
        self.parsed(&params.text_document.uri, |document, file| {
            shape::replacing(document, &format(file.source).text)
        })
    }

    fn hints(&mut self, params: &InlayHintParams) -> Answer<Vec<InlayHint>> {
        let seen = self.seen(&path_of(&params.text_document.uri))?;
        let hints = ide::hints(&seen.view());
        let shown = hints.into_iter().map(|one| shape::hint(seen.document, one));
        let (start, end) = (params.range.start, params.range.end);
        Ok(shown.filter(|hint| start <= hint.position && hint.position <= end).collect())
    }

    fn actions(&mut self, params: &CodeActionParams) -> Answer<CodeActionResponse> {
        let world = self.world;
        let seen = self.seen_whole(&path_of(&params.text_document.uri))?;
        let document = seen.document;
        let part = (document.offset(params.range.start), document.offset(params.range.end));
        let part = Span::new(SourceId::default(), part.0, part.1);
        let all = [CodeActionKind::EMPTY];
        let wanted = params.context.only.as_deref().unwrap_or(&all);
        let wants = |kind: &CodeActionKind| {
            let below = |one: &CodeActionKind| kind.as_str().strip_prefix(one.as_str());
            wanted
                .iter()
                .filter_map(below)
                .any(|rest| rest.is_empty() || rest.starts_with('.') || rest == kind.as_str())
        };
        let mut actions = vec![];
        if wants(&CodeActionKind::QUICKFIX) {
            let source = Source::new("", &document.text);
            let found = ide::actions(&source, &seen.checked.diagnostics, part);
            actions
                .extend(found.into_iter().map(|one| shape::action(world, seen.document, seen.checked, one)));
        }
        if wants(&CodeActionKind::SOURCE_FIX_ALL) {
            actions.extend(shape::mend_all(document, seen.checked));
        }
        Ok(actions.into_iter().map(CodeActionOrCommand::CodeAction).collect())
    }
}
