//! From the tree of a file to its card.

use super::{Card, Export, Input, Kind, Module, Runbook};
use crate::compile::Bundled;
use crate::syntax;
use crate::syntax::tree::{Comment, Decl, Head, Item, Line, Signature, Stmt, Tree};
use crate::text::{Source, SourceId, Span};

/// A file that is being read.
struct File<'f> {
    source: &'f Source,
    tree: &'f Tree,
}

pub(super) fn card(bundled: &Bundled) -> Option<Card> {
    let source = Source::new(bundled.path, bundled.text);
    let (tree, _) = syntax::parse(SourceId::default(), &source);
    let file = File { source: &source, tree: &tree };
    let head = file.statements().next()?;
    let (name, prose) = (bundled.name().to_owned(), file.prose());
    let version = head.items.get(1).map(|item| file.item(item)).unwrap_or_default();
    match head.word()? {
        "runbook" => {
            let title = head.items.first().and_then(fixed_text).unwrap_or_default();
            let inputs = file.statements().filter_map(|stmt| file.input(stmt)).collect();
            Some(Card::Runbook(Runbook { name, title, version, prose, inputs }))
        }
        "module" => {
            let exports = file.statements().filter_map(|stmt| file.export(stmt)).collect();
            Some(Card::Module(Module { name, version, prose, exports }))
        }
        _ => None,
    }
}

impl<'f> File<'f> {
    fn statements(&self) -> impl Iterator<Item = &'f Stmt> {
        self.tree.lines.iter().filter_map(|line| if let Line::Stmt(stmt) = line { Some(stmt) } else { None })
    }

    /// The words of a span on one line.
    fn words(&self, span: Span) -> String {
        let words = self.source.slice(span).split_whitespace().collect::<Vec<_>>().join(" ");
        words.replace("( ", "(").replace(", )", ")").replace(" )", ")")
    }

    fn item(&self, item: &Item) -> String {
        match item {
            Item::Expr(expr) => self.words(expr.span),
            Item::Word(word) => word.text.clone(),
            Item::Decl(decl) => self.words(decl.span),
            Item::Signature(signature) => self.words(signature.span),
            Item::Assign(..) | Item::Args(..) => String::new(),
        }
    }

    fn prose(&self) -> String {
        let texts = self.statements().filter_map(|stmt| match &stmt.head {
            Head::Prose(prose) => Some(prose.text.trim().to_owned()),
            _ => None,
        });
        texts.collect::<Vec<_>>().join("\n\n")
    }

    fn input(&self, stmt: &Stmt) -> Option<Input> {
        let (Some("input"), Some(Item::Decl(decl))) = (stmt.word(), stmt.items.first()) else {
            return None;
        };
        let mut input = self.declared(decl);
        let mut rest = stmt.items.get(1..).unwrap_or_default();
        // The description stands last; a text before it belongs to `from env "NAME"`.
        if let Some((last, before)) = rest.split_last()
            && let Some(text) = fixed_text(last)
            && !before.last().is_some_and(|item| ["env", "file"].contains(&self.item(item).as_str()))
        {
            (input.description, rest) = (text, before);
        }
        input.clauses = rest.iter().map(|item| self.item(item)).collect::<Vec<_>>().join(" ");
        Some(input)
    }

    fn declared(&self, decl: &Decl) -> Input {
        Input {
            name: decl.name.text.clone(),
            ty: decl.ty.as_ref().map(|ty| self.words(ty.span)).unwrap_or_default(),
            default: decl.default.as_ref().map(|default| self.words(default.span)),
            clauses: String::new(),
            description: String::new(),
        }
    }

    fn export(&self, stmt: &Stmt) -> Option<Export> {
        let kind = match stmt.word()? {
            "check" => Kind::Check,
            "step" => Kind::Step,
            _ => return None,
        };
        let Some(Item::Signature(signature)) = stmt.items.first() else { return None };
        let Signature { span, name, params, returns } = signature.as_ref();
        Some(Export {
            kind,
            name: name.text.clone(),
            signature: self.words(*span),
            params: params.iter().map(|param| self.declared(param)).collect(),
            returns: returns.as_ref().map(|ty| self.words(ty.span)),
            doc: self.doc(stmt),
        })
    }

    /// The comment that stands right above a statement, a paragraph a line, without what it tells the checker.
    fn doc(&self, stmt: &Stmt) -> String {
        let mut below = self.line(stmt.span);
        let mut lines = vec![];
        for comment in self.tree.comments.iter().rev().filter(|one| one.span.start < stmt.span.start) {
            if self.line(comment.span) + 1 != below || !self.stands_alone(comment) {
                break;
            }
            below -= 1;
            if !comment.text.starts_with("allow W") {
                lines.push(comment.text.as_str());
            }
        }
        lines.reverse();
        let paragraphs = lines.split(|line| line.is_empty()).map(|lines| lines.join(" "));
        paragraphs.filter(|paragraph| !paragraph.is_empty()).collect::<Vec<_>>().join("\n\n")
    }

    fn line(&self, span: Span) -> u32 {
        self.source.position(span.start).line
    }

    fn stands_alone(&self, comment: &Comment) -> bool {
        let before = self.source.text().get(..comment.span.start as usize).unwrap_or_default();
        before.rsplit('\n').next().is_some_and(|line| line.trim().is_empty())
    }
}

/// A text without values in it.
fn fixed_text(item: &Item) -> Option<String> {
    if let Item::Expr(expr) = item { expr.fixed_text() } else { None }
}
