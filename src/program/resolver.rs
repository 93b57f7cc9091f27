//! The state of a resolution: what is known so far, the file at hand, and the reports.

use foldhash::{HashMap, HashMapExt, HashSet, HashSetExt};

use semver::Version;

use super::kinds::Kinds;
use super::scope::{Bound, Entry, Meaning, Scope};
use super::types::Typed;
use super::{Call, Def, DefId, DefKind, Mention, Named, Place, ResolveInput, Unit, Variable};
use crate::diag::{Code, Diagnostic};
use crate::text::{SourceId, Span};
use crate::value::{Expr, Type, VarId};

/// What a variable is, for the lints about use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Input,
    Let,
    /// A bound `approval`, `check`, …: must be read.
    Decision,
    /// Items, parameters, answers, what a block provides: may stay unread.
    Other,
}

/// What a new name stands for.
#[derive(Clone, Debug)]
pub(super) struct New {
    pub(super) ty: Type,
    pub(super) secret: bool,
    pub(super) role: Role,
}

impl New {
    /// A new name of that type; a `secret` is tainted.
    pub(super) fn of(ty: Type, role: Role) -> Self {
        Self { secret: ty == Type::Secret, ty, role }
    }
}

/// What is kept beside a variable.
#[derive(Clone, Copy, Debug)]
pub(super) struct Usage {
    pub(super) role: Role,
    pub(super) used: bool,
}

/// How deep statements and `else if` may nest, and how many parts an expression may chain.
pub(super) const DEEPEST: usize = 256;

/// Stands for a module that could not be had; nothing more is said about it.
pub(super) const NO_MODULE: SourceId = SourceId(u16::MAX);

/// Where a statement stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cx {
    /// The block around; `None` inside a statement that is not known, where anything may stand.
    pub(super) place: Option<Place>,
    /// Whether it stands in that block itself, not in an `if` or `for` inside it.
    pub(super) direct: bool,
}

impl Cx {
    /// Directly in a block.
    pub(super) fn of(place: Place) -> Self {
        Self { place: Some(place), direct: true }
    }
}

/// A definition: its signature, and its body once that is resolved.
#[derive(Debug)]
pub(super) struct DefSlot {
    pub(super) kind: DefKind,
    pub(super) name: String,
    pub(super) params: Vec<ParamSlot>,
    pub(super) returns: Option<(VarId, Type)>,
    /// Whether a parameter could not be read: what it is called with is not judged.
    pub(super) broken: bool,
    pub(super) span: Span,
    /// The definitions that it calls, and where.
    pub(super) calls: Vec<(DefId, Span)>,
    /// What stands in its place, where it is deprecated.
    pub(super) deprecated: Option<Deprecated>,
    pub(super) built: Option<Def>,
}

/// How a definition is deprecated.
#[derive(Clone, Debug)]
pub(super) struct Deprecated {
    /// The definition of the same module that stands in its place.
    pub(super) by: DefId,
    /// Its name there.
    pub(super) name: String,
    /// The version of the module that no longer has the old one.
    pub(super) removal: Version,
}

impl DefSlot {
    /// The definition; without a body where that could not be read, which was reported.
    pub(super) fn into_def(self) -> Def {
        let (kind, name, span) = (self.kind, self.name, self.span);
        self.built.unwrap_or_else(|| Def {
            kind,
            name,
            params: vec![],
            returns: None,
            body: vec![],
            title: None,
            options: vec![],
            prose: None,
            span,
        })
    }
}

/// A parameter of a definition.
#[derive(Debug)]
pub(super) struct ParamSlot {
    pub(super) name: String,
    pub(super) var: VarId,
    pub(super) ty: Type,
    pub(super) secret: bool,
    pub(super) default: Option<Expr>,
    pub(super) condition: Option<Expr>,
}

/// What a module offers.
#[derive(Debug, Default)]
pub(super) struct Module<'a> {
    pub(super) constants: HashMap<&'a str, usize>,
    pub(super) defs: HashMap<&'a str, DefId>,
    /// Whether a line of it could not be read: what it seems to lack may stand there.
    pub(super) broken: bool,
}

/// A constant of a module: a closed expression.
#[derive(Debug)]
pub(super) struct Constant {
    pub(super) value: Typed,
}

/// A name that nothing has, with what may yet be learnt about it.
#[derive(Debug)]
pub(super) struct Unknown {
    /// The report, by position.
    pub(super) report: usize,
    pub(super) span: Span,
    /// From the first place where it is used to the last.
    pub(super) uses: Span,
    /// Whether it is rather another name that is misspelt.
    pub(super) near: bool,
    /// The word of the block that is watched or handled at any time, if the name stands in one.
    pub(super) anytime: Option<&'static str>,
}

/// A line that binds something whose name cannot be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Nameless {
    /// Where the name is seen.
    pub(super) part: Span,
    /// Whether it is the item of a `for`.
    pub(super) item: bool,
}

/// The file or definition at hand.
#[derive(Debug)]
pub(super) struct Frame<'a> {
    pub(super) unit: Unit<'a>,
    /// The modules that the file uses, by their names.
    pub(super) uses: HashMap<&'a str, SourceId>,
    /// The module that is being resolved, if it is one.
    pub(super) own: Option<(&'a str, SourceId)>,
    pub(super) scope: Scope<'a>,
    /// The words of the statements around, outermost first.
    pub(super) inside: Vec<&'static str>,
    /// Literal titles of the scope at hand and of the branches around.
    pub(super) titles: Vec<HashMap<String, Span>>,
    /// What `return` sets.
    pub(super) returns: Option<(VarId, Type)>,
    /// The definition that is being resolved.
    pub(super) def: Option<DefId>,
    /// Module checks asked by the statement at hand.
    pub(super) calls: Vec<Call>,
    /// Whether module checks may be asked; where not, why.
    pub(super) no_looks: Option<&'static str>,
    /// The word of the handler or guard around, whose time is not that of the text.
    pub(super) anytime: Option<&'static str>,
    /// What the `done when` just read binds, and where it stands.
    pub(super) in_place: Option<(Bound<'a>, Span)>,
    pub(super) unknown: HashMap<&'a str, Unknown>,
    /// The lines that bind something whose name could not be read.
    pub(super) nameless: Vec<Nameless>,
    /// Names that lines would have bound that could not be read.
    pub(super) taken: HashSet<String>,
    /// Where each name is first bound, for names used before.
    pub(super) declared: HashMap<&'a str, (Span, VarId)>,
}

impl<'a> Frame<'a> {
    /// A frame for a file.
    pub(super) fn new(unit: Unit<'a>) -> Self {
        Self {
            unit,
            uses: HashMap::new(),
            own: None,
            scope: Scope::default(),
            inside: vec![],
            titles: vec![HashMap::new()],
            returns: None,
            def: None,
            calls: vec![],
            no_looks: None,
            anytime: None,
            in_place: None,
            unknown: HashMap::new(),
            nameless: vec![],
            taken: HashSet::new(),
            declared: HashMap::new(),
        }
    }
}

/// How deep the resolver is in what it reads.
#[derive(Debug, Default)]
pub(super) struct Depth {
    /// Files that take each other in.
    pub(super) files: usize,
    /// Statements inside each other, `else if` counted.
    pub(super) statements: usize,
    /// Expressions inside each other.
    pub(super) expressions: usize,
    /// Whether it was said that something is too deep.
    pub(super) reported: bool,
}

/// The resolver.
#[derive(Debug)]
pub(super) struct Resolver<'a> {
    pub(super) input: ResolveInput<'a>,
    pub(super) kinds: Kinds,
    pub(super) vars: Vec<Variable>,
    pub(super) usage: Vec<Usage>,
    pub(super) constants: Vec<Constant>,
    pub(super) defs: Vec<DefSlot>,
    /// Modules by file; `None` while one is being resolved.
    pub(super) modules: HashMap<SourceId, Option<Module<'a>>>,
    /// Names of modules by file.
    pub(super) module_names: HashMap<SourceId, &'a str>,
    /// Called runbooks by file; `None` while one is being resolved.
    pub(super) runbooks: HashMap<SourceId, Option<DefId>>,
    pub(super) frame: Frame<'a>,
    pub(super) depth: Depth,
    /// The lines and expressions that could not be read at all.
    pub(super) unread: Vec<Span>,
    /// Where a statement is missing that would read a value.
    pub(super) lacks_reader: Vec<Span>,
    /// Whether something was asked of a module that could not be had.
    pub(super) lacks_modules: bool,
    /// Where names stand.
    pub(super) mentions: Vec<Mention>,
    pub(super) diagnostics: Vec<Diagnostic>,
}

impl<'a> Resolver<'a> {
    pub(super) fn new(input: ResolveInput<'a>) -> Self {
        Self {
            kinds: Kinds::new(input.schemas),
            vars: vec![],
            usage: vec![],
            constants: vec![],
            defs: vec![],
            modules: HashMap::new(),
            module_names: HashMap::new(),
            runbooks: HashMap::new(),
            frame: Frame::new(input.runbook),
            depth: Depth::default(),
            unread: vec![],
            lacks_reader: vec![],
            lacks_modules: false,
            mentions: vec![],
            diagnostics: vec![],
            input,
        }
    }

    /// Everything that there is to say, in the order of places.
    pub(super) fn told(&mut self) -> Vec<Diagnostic> {
        self.check_cycles();
        self.report_unused();
        self.report_unused_modules();
        let mut told = std::mem::take(&mut self.diagnostics);
        self.count_uses(&mut told);
        told.sort_by_key(|diagnostic| diagnostic.primary.span);
        told
    }

    /// Notes something wrong.
    pub(super) fn report(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// Notes an error with one sentence of help.
    pub(super) fn error(&mut self, code: Code, span: Span, message: impl Into<String>, help: &str) {
        self.report(Diagnostic::error(code, span, message).help(help));
    }

    /// The words of the file at hand under a span.
    pub(super) fn words(&self, span: Span) -> &'a str {
        self.frame.unit.source.slice(span)
    }

    /// The line of the file at hand on which a span begins.
    pub(super) fn line(&self, span: Span) -> u32 {
        self.frame.unit.source.position(span.start).line
    }

    /// Makes a variable that no name leads to yet.
    pub(super) fn new_var(&mut self, name: &str, span: Span, new: New) -> VarId {
        let New { ty, secret, role } = new;
        let id = VarId(u32::try_from(self.vars.len()).unwrap_or(u32::MAX));
        self.vars.push(Variable { name: name.to_owned(), ty, secret, span });
        self.usage.push(Usage { role, used: false });
        id
    }

    /// Notes that a variable is read.
    pub(super) fn mark_used(&mut self, var: VarId) {
        if let Some(usage) = self.usage.get_mut(var.0 as usize) {
            usage.used = true;
        }
    }

    /// A variable by its id.
    pub(super) fn var(&self, var: VarId) -> Option<&Variable> {
        self.vars.get(var.0 as usize)
    }

    /// Notes that a name stands for something.
    pub(super) fn mention(&mut self, span: Span, named: Named) {
        self.mentions.push(Mention { span, named, binds: false });
    }

    /// Notes where a name gets its meaning.
    pub(super) fn mention_binding(&mut self, span: Span, named: Named) {
        self.mentions.push(Mention { span, named, binds: true });
    }

    /// Works with another frame and gives that back with the result.
    pub(super) fn within<T>(
        &mut self,
        frame: Frame<'a>,
        work: impl FnOnce(&mut Self) -> T,
    ) -> (T, Frame<'a>) {
        let outer = std::mem::replace(&mut self.frame, frame);
        let result = work(self);
        (result, std::mem::replace(&mut self.frame, outer))
    }

    /// Works while module checks cannot be asked, for the reason given.
    pub(super) fn without_looks<T>(&mut self, why: &'static str, work: impl FnOnce(&mut Self) -> T) -> T {
        let outer = self.frame.no_looks.replace(why);
        let result = work(self);
        self.frame.no_looks = outer;
        result
    }

    /// A span with the blanks behind it, to be taken away as a whole.
    pub(super) fn with_blanks(&self, span: Span) -> Span {
        let rest = self.frame.unit.source.text().get(span.end as usize..).unwrap_or_default();
        let blanks = rest.len() - rest.trim_start_matches([' ', '\t']).len();
        Span { end: span.end.saturating_add(u32::try_from(blanks).unwrap_or_default()), ..span }
    }

    /// What a name stands for as an expression.
    pub(super) fn meaning(&mut self, entry: &Entry) -> Typed {
        match entry.meaning {
            Meaning::Var(var) => {
                self.mark_used(var);
                Typed { expr: Expr::Var(var), ty: entry.ty.clone(), secret: entry.secret }
            }
            Meaning::Constant(at) => {
                self.constants.get(at).map_or_else(Typed::unknown, |constant| constant.value.clone())
            }
        }
    }
}
