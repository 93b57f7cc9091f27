//! Arguments of a call, fitted to the parameters of what is called.

use super::call::count;
use super::resolver::{DefSlot, ParamSlot, Resolver};
use super::spans::{is_unread, lone_name};
use super::types::{Typed, spelling};
use super::{DefId, Named};
use crate::diag::{Diagnostic, codes, nearest};
use crate::syntax::tree::{Arg, Ident};
use crate::text::Span;
use crate::value::{Expr, Type, VarId};

/// A parameter as a call sees it.
struct Parameter {
    name: String,
    var: VarId,
    ty: Type,
    secret: bool,
    required: bool,
}

/// What is called, as a call sees it.
struct Signature {
    name: String,
    parameters: Vec<Parameter>,
}

impl Signature {
    fn of(slot: &DefSlot) -> Self {
        let parameter = |slot: &ParamSlot| Parameter {
            name: slot.name.clone(),
            var: slot.var,
            ty: slot.ty.clone(),
            secret: slot.secret,
            required: slot.default.is_none(),
        };
        Self { name: slot.name.clone(), parameters: slot.params.iter().map(parameter).collect() }
    }

    fn help(&self) -> String {
        let parameters = self.parameters.iter();
        let parameters: Vec<_> =
            parameters.map(|parameter| format!("{}: {}", parameter.name, spelling(&parameter.ty))).collect();
        let parameters = parameters.join(", ");
        if self.name.ends_with(".runbook") {
            return format!("it takes ({parameters})");
        }
        format!("it is `{}({parameters})`", self.name)
    }

    /// What has no default and is not given, as one report.
    fn missing(&self, given: &[Given<'_>], span: Span) -> Option<Diagnostic> {
        let is_given = |at| given.iter().any(|one| one.to == Some(at));
        let required = self.parameters.iter().enumerate().filter(|(_, parameter)| parameter.required);
        let missing: Vec<_> =
            required.filter(|(at, _)| !is_given(*at)).map(|(_, one)| format!("`{}`", one.name)).collect();
        let message = || format!("`{}` needs {}", self.name, missing.join(" and "));
        let report = || Diagnostic::error(codes::BAD_ARGUMENTS, span, message()).help(self.help());
        (!missing.is_empty()).then(report)
    }
}

/// What is given for a parameter.
struct Given<'a> {
    arg: &'a Arg,
    /// The parameter, by position; `None` where that is not sure, which is reported.
    to: Option<usize>,
    value: Typed,
    /// Whether the value is wrong by itself, and not only a name.
    wrong: bool,
}

impl<'a> Resolver<'a> {
    /// Arguments in the order of the parameters.
    pub(super) fn arguments(&mut self, def: DefId, args: &'a [Arg], span: Span) -> Vec<Option<Expr>> {
        if let Some(caller) = self.frame.def
            && let Some(caller) = self.defs.get_mut(caller.0 as usize)
        {
            caller.calls.push((def, span));
        }
        let Some(slot) = self.def(def) else { return vec![] };
        let (signature, broken) = (Signature::of(slot), slot.broken);
        let mut fitted = vec![None; signature.parameters.len()];
        if broken {
            self.read_all(args);
            return fitted;
        }
        let given = self.given(args, &signature);
        let sure = given.iter().all(|one| one.to.is_some());
        let missing = if sure { signature.missing(&given, span) } else { None };
        // Where one is left out or too many, those in order stand for others than was meant: they are not judged.
        let moved = !sure || missing.is_some();
        if !given.iter().any(|one| one.wrong) {
            missing.into_iter().for_each(|missing| self.report(missing));
        }
        for Given { arg, to, value, .. } in given {
            let place = to.and_then(|to| Some((signature.parameters.get(to)?, fitted.get_mut(to)?)));
            let Some((parameter, place)) = place else { continue };
            let told = self.diagnostics.len();
            *place = Some(self.handed(value, parameter, arg.value.span));
            if moved && arg.name.is_none() {
                self.diagnostics.truncate(told);
            }
        }
        fitted
    }

    /// Reads the arguments, and finds what each is for. Behind a part that could not be read, or a name that nothing has, nobody
    /// knows which value is meant for which parameter.
    fn given(&mut self, args: &'a [Arg], signature: &Signature) -> Vec<Given<'a>> {
        let (mut sure, mut given) = (true, Vec::<Given<'a>>::new());
        for (position, arg) in args.iter().enumerate() {
            let to = match &arg.name {
                Some(key) => self.named_parameter(key, args, signature),
                None if sure => self.next_parameter(position, arg, signature),
                None => None,
            };
            sure &= to.is_some() && !is_unread(arg);
            let twice = to.filter(|to| given.iter().any(|one| one.to == Some(*to)));
            if let Some(parameter) = twice.and_then(|to| signature.parameters.get(to)) {
                let message = format!("`{}` is given twice", parameter.name);
                self.error(codes::BAD_ARGUMENTS, arg.value.span, message, "keep one of them");
            }
            let told = self.diagnostics.len();
            let value = self.expr(&arg.value);
            let wrong = self.diagnostics.len() > told && lone_name(&arg.value).is_none();
            let to = to.filter(|_| twice.is_none() && !is_unread(arg));
            given.push(Given { arg, to, value, wrong });
        }
        given
    }

    /// What a value without a name stands for.
    fn next_parameter(&mut self, position: usize, arg: &Arg, signature: &Signature) -> Option<usize> {
        let count_wanted = signature.parameters.len();
        if position < count_wanted {
            return Some(position);
        }
        let message = format!("`{}` takes {}", signature.name, count(count_wanted));
        self.report(Diagnostic::error(codes::BAD_ARGUMENTS, arg.value.span, message).label("one too many"));
        None
    }

    /// What a name stands for.
    fn named_parameter(&mut self, key: &Ident, args: &[Arg], signature: &Signature) -> Option<usize> {
        let at = signature.parameters.iter().position(|parameter| parameter.name == key.text);
        if let Some(parameter) = at.and_then(|at| signature.parameters.get(at)) {
            self.mention(key.span, Named::Var(parameter.var));
            return at;
        }
        let message = format!("`{}` takes no `{}`", signature.name, key.text);
        let report = Diagnostic::error(codes::BAD_ARGUMENTS, key.span, message);
        let is_given =
            |name: &&str| args.iter().filter_map(|arg| arg.name.as_ref()).any(|key| key.text == *name);
        let names = signature.parameters.iter().map(|parameter| parameter.name.as_str());
        let report = match nearest(&key.text, names.filter(|name| !is_given(name))) {
            Some(near) => report.help(format!("did you mean `{near}`?")).guess(
                format!("write `{near}`"),
                key.span,
                near,
            ),
            None => report.help(signature.help()),
        };
        self.report(report);
        None
    }

    /// A value handed to a parameter; a secret only goes where a secret is declared.
    fn handed(&mut self, value: Typed, parameter: &Parameter, span: Span) -> Expr {
        if value.secret && !parameter.secret {
            let message = format!("`{}` is not declared `secret`, and this is one", parameter.name);
            let help = format!("declare it `{}: secret` where it is defined", parameter.name);
            self.error(codes::SECRET_REVEALED, span, message, &help);
            return Typed::unknown().expr;
        }
        let takes = format_args!("`{}` takes", parameter.name);
        self.fitted(value, &parameter.ty, span, &takes).expr
    }
}
