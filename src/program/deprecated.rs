//! Definitions that are deprecated: what stands in their place, and whoever still calls them.

use super::fit::fixed_value;
use super::matched::Matched;
use super::resolver::{DefSlot, Deprecated, Resolver};
use super::{DefId, Operand};
use crate::diag::{Diagnostic, codes, nearest};
use crate::syntax::tree::{self, ExprKind};
use crate::text::Span;
use crate::value::{Type, Value};

impl<'a> Resolver<'a> {
    /// Remembers what `deprecated by "name" removal 2.0.0` says of a definition.
    pub(super) fn deprecate(&mut self, def: DefId, matched: &Matched<'a>) {
        let Some(option) = matched.options.iter().find(|given| given.word == "deprecated") else { return };
        let [Operand::Word(name, at), Operand::Expr(removal, ty, span)] = option.values.as_slice() else {
            return;
        };
        let Some(Value::Version(removal)) = fixed_value(removal) else {
            if *ty != Type::Unknown {
                let message = "`removal` takes a version that is fixed in the file";
                self.error(
                    codes::NOT_FIXED,
                    *span,
                    message,
                    "write the version that no longer has it: `2.0.0`",
                );
            }
            return;
        };
        let Some(by) = self.replacement(def, name, *at) else { return };
        let deprecated = Deprecated { by, name: name.clone(), removal: removal.clone() };
        if let Some(slot) = self.defs.get_mut(def.0 as usize) {
            slot.deprecated = Some(deprecated);
        }
    }

    /// The definition of the module at hand that stands in the place of another one.
    fn replacement(&mut self, def: DefId, name: &str, span: Span) -> Option<DefId> {
        let (module, source) = self.frame.own?;
        let offered = self.module(source)?;
        if let Some(by) = offered.defs.get(name).copied().filter(|by| *by != def) {
            return Some(by);
        }
        let mut names: Vec<_> = offered.defs.keys().copied().collect();
        names.sort_unstable();
        let message = format!("`{module}` has no other `{name}` to stand in its place");
        let report = Diagnostic::error(codes::UNKNOWN_NAME, span, message);
        self.report(match nearest(name, names) {
            Some(near) if near != name => report.help(format!("did you mean \"{near}\"?")),
            _ => report.help("write the name of another definition of this module"),
        });
        None
    }

    /// Says of a call from outside that what it calls is deprecated.
    pub(super) fn tell_deprecated(&mut self, def: DefId, callee: &tree::Expr) {
        let ExprKind::Field(_, field) = &callee.kind else { return };
        let Some(slot) = self.def(def) else { return };
        let Some(Deprecated { by, name, removal }) = slot.deprecated.clone() else { return };
        let module = slot.name.split('.').next().unwrap_or_default();
        let message = format!("`{}` is deprecated, and `{module}` {removal} no longer has it", slot.name);
        let help = format!("`{module}.{name}` stands in its place");
        let alike = self.def(by).is_some_and(|by| is_called_alike(slot, by));
        let report = Diagnostic::warning(codes::DEPRECATED, field.span, message).help(help);
        let title = format!("write `{name}`");
        self.report(if alike {
            report.fix(title, field.span, name)
        } else {
            report.guess(title, field.span, name)
        });
    }
}

/// Whether every call of one definition is one of the other, with the same meaning of each value.
fn is_called_alike(old: &DefSlot, new: &DefSlot) -> bool {
    let returns = |slot: &DefSlot| slot.returns.as_ref().map(|(_, ty)| ty.clone());
    let taken = |at: usize, name: &str, ty: &Type| {
        new.params.get(at).is_some_and(|param| param.name == name && param.ty == *ty)
    };
    let same = old.params.iter().enumerate().all(|(at, param)| taken(at, &param.name, &param.ty));
    let rest = new.params.get(old.params.len()..).unwrap_or_default();
    old.kind == new.kind
        && returns(old) == returns(new)
        && same
        && rest.iter().all(|more| more.default.is_some())
}
