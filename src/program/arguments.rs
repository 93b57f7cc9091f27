//! Arguments of a call, fitted to the parameters of what is called.

use super::call::count;
use super::resolver::Resolver;
use super::spans::is_unread;
use super::types::{Typed, spelling};
use super::{DefId, Named};
use crate::diag::{Diagnostic, codes, nearest};
use crate::syntax::tree::Arg;
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

impl<'a> Resolver<'a> {
    /// Arguments in the order of the parameters.
    pub(super) fn arguments(&mut self, def: DefId, args: &'a [Arg], span: Span) -> Vec<Option<Expr>> {
        if let Some(caller) = self.frame.def
            && let Some(caller) = self.defs.get_mut(caller.0 as usize)
        {
            caller.calls.push((def, span));
        }
        let wanted = self.parameters(def);
        if self.def(def).is_some_and(|slot| slot.broken) {
            self.read_all(args);
            return vec![None; wanted.len()];
        }
        let mut given: Vec<Option<Expr>> = vec![None; wanted.len()];
        // Behind a part that could not be read nobody knows which value is meant for which parameter.
        let sure = args.iter().position(is_unread).unwrap_or(args.len());
        for (position, arg) in args.iter().enumerate() {
            if position >= sure && arg.name.is_none() {
                self.expr(&arg.value);
                continue;
            }
            let at = self.parameter_of(arg, position, &wanted, def);
            if let (Some(key), Some(parameter)) = (&arg.name, at.and_then(|at| wanted.get(at))) {
                self.mention(key.span, Named::Var(parameter.var));
            }
            let value = self.expr(&arg.value);
            let Some((parameter, slot)) = at.and_then(|at| Some((wanted.get(at)?, given.get_mut(at)?)))
            else {
                continue;
            };
            if slot.is_some() {
                self.given_twice(arg, &parameter.name);
                continue;
            }
            *slot = Some(self.handed(value, parameter, arg.value.span));
        }
        if sure == args.len() {
            self.check_missing(&wanted, &given, def, span);
        }
        given
    }

    fn parameters(&self, def: DefId) -> Vec<Parameter> {
        let slots = self.def(def).map_or(&[][..], |slot| &slot.params);
        let parameter = |slot: &super::resolver::ParamSlot| Parameter {
            name: slot.name.clone(),
            var: slot.var,
            ty: slot.ty.clone(),
            secret: slot.secret,
            required: slot.default.is_none(),
        };
        slots.iter().map(parameter).collect()
    }

    fn parameter_of(
        &mut self,
        arg: &Arg,
        position: usize,
        wanted: &[Parameter],
        def: DefId,
    ) -> Option<usize> {
        let name = self.def(def).map(|slot| slot.name.clone()).unwrap_or_default();
        let Some(key) = &arg.name else {
            if position < wanted.len() {
                return Some(position);
            }
            let message = format!("`{name}` takes {}", count(wanted.len()));
            self.report(
                Diagnostic::error(codes::BAD_ARGUMENTS, arg.value.span, message).label("one too many"),
            );
            return None;
        };
        let at = wanted.iter().position(|parameter| parameter.name == key.text);
        if at.is_none() {
            let message = format!("`{name}` takes no `{}`", key.text);
            let report = Diagnostic::error(codes::BAD_ARGUMENTS, key.span, message);
            let report = match nearest(&key.text, wanted.iter().map(|parameter| parameter.name.as_str())) {
                Some(near) => report.help(format!("did you mean `{near}`?")).guess(
                    format!("write `{near}`"),
                    key.span,
                    near,
                ),
                None => report.help(signature_help(&name, wanted)),
            };
            self.report(report);
        }
        at
    }

    fn given_twice(&mut self, arg: &Arg, name: &str) {
        let message = format!("`{name}` is given twice");
        self.error(codes::BAD_ARGUMENTS, arg.value.span, message, "keep one of them");
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

    fn check_missing(&mut self, wanted: &[Parameter], given: &[Option<Expr>], def: DefId, span: Span) {
        let pairs = wanted.iter().zip(given);
        let missing: Vec<_> = pairs.filter(|(wanted, given)| wanted.required && given.is_none()).collect();
        if missing.is_empty() {
            return;
        }
        let name = self.def(def).map(|slot| slot.name.clone()).unwrap_or_default();
        let names: Vec<_> = missing.iter().map(|(wanted, _)| format!("`{}`", wanted.name)).collect();
        let message = format!("`{name}` needs {}", names.join(" and "));
        self.report(
            Diagnostic::error(codes::BAD_ARGUMENTS, span, message).help(signature_help(&name, wanted)),
        );
    }
}

fn signature_help(name: &str, wanted: &[Parameter]) -> String {
    let parameters: Vec<_> =
        wanted.iter().map(|parameter| format!("{}: {}", parameter.name, spelling(&parameter.ty))).collect();
    format!("it is `{name}({})`", parameters.join(", "))
}
