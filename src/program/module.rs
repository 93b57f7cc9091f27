//! Modules: constants, and the checks and steps that they define.

use foldhash::HashMap;

use super::file::{FileKind, kind_of_file};
use super::matched::Matched;
use super::resolver::{Constant, Cx, DefSlot, Frame, Module, New, ParamSlot, Resolver, Role};
use super::scope::{Entry, Meaning};
use super::spans::lone_name;
use super::types::Typed;
use super::{Def, DefId, DefKind, Named, Operand, Place, Stmt};
use crate::diag::{Diagnostic, codes, listed, nearest};
use crate::syntax::tree::{self, Decl, Head, Ident, Item, Line, Signature};
use crate::text::{SourceId, Span};
use crate::value::{Type, VarId};

const WHY: &str = "a module's constants are fixed in the file";

/// What a definition returns whose head could not be read.
const UNSAID: (VarId, Type) = (VarId(u32::MAX), Type::Unknown);

/// A definition of a module as written.
struct Written<'a> {
    def: DefId,
    stmt: &'a tree::Stmt,
    signature: &'a Signature,
}

impl<'a> Resolver<'a> {
    /// What a module offers; `None` for one that could not be had.
    pub(super) fn module(&self, source: SourceId) -> Option<&Module<'a>> {
        self.modules.get(&source).and_then(Option::as_ref)
    }

    /// Makes a module known; `None` where it cannot be, which is reported.
    pub(super) fn load_module(&mut self, source: SourceId, span: Span) -> Option<SourceId> {
        match self.modules.get(&source) {
            Some(Some(_)) => return Some(source),
            Some(None) => {
                self.error(
                    codes::CYCLE,
                    span,
                    "these modules use each other",
                    "move what both need into a third one",
                );
                return None;
            }
            None => {}
        }
        let unit = self.enter(source, span)?;
        if kind_of_file(unit.tree) != FileKind::Module {
            return self.not_a_module(kind_of_file(unit.tree), span);
        }
        self.modules.insert(source, None);
        self.depth.files += 1;
        let ((), _) = self.within(Frame::new(unit), |this| this.module_file(source));
        self.depth.files -= 1;
        self.module(source).map(|_| source)
    }

    fn not_a_module(&mut self, kind: FileKind, span: Span) -> Option<SourceId> {
        let (message, help) = match kind {
            FileKind::Runbook => (
                "this is a runbook, and `use` takes a module",
                "take it in with `call`, where it should be done",
            ),
            _ => ("this file does not begin as a module", "its first line is `module name 1.0.0`"),
        };
        self.error(codes::BAD_HEADER, span, message, help);
        None
    }

    fn module_file(&mut self, source: SourceId) {
        let tree = self.frame.unit.tree;
        self.module_header(source);
        self.take_in_modules(tree);
        let mut module = Module::default();
        let mut written = vec![];
        for line in &tree.lines {
            match line {
                Line::Stmt(stmt) => written.extend(self.module_line(stmt, &mut module)),
                Line::Bad(span) => {
                    module.broken = true;
                    self.bad_line(*span);
                }
            }
        }
        self.modules.insert(source, Some(module));
        for definition in &written {
            self.define(definition);
        }
        self.settle_unknown();
    }

    /// A file of definitions that does not begin as a module. Whether it is one.
    pub(super) fn tell_headless(&mut self, tree: &tree::Tree) -> bool {
        let defines = |stmt: &tree::Stmt| matches!(stmt.items.first(), Some(Item::Signature(_)));
        let headed = super::file::misspelt_header(tree).is_some() || kind_of_file(tree) != FileKind::Neither;
        // What else a module holds; its first line may be anything.
        let of_module = |stmt: &tree::Stmt| {
            defines(stmt)
                || matches!(&stmt.head, Head::Expr(_) | Head::Prose(_))
                || super::file::is_word(stmt, "use")
        };
        if headed
            || !super::file::statements(tree).any(defines)
            || !super::file::statements(tree).skip(1).all(of_module)
        {
            return false;
        }
        let Some(first) = super::file::first_statement(tree) else { return false };
        let head = super::spans::head_span(&first.head, first.span);
        let report = Diagnostic::error(codes::BAD_HEADER, head, "a file of definitions begins as a module");
        let report = report.help("the first line is `module name 1.0.0`");
        let top = Span { end: head.start, ..head };
        self.report(report.guess(
            "begin it so, by a name that says what is in it",
            top,
            "module tools 1.0.0\n\n",
        ));
        true
    }

    fn module_header(&mut self, source: SourceId) {
        let tree = self.frame.unit.tree;
        let Some(first) = super::file::first_statement(tree) else { return };
        let name = match first.items.first() {
            Some(Item::Expr(name)) => lone_name(name),
            _ => None,
        };
        let Some(name) = name else {
            let report = Diagnostic::error(codes::BAD_HEADER, first.span, "`module` needs a name");
            let rest = self.rest_of_line(first.span);
            self.report(report.help("the first line is `module name 1.0.0`").hides(rest));
            // What is asked of a module that nobody has may be its own.
            self.frame.uses.insert("module", super::resolver::NO_MODULE);
            return;
        };
        self.module_names.insert(source, name);
        self.frame.own = Some((name, source));
        self.version(first.items.get(1), first, "module name 1.0.0");
        self.check_header_end(first);
        self.opens_no_block(first);
    }

    /// A line at the top of a module; a definition is read later, when all signatures are known.
    fn module_line(&mut self, stmt: &'a tree::Stmt, module: &mut Module<'a>) -> Option<Written<'a>> {
        match (&stmt.head, &stmt.bind, stmt.items.first()) {
            (Head::Prose(_), ..) => None,
            (Head::Word(word), ..) if matches!(word.text.as_str(), "module" | "use") => None,
            (Head::Expr(value), Some(bind), _) => {
                self.constant(bind, value, module);
                None
            }
            (Head::Word(word), None, Some(Item::Signature(signature)))
                if word.text == "check" || word.text == "step" =>
            {
                let kind = if word.text == "check" { DefKind::Check } else { DefKind::Step };
                let def = self.signature(signature, kind, stmt);
                self.offer(&signature.name, def, module);
                Some(Written { def, stmt, signature })
            }
            _ => {
                module.broken = true;
                self.frame.returns = Some(UNSAID);
                self.stmt(stmt, Cx::of(Place::Module));
                self.frame.returns = None;
                None
            }
        }
    }

    fn constant(&mut self, bind: &'a tree::Bind, value: &'a tree::Expr, module: &mut Module<'a>) {
        let value = self.without_looks(WHY, |this| {
            let computed = this.expr(value);
            match &bind.ty {
                Some(ty) => {
                    let ty = this.fixed_type(ty);
                    this.asked_for(computed, &ty, value.span, &"this constant takes")
                }
                None => computed,
            }
        });
        if let Some(earlier) = self.frame.scope.get(&bind.name.text).map(|entry| entry.span) {
            let message = format!("`{}` is already bound on line {}", bind.name.text, self.line(earlier));
            self.report(
                Diagnostic::error(codes::TAKEN_NAME, bind.name.span, message).also(earlier, "bound here"),
            );
        }
        let at = self.constants.len();
        let entry = Entry {
            meaning: Meaning::Constant(at),
            ty: value.ty.clone(),
            secret: value.secret,
            span: bind.name.span,
            lost: None,
            hides: None,
        };
        self.constants.push(Constant { value });
        self.mention_binding(bind.name.span, Named::Constant(at));
        self.frame.scope.set(&bind.name.text, entry);
        module.constants.insert(&bind.name.text, at);
    }

    fn offer(&mut self, name: &'a Ident, def: DefId, module: &mut Module<'a>) {
        if let Some(earlier) = module.defs.insert(&name.text, def).and_then(|earlier| self.def(earlier)) {
            let message = format!("`{}` is defined twice", name.text);
            let report =
                Diagnostic::error(codes::TAKEN_NAME, name.span, message).also(earlier.span, "defined here");
            self.report(report.help("choose another name for one of them"));
        }
    }

    fn signature(&mut self, signature: &'a Signature, kind: DefKind, stmt: &tree::Stmt) -> DefId {
        let mut params: Vec<ParamSlot> = Vec::with_capacity(signature.params.len());
        for param in &signature.params {
            if params.iter().any(|earlier| earlier.name == param.name.text) {
                let message = format!("`{}` is a parameter twice", param.name.text);
                self.report(Diagnostic::error(codes::TAKEN_NAME, param.name.span, message));
                continue;
            }
            params.push(self.parameter(param));
        }
        let module = self.frame.own.map_or("", |(name, _)| name);
        let name = format!("{module}.{}", signature.name.text);
        let returns = match &signature.returns {
            Some(written) => Some((self.fixed_type(written), written.span)),
            // What it returns may stand in what cannot be read.
            None if self.is_cut_short(stmt.span) => Some((Type::Unknown, signature.span)),
            None => None,
        };
        let returns =
            returns.map(|(ty, span)| (self.new_var(&name, span, New::of(ty.clone(), Role::Other)), ty));
        let span = signature.span;
        let def = self.add_def(DefSlot {
            kind,
            name,
            params,
            returns,
            broken: signature.params.iter().any(|param| param.ty.is_none()),
            span,
            calls: vec![],
            deprecated: None,
            built: None,
        });
        self.mention_binding(signature.name.span, Named::Def(def));
        def
    }

    fn parameter(&mut self, param: &'a Decl) -> ParamSlot {
        let ty = self.declared_type(param);
        let default = param.default.as_ref().map(|default| {
            let takes = format_args!("`{}` is", param.name.text);
            let value = self.without_looks(WHY, |this| this.expr(default));
            self.fitted(value, &ty, default.span, &takes).expr
        });
        let secret = ty == Type::Secret;
        let var = self.new_var(&param.name.text, param.name.span, New::of(ty.clone(), Role::Other));
        self.mention_binding(param.name.span, Named::Var(var));
        ParamSlot { name: param.name.text.clone(), var, ty, secret, default, condition: None }
    }

    /// Reads the body of a definition.
    fn define(&mut self, written: &Written<'a>) {
        let frame = self.frame_of(written);
        let (built, frame) = self.within(frame, |this| {
            let built = this.body_of(written);
            this.settle_unknown();
            built
        });
        drop(frame);
        if let Some(slot) = self.defs.get_mut(written.def.0 as usize) {
            slot.built = built;
        }
    }

    /// A definition sees the constants of its module and its parameters.
    fn frame_of(&mut self, written: &Written<'a>) -> Frame<'a> {
        let mut frame = Frame::new(self.frame.unit);
        frame.uses.clone_from(&self.frame.uses);
        frame.own = self.frame.own;
        frame.nameless.clone_from(&self.frame.nameless);
        frame.taken.clone_from(&self.frame.taken);
        frame.def = Some(written.def);
        let slot = self.def(written.def);
        frame.returns = slot.and_then(|slot| slot.returns.clone());
        let constants =
            self.frame.own.and_then(|(_, source)| self.module(source)).map(|module| &module.constants);
        let names: Vec<&'a str> = constants
            .map(|constants: &HashMap<_, _>| constants.keys().copied().collect())
            .unwrap_or_default();
        for name in names {
            if let Some(entry) = self.frame.scope.get(name).cloned() {
                frame.scope.set(name, entry);
            }
        }
        let vars: Vec<_> =
            slot.map(|slot| slot.params.iter().map(|param| param.var).collect()).unwrap_or_default();
        for (param, var) in written.signature.params.iter().zip(vars) {
            let entry = self.entry_of(var, param.name.span);
            frame.scope.set(&param.name.text, entry);
        }
        self.within(frame, |this| this.bound_by_parameters(written.signature)).1
    }

    fn body_of(&mut self, written: &Written<'a>) -> Option<Def> {
        let Written { def, stmt, signature } = written;
        let Head::Word(word) = &stmt.head else { return None };
        let schema = self.kinds.find(&word.text, Some(Place::Module))?;
        let slot = self.def(*def)?;
        let (kind, name, span) = (slot.kind, slot.name.clone(), slot.span);
        let place = if kind == DefKind::Check { Place::ModuleCheck } else { Place::Step };
        let matched = self.items(schema, word.span, &stmt.items);
        self.report_missing(schema, word.span, &matched);
        self.deprecate(*def, &matched);
        if matched.missing.is_none() && !matched.half_option && !self.is_cut_short(stmt.span) {
            self.check_block(schema, stmt);
        }
        self.frame.inside.push(schema.word);
        let lines = stmt.block.as_ref().map(|block| self.block(&block.lines, Cx::of(place)))?;
        if kind == DefKind::Step {
            self.check_alone(&lines.stmts);
        }
        let falls = lines.falls || skips_return(&lines.stmts);
        if falls && signature.returns.is_some() && !self.holds_unread(stmt.span) {
            self.lacks_reader.push(stmt.span);
            self.no_return(&name, signature, kind);
        }
        let slot = self.def(*def)?;
        let Matched { operands, options, .. } = matched;
        Some(Def {
            kind,
            name,
            params: slot.params.iter().map(ParamSlot::built).collect(),
            returns: slot.returns.as_ref().map(|(var, _)| *var),
            body: lines.stmts,
            title: operands.into_iter().find_map(title),
            options,
            prose: lines.prose,
            span,
        })
    }

    fn no_return(&mut self, name: &str, signature: &Signature, kind: DefKind) {
        let span = signature.returns.as_ref().map_or(signature.span, |written| written.span);
        let message = format!("`{name}` promises a value and does not return one on every path");
        let what = if kind == DefKind::Check { "check" } else { "step" };
        self.error(
            codes::NO_RETURN,
            span,
            message,
            &format!("end the {what} with `return …`, or drop the type"),
        );
    }

    /// `module.name` as a value.
    pub(super) fn module_constant(&mut self, module: &str, source: SourceId, field: &'a Ident) -> Typed {
        let name = self.constant_in_use(source, field);
        let Some(offered) = self.module(source) else { return Typed::unknown() };
        if let Some(at) = offered.constants.get(name).copied() {
            self.mention(field.span, Named::Constant(at));
            return self.constants.get(at).map_or_else(Typed::unknown, |constant| constant.value.clone());
        }
        let is_def = offered.defs.contains_key(field.text.as_str());
        let mut names: Vec<_> = offered.constants.keys().chain(offered.defs.keys()).copied().collect();
        names.sort_unstable();
        if is_def {
            let message = format!("`{module}.{}` is called with `(…)`", field.text);
            self.error(
                codes::UNKNOWN_NAME,
                field.span,
                message,
                "write its values in brackets, `()` for none",
            );
            return Typed::unknown();
        }
        let message = format!("`{module}` has no `{}`", field.text);
        let report = Diagnostic::error(codes::UNKNOWN_NAME, field.span, message);
        self.report(match nearest(&field.text, names.iter().copied()) {
            Some(near) => report.help(format!("did you mean `{module}.{near}`?")).guess(
                format!("write `{near}`"),
                field.span,
                near,
            ),
            None if offered.broken => return self.not_had(field.span),
            None => report.help(format!("it has {}", listed(&names))),
        });
        Typed::unknown()
    }
}

fn title(operand: Operand) -> Option<crate::value::Expr> {
    if let Operand::Expr(expr, Type::Text, _) = operand { Some(expr) } else { None }
}

/// Whether a step that may be in place already returns only from inside an `if`, which is then never reached.
fn skips_return(stmts: &[Stmt]) -> bool {
    let holds = |word: &str| stmts.iter().any(|stmt| stmt.schema.word == word);
    holds("done") && !holds("return")
}
