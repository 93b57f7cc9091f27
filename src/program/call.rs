//! Calls: functions, conversions, `jq`, module checks and module steps, called runbooks.

use std::fmt::Display;
use std::path::Path;

use super::resolver::{New, Resolver, Role};
use super::spans::{is_unread, lone_name};
use super::types::{Typed, fixed_pattern, named};
use super::{Call, DefId, DefKind, Named};
use crate::diag::retired::Of;
use crate::diag::{Diagnostic, codes, listed, nearest};
use crate::syntax::tree::{self, Arg, ExprKind, Ident};
use crate::text::{SourceId, Span};
use crate::value::{Expr, Type, check_jq, functions};

/// How a program of `jq` is written.
const JQ_FORM: &str = "write it as in `'.items | map(.name)'`; values of the runbook are handed in by name: `jq(x, '.[$key]', key: key)`";

impl<'a> Resolver<'a> {
    /// A call inside an expression.
    pub(super) fn call(&mut self, callee: &'a tree::Expr, args: &'a [Arg], span: Span) -> Typed {
        if let Some(def) = self.called_def(callee) {
            self.tell_deprecated(def, callee);
            return self.asked_def(def, args, span);
        }
        match &callee.kind {
            ExprKind::Name(name) => self.function_call(name, callee.span, args, span),
            ExprKind::Field(base, field) => {
                self.read_all(args);
                self.unknown_in(base, field, span)
            }
            _ => {
                self.read_all(args);
                let message = "only functions and the checks of modules are called";
                self.report(Diagnostic::error(codes::UNKNOWN_FUNCTION, callee.span, message));
                Typed::unknown()
            }
        }
    }

    /// The definition that a callee names: `module.name`, or `name` inside its own module.
    pub(super) fn called_def(&mut self, callee: &tree::Expr) -> Option<DefId> {
        let (def, span) = match &callee.kind {
            ExprKind::Name(name) => (self.own_def(name)?, callee.span),
            ExprKind::Field(base, field) => {
                let source = self.module_called(lone_name(base)?)?;
                self.tell_module(base);
                self.mention(base.span, Named::File(source));
                (self.module(source)?.defs.get(field.text.as_str()).copied()?, field.span)
            }
            _ => return None,
        };
        self.mention(span, Named::Def(def));
        Some(def)
    }

    fn own_def(&self, name: &str) -> Option<DefId> {
        let (_, source) = self.frame.own?;
        self.module(source)?.defs.get(name).copied()
    }

    /// The file of the module of that name, as the file at hand sees it.
    pub(super) fn module_called(&self, name: &str) -> Option<SourceId> {
        let own = self.frame.own.filter(|(own, _)| *own == name).map(|(_, source)| source);
        let used = own.or_else(|| self.frame.uses.get(name).copied());
        used.or_else(|| self.module_retired(name).map(|(source, _)| source))
    }

    /// Reads arguments of which it is not known what they are for: their names are used, and may be wrong. A pattern is no
    /// value, and may be right where it stands.
    pub(super) fn read_all(&mut self, args: &'a [Arg]) {
        for arg in args.iter().filter(|arg| !matches!(arg.value.kind, ExprKind::Regex(..))) {
            self.expr(&arg.value);
        }
    }

    fn asked_def(&mut self, def: DefId, args: &'a [Arg], span: Span) -> Typed {
        let Some(slot) = self.def(def) else { return Typed::unknown() };
        let (kind, name, returns) = (slot.kind, slot.name.clone(), slot.returns.clone());
        if kind == DefKind::Step {
            self.read_all(args);
            let message = format!("`{name}` is a step, and a step is a statement of its own");
            self.error(
                codes::MISPLACED,
                span,
                message,
                "put it on a line of its own, or bind it: `let result = …`",
            );
            return Typed::unknown();
        }
        if let Some(why) = self.frame.no_looks {
            self.read_all(args);
            let message = format!("`{name}` looks at the world, and {why}");
            self.error(codes::NO_LOOK_HERE, span, message, "use values that are fixed or given as inputs");
            return Typed::unknown();
        }
        let args = self.arguments(def, args, span);
        let Some((var, ty)) = returns else {
            let message = format!("`{name}` returns nothing");
            self.error(
                codes::NOTHING_TO_BIND,
                span,
                message,
                "put it on a line of its own: it is a check by itself",
            );
            return Typed::unknown();
        };
        let secret = self.var(var).is_some_and(|var| var.secret);
        let result = self.new_var(&name, span, New { secret, ..New::of(ty.clone(), Role::Other) });
        self.frame.calls.push(Call { def, args, result: Some(result), span });
        Typed { expr: Expr::Var(result), ty, secret }
    }

    fn unknown_in(&mut self, base: &'a tree::Expr, field: &'a Ident, span: Span) -> Typed {
        let module = lone_name(base).and_then(|name| Some((name, self.module_called(name)?)));
        let Some((name, source)) = module else {
            return self.unknown_callee(base, field, span);
        };
        let Some(offered) = self.module(source) else { return self.not_had(base.span) };
        let broken = offered.broken;
        let mut names: Vec<_> = offered.defs.keys().copied().collect();
        names.sort_unstable();
        let message = format!("`{name}` has no check or step `{}`", field.text);
        if self.told_again(codes::UNKNOWN_NAME, &message, field.span) {
            return Typed::unknown();
        }
        let report = Diagnostic::error(codes::UNKNOWN_NAME, field.span, message);
        let report = match nearest(&field.text, names.iter().copied()) {
            Some(near) => report.help(format!("did you mean `{name}.{near}`?")).guess(
                format!("write `{near}`"),
                field.span,
                near,
            ),
            None if broken => return self.not_had(base.span),
            None => report.help(format!("it has {}", listed(&names))),
        };
        self.report(report);
        Typed::unknown()
    }

    /// What stands for something of a module that could not be read, which is reported there.
    pub(super) fn not_had(&mut self, span: Span) -> Typed {
        self.unread.push(span);
        self.lacks_modules = true;
        Typed::unknown()
    }

    /// Whether a name may be that of a module that could not be had, which is reported: it is near to no other.
    fn lacks_module(&self, name: &str) -> bool {
        let (lacking, had): (Vec<_>, Vec<_>) =
            self.frame.uses.iter().partition(|(_, source)| **source == super::resolver::NO_MODULE);
        !lacking.is_empty() && nearest(name, had.into_iter().map(|(name, _)| *name)).is_none()
    }

    /// `x.f(…)` where `x` is no module.
    fn unknown_callee(&mut self, base: &'a tree::Expr, field: &'a Ident, span: Span) -> Typed {
        if let Some(name) = lone_name(base)
            && self.frame.scope.get(name).is_none()
        {
            if self.lacks_module(name) {
                return self.not_had(base.span);
            }
            let message = format!("no module is called `{name}`");
            if self.told_again(codes::UNKNOWN_NAME, &message, base.span) {
                return self.not_had(base.span);
            }
            let report = Diagnostic::error(codes::UNKNOWN_NAME, base.span, message);
            let known: Vec<_> = self.frame.uses.keys().copied().collect();
            let report = match nearest(name, known) {
                Some(near) => report.help(format!("did you mean `{near}`?")).guess(
                    format!("write `{near}`"),
                    base.span,
                    near,
                ),
                None => match self.frame.own.filter(|_| self.is_stem(name)) {
                    Some((own, _)) => report
                        .help(format!("the first line of this file says that it is the module `{own}`"))
                        .guess(format!("write `{own}`"), base.span, own),
                    None => report.help(self.use_help(name)),
                },
            };
            self.report(report);
            self.unread.push(base.span);
            return Typed::unknown();
        }
        self.no_method(base, field, span)
    }

    /// Whether the file at hand is called so.
    fn is_stem(&self, name: &str) -> bool {
        let file = Path::new(self.frame.unit.source.name());
        file.file_stem().is_some_and(|stem| stem == name)
    }

    fn use_help(&self, name: &str) -> String {
        let std = self.input.std_modules.contains(&name);
        if std {
            format!("add `use \"std/{name}\"` at the top")
        } else {
            format!("add `use \"./{name}\"` at the top")
        }
    }

    fn function_call(&mut self, name: &'a str, name_span: Span, args: &'a [Arg], span: Span) -> Typed {
        let name = self.in_use(Of::Function, name, name_span);
        let name = self.in_use(Of::Type, name, name_span);
        let known = name == functions::JQ || functions::find(name).is_some() || named(name).is_some();
        if known && args.iter().any(is_unread) {
            self.read_all(args);
            return Typed::unknown();
        }
        if name == functions::JQ {
            return self.jq(args, span);
        }
        if let Some(spec) = functions::find(name) {
            return self.function(spec, args, span);
        }
        if let Some(ty) = named(name) {
            return self.conversion(name, &ty, args, span);
        }
        self.no_function(name, name_span, args, span)
    }

    /// `size(x)`: turns a value into a type.
    fn conversion(&mut self, name: &str, ty: &Type, args: &'a [Arg], span: Span) -> Typed {
        let [Arg { name: None, value: written }] = args else {
            self.read_all(args);
            let message = format!("`{name}(…)` takes one value");
            self.error(codes::BAD_ARGUMENTS, span, message, &format!("write `{name}(value)`"));
            return Typed::unknown();
        };
        let value = self.expr(written);
        let takes = format_args!("`{name}(…)` makes");
        if *ty == Type::Text && super::types::is_printable(&value.ty) {
            let secret = value.secret;
            return Typed { expr: Expr::Convert(Type::Text, Box::new(value.expr)), ty: Type::Text, secret }
                .at(span);
        }
        let secret = value.secret;
        // A text is a JSON value as it stands; whoever writes `json(…)` wants what it spells.
        let turned = match (&value.ty, ty) {
            (Type::Text, Type::Json) => self.converted(value, ty, written.span),
            _ => self.asked_for(value, ty, written.span, &takes),
        };
        Typed { secret: secret || turned.secret, ..turned }
    }

    fn function(&mut self, spec: &functions::Spec, args: &'a [Arg], span: Span) -> Typed {
        let functions::Spec { name, function, params, usage, .. } = spec;
        if let Some(arg) = args.iter().find(|arg| arg.name.is_some()) {
            self.read_all(args);
            let message = format!("`{name}` takes its values in order, without names");
            self.report(Diagnostic::error(codes::BAD_ARGUMENTS, arg.value.span, message));
            return Typed::unknown();
        }
        if let ([pattern, text], [functions::Shape::Text, functions::Shape::Regex]) = (args, *params)
            && matches!(pattern.value.kind, ExprKind::Regex(..))
        {
            self.read_all(args);
            let message = format!("`{name}` takes the text first");
            let (pattern, text) = (self.words(pattern.value.span), self.words(text.value.span));
            let help = format!("write `{name}({text}, {pattern})`");
            self.error(codes::BAD_ARGUMENTS, span, message, &help);
            return Typed::unknown();
        }
        if args.len() != params.len() {
            self.read_all(args);
            let message = format!("`{name}` takes {}", count(params.len()));
            let file = args.first().and_then(|arg| arg.value.fixed_text()).filter(|_| *name == "exists");
            let help = match file {
                Some(file) => {
                    format!("a program says whether a file is there, in a `check`: `run test -e {file}`")
                }
                None => format!("write `{usage}`"),
            };
            self.error(codes::BAD_ARGUMENTS, span, message, &help);
            return Typed::unknown();
        }
        let takes = format_args!("`{name}` takes");
        let pairs = args.iter().zip(*params);
        let values: Vec<_> = pairs.map(|(arg, shape)| self.shaped(&arg.value, *shape, &takes)).collect();
        let ty = spec.result(values.first().map(|value| &value.ty));
        let secret = values.iter().any(|value| value.secret);
        let values = values.into_iter().map(|value| value.expr).collect();
        Typed { expr: Expr::Call(*function, values), ty, secret }.at(span)
    }

    fn shaped(&mut self, written: &'a tree::Expr, shape: functions::Shape, takes: &dyn Display) -> Typed {
        use functions::Shape;
        match shape {
            Shape::Regex => self.regex(written, takes).map_or_else(Typed::unknown, fixed_pattern),
            Shape::Text => {
                let value = self.expr(written);
                self.fitted(value, &Type::Text, written.span, takes)
            }
            Shape::List => self.list_value(written, takes).0,
            Shape::Map => {
                let value = self.expr(written);
                match value.ty {
                    Type::Map(_) | Type::Json | Type::Unknown => value,
                    _ => self.fitted(value, &Type::Map(Box::new(Type::Json)), written.span, takes),
                }
            }
            Shape::Any => self.expr(written),
        }
    }

    /// `jq(value, 'program', name: value)`.
    fn jq(&mut self, args: &'a [Arg], span: Span) -> Typed {
        let (Some(input), Some(program)) = (args.first(), args.get(1)) else {
            self.read_all(args);
            let help = "write `jq(value, 'program', name: value)`";
            self.error(codes::BAD_ARGUMENTS, span, "`jq` takes a value and a program", help);
            return Typed::unknown();
        };
        let input = self.expr(&input.value);
        let mut secret = input.secret;
        let mut vars = vec![];
        for arg in args.iter().skip(2) {
            let value = self.expr(&arg.value);
            secret |= value.secret;
            let Some(name) = &arg.name else {
                let help = "write `name: value`, and `$name` in the program";
                self.error(codes::BAD_ARGUMENTS, arg.value.span, "a value for `jq` has a name", help);
                continue;
            };
            vars.push((name.text.clone(), value.expr));
        }
        let Some(program) = self.jq_program(&program.value, &vars) else { return Typed::unknown() };
        Typed { expr: Expr::Jq { input: Box::new(input.expr), program, vars }, ty: Type::Json, secret }
            .at(span)
    }

    fn jq_program(&mut self, written: &'a tree::Expr, vars: &[(String, Expr)]) -> Option<String> {
        let Some(program) = written.fixed_text() else {
            let message = "the program of `jq` is fixed in the file";
            self.read_unless_unknown(written);
            let help = "write it in single quotes, and hand values in by name: `jq(x, '.[$key]', key: key)`";
            self.error(codes::NOT_FIXED, written.span, message, help);
            return None;
        };
        let names: Vec<&str> = vars.iter().map(|(name, _)| name.as_str()).collect();
        match check_jq(&program, &names) {
            Ok(()) => Some(program),
            Err(why) => {
                let message = "this jq program is malformed";
                let report = Diagnostic::error(codes::BAD_JQ, written.span, message).label(why);
                self.report(report.help(JQ_FORM));
                None
            }
        }
    }

    /// Reads what is not wanted as a value, for its names; a word that nothing is called may be meant as a text.
    pub(super) fn read_unless_unknown(&mut self, written: &'a tree::Expr) {
        let mut first = written;
        while let ExprKind::Field(base, _) = &first.kind {
            first = base;
        }
        if lone_name(first).is_none_or(|name| self.frame.scope.get(name).is_some()) {
            self.expr(written);
        }
    }

    /// A definition by its id.
    pub(super) fn def(&self, def: DefId) -> Option<&super::resolver::DefSlot> {
        self.defs.get(def.0 as usize)
    }
}

/// So many values, in words.
pub(super) fn count(values: usize) -> String {
    match values {
        0 => "no value".into(),
        1 => "one value".into(),
        2 => "two values".into(),
        more => format!("{more} values"),
    }
}
