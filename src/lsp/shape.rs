//! From `ide` and diagnostics to the shapes of the protocol.

use std::collections::HashMap;

use lsp_types::{
    CodeAction, CodeActionKind, CompletionItem, CompletionItemKind, DiagnosticRelatedInformation,
    DiagnosticSeverity, DiagnosticTag, DocumentSymbol, Documentation, FoldingRange, FoldingRangeKind,
    InlayHint, InlayHintKind, InlayHintLabel, InlayHintTooltip, Location, MarkupContent, MarkupKind,
    NumberOrString, Position, Range, SemanticToken, SemanticTokenType, TextEdit, WorkspaceEdit,
};

use super::World;
use super::documents::{Document, address, range};
use crate::compile::Checked;
use crate::diag::{Diagnostic, Label, Severity, codes};
use crate::ide::{
    self, Action, Colour, ColourKind, Completion, CompletionKind, Edit, Fold, FoldKind, Hint, Symbol,
    SymbolKind,
};
use crate::text::{Lines, SourceId, Sources, Span};

/// The kinds of words, in the order of [`token_type`].
pub(super) const LEGEND: [SemanticTokenType; 11] = [
    SemanticTokenType::KEYWORD,
    SemanticTokenType::COMMENT,
    SemanticTokenType::STRING,
    SemanticTokenType::NUMBER,
    SemanticTokenType::REGEXP,
    SemanticTokenType::VARIABLE,
    SemanticTokenType::PARAMETER,
    SemanticTokenType::PROPERTY,
    SemanticTokenType::FUNCTION,
    SemanticTokenType::NAMESPACE,
    SemanticTokenType::TYPE,
];

fn token_type(kind: ColourKind) -> u32 {
    match kind {
        ColourKind::Keyword => 0,
        ColourKind::Comment => 1,
        ColourKind::Text => 2,
        ColourKind::Number => 3,
        ColourKind::Regex => 4,
        ColourKind::Variable => 5,
        ColourKind::Parameter => 6,
        ColourKind::Property => 7,
        ColourKind::Function => 8,
        ColourKind::Module => 9,
        ColourKind::Type => 10,
    }
}

/// The reports about a text itself.
pub(super) fn diagnostics<'d>(
    world: &dyn World,
    document: &Document,
    sources: &Sources,
    all: impl Iterator<Item = &'d Diagnostic>,
) -> Vec<lsp_types::Diagnostic> {
    let here = all.filter(|one| one.primary.span.source == SourceId::default());
    here.map(|one| diagnostic(world, document, sources, one)).collect()
}

/// A report as the editor shows it.
pub(super) fn diagnostic(
    world: &dyn World,
    document: &Document,
    sources: &Sources,
    one: &Diagnostic,
) -> lsp_types::Diagnostic {
    let label = Some(one.primary.text.as_str()).filter(|text| !text.is_empty());
    let words = std::iter::once(one.message.as_str()).chain(label).chain(one.help.iter().map(String::as_str));
    let related: Vec<_> = one.secondary.iter().filter_map(|label| related(world, sources, label)).collect();
    let unused = [codes::UNUSED_INPUT, codes::UNUSED_BINDING, codes::UNUSED_MODULE, codes::UNREACHABLE]
        .contains(&one.code);
    lsp_types::Diagnostic {
        range: document.range(one.primary.span),
        severity: Some(match one.severity {
            Severity::Error => DiagnosticSeverity::ERROR,
            Severity::Warning => DiagnosticSeverity::WARNING,
        }),
        code: Some(NumberOrString::String(one.code.id.to_owned())),
        source: Some("bowline".to_owned()),
        message: words.collect::<Vec<_>>().join("\n"),
        related_information: (!related.is_empty()).then_some(related),
        tags: unused.then(|| vec![DiagnosticTag::UNNECESSARY]),
        ..lsp_types::Diagnostic::default()
    }
}

fn related(world: &dyn World, sources: &Sources, label: &Label) -> Option<DiagnosticRelatedInformation> {
    Some(DiagnosticRelatedInformation {
        location: location(world, sources, label.span)?,
        message: label.text.clone(),
    })
}

/// Where a span is; inside the binary it is in a copy, and `None` where there can be none.
pub(super) fn location(world: &dyn World, sources: &Sources, span: Span) -> Option<Location> {
    let source = sources.get(span.source)?;
    let (uri, text) = (address(world, source.name())?, source.text());
    Some(Location { uri, range: range(&Lines::of(text), text, span.range()) })
}

pub(super) fn edit(document: &Document, edit: Edit) -> TextEdit {
    TextEdit { range: document.range(edit.span), new_text: edit.text }
}

/// The change that makes one text of another: the lines between the first and the last that differ.
pub(super) fn replacing(document: &Document, new: &str) -> Vec<TextEdit> {
    let old = document.text.as_str();
    if old == new {
        return vec![];
    }
    let same = |(a, b): &(&str, &str)| a == b;
    let (old_lines, new_lines) = (old.split_inclusive('\n'), new.split_inclusive('\n'));
    let front: usize =
        old_lines.clone().zip(new_lines.clone()).take_while(same).map(|(line, _)| line.len()).sum();
    let behind = old_lines.rev().zip(new_lines.rev()).take_while(same).map(|(line, _)| line.len());
    let most = old.len().min(new.len()) - front;
    let back = behind
        .scan(0, |sum, length| Some(*sum + length).filter(|all| *all <= most).inspect(|all| *sum = *all));
    let back = back.last().unwrap_or_default();
    let span = Span::new(SourceId::default(), front, old.len() - back);
    let text = new.get(front..new.len() - back).unwrap_or_default().to_owned();
    vec![TextEdit { range: document.range(span), new_text: text }]
}

pub(super) fn markdown(value: String) -> MarkupContent {
    MarkupContent { kind: MarkupKind::Markdown, value }
}

pub(super) fn completion(one: Completion) -> CompletionItem {
    let kind = match one.kind {
        CompletionKind::Value => CompletionItemKind::VARIABLE,
        CompletionKind::Definition | CompletionKind::Function => CompletionItemKind::FUNCTION,
        CompletionKind::Constant => CompletionItemKind::CONSTANT,
        CompletionKind::Option => CompletionItemKind::PROPERTY,
        CompletionKind::Keyword => CompletionItemKind::KEYWORD,
        CompletionKind::Word => CompletionItemKind::ENUM_MEMBER,
        CompletionKind::Module => CompletionItemKind::MODULE,
        CompletionKind::Type => CompletionItemKind::CLASS,
    };
    let order = one.kind as u8;
    CompletionItem {
        sort_text: Some(format!("{order}{}", one.label)),
        label: one.label,
        kind: Some(kind),
        detail: Some(one.detail).filter(|text| !text.is_empty()),
        documentation: Some(one.doc)
            .filter(|text| !text.is_empty())
            .map(|text| Documentation::MarkupContent(markdown(text))),
        ..CompletionItem::default()
    }
}

pub(super) fn fold(document: &Document, fold: Fold) -> FoldingRange {
    let range = document.range(fold.span);
    FoldingRange {
        start_line: range.start.line,
        end_line: last_line(range),
        kind: match fold.kind {
            FoldKind::Block => None,
            FoldKind::Comment => Some(FoldingRangeKind::Comment),
            FoldKind::Imports => Some(FoldingRangeKind::Imports),
        },
        ..FoldingRange::default()
    }
}

/// The last line that holds something of a range.
fn last_line(range: Range) -> u32 {
    if range.end.character == 0 { range.end.line.saturating_sub(1) } else { range.end.line }
}

pub(super) fn hint(document: &Document, hint: Hint) -> InlayHint {
    let at = document.range(Span { source: SourceId::default(), start: hint.at, end: hint.at });
    InlayHint {
        position: at.start,
        kind: hint.text.starts_with(':').then_some(InlayHintKind::TYPE),
        label: InlayHintLabel::String(hint.text),
        text_edits: None,
        tooltip: Some(InlayHintTooltip::String(hint.why)),
        padding_left: None,
        padding_right: None,
        data: None,
    }
}

/// Words as numbers, each told from the one before.
pub(super) fn tokens(document: &Document, colours: &[Colour]) -> Vec<SemanticToken> {
    let mut before = Position::default();
    let token = |colour: &Colour| {
        let Range { start, end } = document.range(colour.span);
        let delta_line = start.line.saturating_sub(before.line);
        let from = if delta_line == 0 { before.character } else { 0 };
        before = start;
        SemanticToken {
            delta_line,
            delta_start: start.character.saturating_sub(from),
            length: end.character.saturating_sub(start.character),
            token_type: token_type(colour.kind),
            token_modifiers_bitset: 0,
        }
    };
    colours.iter().map(token).collect()
}

fn change(document: &Document, edits: Vec<Edit>) -> WorkspaceEdit {
    let edits = edits.into_iter().map(|one| edit(document, one)).collect();
    WorkspaceEdit {
        changes: Some(HashMap::from([(document.uri.clone(), edits)])),
        ..WorkspaceEdit::default()
    }
}

/// Something that can be done about a report, with what it changes.
pub(super) fn action(
    world: &dyn World,
    document: &Document,
    checked: &Checked,
    action: Action,
) -> CodeAction {
    let report = checked.diagnostics.get(action.report);
    CodeAction {
        title: action.title,
        kind: Some(CodeActionKind::QUICKFIX),
        diagnostics: report.map(|one| vec![diagnostic(world, document, &checked.sources, one)]),
        edit: Some(change(document, action.edits)),
        is_preferred: Some(action.preferred),
        ..CodeAction::default()
    }
}

/// All changes that need nobody to decide, as one.
pub(super) fn mend_all(document: &Document, checked: &Checked) -> Option<CodeAction> {
    let edits = ide::mend_all(&checked.diagnostics, SourceId::default());
    (!edits.is_empty()).then(|| CodeAction {
        title: "Mend what needs nobody to decide".to_owned(),
        kind: Some(CodeActionKind::SOURCE_FIX_ALL),
        edit: Some(change(document, edits)),
        ..CodeAction::default()
    })
}

#[expect(deprecated, reason = "the protocol's type still has the field")]
pub(super) fn symbol(document: &Document, one: Symbol) -> DocumentSymbol {
    let children: Vec<_> = one.children.into_iter().map(|child| symbol(document, child)).collect();
    DocumentSymbol {
        name: one.name,
        detail: Some(one.detail),
        kind: symbol_kind(one.kind),
        tags: None,
        deprecated: None,
        range: document.range(one.span),
        selection_range: document.range(one.selection),
        children: Some(children),
    }
}

pub(super) fn symbol_kind(kind: SymbolKind) -> lsp_types::SymbolKind {
    match kind {
        SymbolKind::File => lsp_types::SymbolKind::FILE,
        SymbolKind::Value => lsp_types::SymbolKind::VARIABLE,
        SymbolKind::Definition => lsp_types::SymbolKind::FUNCTION,
        SymbolKind::Group => lsp_types::SymbolKind::NAMESPACE,
        SymbolKind::Step => lsp_types::SymbolKind::METHOD,
        SymbolKind::Judgement => lsp_types::SymbolKind::BOOLEAN,
        SymbolKind::Other => lsp_types::SymbolKind::EVENT,
    }
}
