//! The tree: uniform statements as written, before any name is resolved.
//!
//! Knows shapes, not kinds: `step`, `check` or a keyword of tomorrow are all a [`Stmt`] with a
//! [`Head::Word`]. What a keyword means is declared by its schema in `forms`. A file has many statements: what is
//! large and rare in one stands in a box.

use crate::text::{SourceId, Span};

/// A whole file. Total: every byte is in a line, a comment or white space.
#[derive(Clone, Debug, PartialEq)]
pub struct Tree {
    /// The file.
    pub source: SourceId,
    /// Top-level lines in order.
    pub lines: Vec<Line>,
    /// All comments in order of their place, kept beside the tree; the formatter weaves them back.
    pub comments: Vec<Comment>,
}

/// `# text`, without the line end.
#[derive(Clone, Debug, PartialEq)]
pub struct Comment {
    /// From `#` to the end of the line.
    pub span: Span,
    /// The text after `#`, trimmed.
    pub text: String,
}

/// A statement, or a line that is none and costs only itself (and a block that it opens).
#[derive(Clone, Debug, PartialEq)]
pub enum Line {
    /// A statement.
    Stmt(Stmt),
    /// What could not be read, reported once.
    Bad(Span),
}

/// `{ … }`.
#[derive(Clone, Debug, PartialEq)]
pub struct Block {
    /// From `{` to `}`.
    pub span: Span,
    /// The lines inside.
    pub lines: Vec<Line>,
}

/// One statement: `[let name[: type] =] [look] head items [block] [tail]`.
#[derive(Clone, Debug, PartialEq)]
pub struct Stmt {
    /// All of it, block and tail included; up to words that were left over, where the block stands behind such.
    pub span: Span,
    /// `let name: type =` before it.
    pub bind: Option<Box<Bind>>,
    /// Span of the word `look` before it.
    pub look: Option<Span>,
    /// The keyword or structural form.
    pub head: Head,
    /// Operands and options in the order written; the schema tells them apart.
    pub items: Vec<Item>,
    /// The block it opens.
    pub block: Option<Block>,
    /// `else`, `otherwise` or `until` after the block.
    pub tail: Option<Box<Tail>>,
}

impl Stmt {
    /// The keyword that it begins with; `None` for a structural form.
    #[must_use]
    pub fn word(&self) -> Option<&str> {
        if let Head::Word(word) = &self.head { Some(&word.text) } else { None }
    }
}

/// `let name: type =`.
#[derive(Clone, Debug, PartialEq)]
pub struct Bind {
    /// From `let` to `=`.
    pub span: Span,
    /// The name.
    pub name: Ident,
    /// The type after `:`, if given.
    pub ty: Option<TypeExpr>,
}

/// How a statement begins.
#[derive(Clone, Debug, PartialEq)]
pub enum Head {
    /// A keyword: `step`, `check`, `http`, `expect`, `env`, `if`, `for`, …
    Word(Ident),
    /// `run` with its words.
    Run {
        /// Span of the keyword `run`.
        keyword: Span,
        /// The words in order.
        words: Vec<Word>,
    },
    /// A fenced script.
    Fence(Box<Fence>),
    /// `"""` prose, belonging to the block around it.
    Prose(Prose),
    /// A bare call, `module.step(arg, key: v)`.
    Call(Expr),
    /// Only after `let name =`: a pure expression.
    Expr(Expr),
    /// What begins no statement, which is reported, before a block that is read all the same. Holds where that stands.
    Unread(Span),
}

/// One operand or option word after the head.
#[derive(Clone, Debug, PartialEq)]
pub enum Item {
    /// An expression; a lone [`ExprKind::Name`] may be an option word, as the schema says.
    Expr(Expr),
    /// `name: type [= default]`, of an `input` or `ask`.
    Decl(Box<Decl>),
    /// `name(param: type, …)[: type]`, of a module's `check` or `step` definition.
    Signature(Box<Signature>),
    /// `key = value`, as in `env DATABASE_URL = database`.
    Assign(Ident, Box<Expr>),
    /// `(key: value, …)` standing alone, as after `call "file"`, and where.
    Args(Span, Vec<Arg>),
    /// `(expr)` reads as [`Item::Expr`]; a reserved word (`in`, `or`, `if`, `until`) used as an option word.
    Word(Ident),
}

/// `name: type = default`.
#[derive(Clone, Debug, PartialEq)]
pub struct Decl {
    /// All of it.
    pub span: Span,
    /// The name.
    pub name: Ident,
    /// Its type, if given.
    pub ty: Option<TypeExpr>,
    /// The default after `=`.
    pub default: Option<Expr>,
}

/// `name(params): returns`.
#[derive(Clone, Debug, PartialEq)]
pub struct Signature {
    /// All of it.
    pub span: Span,
    /// The name.
    pub name: Ident,
    /// The parameters.
    pub params: Vec<Decl>,
    /// The type after `):`.
    pub returns: Option<TypeExpr>,
}

/// What follows the block.
#[derive(Clone, Debug, PartialEq)]
pub enum Tail {
    /// `else { … }`.
    Else(Block),
    /// `else if …`.
    ElseIf(Box<Stmt>),
    /// `otherwise { … }`.
    Otherwise(Block),
    /// `until cond`.
    Until(Expr),
}

/// A name with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ident {
    /// Where.
    pub span: Span,
    /// The word.
    pub text: String,
}

/// One word of a `run` line: exactly one argument, unless it splices a list.
#[derive(Clone, Debug, PartialEq)]
pub struct Word {
    /// Where.
    pub span: Span,
    /// Its pieces, glued together.
    pub pieces: Vec<Piece>,
}

/// A piece of a word or of a text.
#[derive(Clone, Debug, PartialEq)]
pub enum Piece {
    /// Characters as they are, escapes already read.
    Text(String),
    /// `{expr}`.
    Value(Expr),
    /// `{...list}`, only alone in a word.
    Splice(Expr),
}

/// A fenced script.
#[derive(Clone, Debug, PartialEq)]
pub struct Fence {
    /// From the opening backticks to the closing ones.
    pub span: Span,
    /// The language tag, empty where there is none.
    pub tag: String,
    /// The values handed in, `(backups, token)`.
    pub args: Vec<Arg>,
    /// The script, verbatim but for the opener's indentation.
    pub script: String,
}

/// `"""` Markdown `"""`.
#[derive(Clone, Debug, PartialEq)]
pub struct Prose {
    /// With its quotes.
    pub span: Span,
    /// The text without the common indentation.
    pub text: String,
}

/// A type as written.
#[derive(Clone, Debug, PartialEq)]
pub struct TypeExpr {
    /// Where.
    pub span: Span,
    /// Which.
    pub kind: TypeKind,
}

/// The forms a type takes.
#[derive(Clone, Debug, PartialEq)]
pub enum TypeKind {
    /// `text`, `version`, … (resolved later).
    Name(String),
    /// `list of T`.
    List(Box<TypeExpr>),
    /// `map of T`.
    Map(Box<TypeExpr>),
    /// `one of [ … ]`; a list expression, or a name of one.
    OneOf(Box<Expr>),
}

/// `[name:] value` in a call.
#[derive(Clone, Debug, PartialEq)]
pub struct Arg {
    /// The name before `:`.
    pub name: Option<Ident>,
    /// The value.
    pub value: Expr,
}

/// An expression with its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Expr {
    /// Where.
    pub span: Span,
    /// Which.
    pub kind: ExprKind,
}

impl Expr {
    /// Its text, if it is a text without values.
    #[must_use]
    pub fn fixed_text(&self) -> Option<String> {
        fn fixed(piece: &Piece) -> Option<&str> {
            if let Piece::Text(text) = piece { Some(text) } else { None }
        }
        match &self.kind {
            ExprKind::Raw(text) => Some(text.clone()),
            ExprKind::Prose(prose) => Some(prose.text.clone()),
            ExprKind::Text(pieces) => pieces.iter().map(fixed).collect(),
            _ => None,
        }
    }
}

/// The forms an expression takes.
#[derive(Clone, Debug, PartialEq)]
pub enum ExprKind {
    /// `42`, `0.05`, `30s`, `2GiB`, `1.0.0`, exactly as written; `value` reads it.
    Literal(String),
    /// `"…{x}…"`, with its pieces.
    Text(Vec<Piece>),
    /// `'…'`, verbatim.
    Raw(String),
    /// `"""…"""` where a value stands.
    Prose(Prose),
    /// `/…/`.
    Regex(String),
    /// A name; `true`, `false` and `null` too.
    Name(String),
    /// `a.b`.
    Field(Box<Expr>, Ident),
    /// `a[b]`.
    Index(Box<Expr>, Box<Expr>),
    /// `f(x, key: y)`; the callee is a name or a field of one.
    Call(Box<Expr>, Vec<Arg>),
    /// `[a, b]`.
    List(Vec<Expr>),
    /// `{ a: 1, "b": 2 }`.
    Object(Vec<(Ident, Expr)>),
    /// `not a`, `-a`.
    Unary(UnaryOp, Box<Expr>),
    /// `a + b`.
    Binary(BinaryOp, Box<Expr>, Box<Expr>),
    /// `if a then b else c`.
    If(Box<Expr>, Box<Expr>, Box<Expr>),
    /// What could not be read inside an expression, reported once.
    Bad,
}

/// Operators before one operand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnaryOp {
    /// `not`.
    Not,
    /// `-`.
    Neg,
}

/// Operators between two operands, loosest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is its own spelling")]
pub enum BinaryOp {
    Or,
    And,
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
    In,
    NotIn,
    Contains,
    Matches,
    Add,
    Sub,
    Mul,
    Div,
}
