//! Binding names and looking them up, and what is said where that does not work out.

use foldhash::{HashSet, HashSetExt};

use super::Named;
use super::habits;
use super::resolver::{New, Resolver, Role, Unknown};
use super::scope::{Entry, Loss, Meaning, Why};
use super::types::Typed;
use crate::diag::{Code, Diagnostic, codes, nearest};
use crate::syntax::tree::Ident;
use crate::syntax::{in_capitals, is_word, small_operator};
use crate::text::Span;
use crate::value::{Expr, Type, Value, VarId};

/// How many names in scope are compared with a misspelt one.
const COMPARED: usize = 2000;
/// How many misspelt names are compared at all; after that only the fact is said.
const SUGGESTED: usize = 64;
/// Shorter names are too near to everything.
const SUGGESTIBLE: usize = 3;
/// How many uses of one unknown name are pointed at.
const POINTED: usize = 8;

impl<'a> Resolver<'a> {
    /// Binds a name from here on.
    pub(super) fn declare(&mut self, name: &'a Ident, new: &New) -> VarId {
        let free = self.check_free(name);
        let var = self.variable_for(name, new);
        if !free {
            self.mark_used(var);
        }
        let entry = self.entry_of(var, name.span);
        self.mention_binding(name.span, Named::Var(var));
        self.frame.scope.set(&name.text, entry);
        self.frame.declared.entry(&name.text).or_insert((name.span, var));
        var
    }

    /// Binds a name to something already reported, so that nothing more is said about it.
    pub(super) fn declare_unknown(&mut self, name: &'a str, span: Span) {
        let var = self.new_var(name, span, New::of(Type::Unknown, Role::Other));
        let entry = self.entry_of(var, span);
        self.frame.scope.set(name, entry);
    }

    /// A variable of an earlier branch that binds the same, or a new one.
    fn variable_for(&mut self, name: &'a Ident, new: &New) -> VarId {
        let vars = &self.vars;
        let same = |var: VarId| vars.get(var.0 as usize).is_some_and(|earlier| earlier.ty == new.ty);
        let Some(var) = self.frame.scope.shared(&name.text, same) else {
            return self.new_var(&name.text, name.span, new.clone());
        };
        if let Some(shared) = self.vars.get_mut(var.0 as usize) {
            shared.secret |= new.secret;
        }
        var
    }

    /// The entry under which a variable is found.
    pub(super) fn entry_of(&self, var: VarId, span: Span) -> Entry {
        let (ty, secret) = self.var(var).map_or((Type::Unknown, false), |var| (var.ty.clone(), var.secret));
        Entry { meaning: Meaning::Var(var), ty, secret, span, lost: None, hides: None }
    }

    /// Whether a name is free to be bound; says so where it is not.
    fn check_free(&mut self, name: &'a Ident) -> bool {
        let text = name.text.as_str();
        let reserved = match text {
            "true" | "false" | "null" => Some(format!("`{text}` is a value and cannot be a name")),
            _ if self.frame.uses.contains_key(text) => Some(format!("`{text}` is the name of a module")),
            _ => None,
        };
        if let Some(message) = reserved {
            self.error(codes::TAKEN_NAME, name.span, message, "choose another name");
            return false;
        }
        let Some(entry) = self.frame.scope.get(text).cloned() else { return true };
        let sibling = matches!(entry.lost, Some(Loss { why: Why::Sibling, .. }));
        if entry.lost.is_some() && !sibling {
            return true;
        }
        let help = if sibling {
            "both are seen after the `parallel`; choose another name for one of them"
        } else {
            "a value is bound once; choose another name"
        };
        self.report_taken(text, name.span, &entry, help);
        false
    }

    /// Says where a name is bound already; what is bound there is not reported as unused as well.
    pub(super) fn report_taken(&mut self, name: &str, span: Span, entry: &Entry, help: &str) {
        self.meaning(entry);
        let message = format!("`{name}` is already bound on line {}", self.line(entry.span));
        let report = Diagnostic::error(codes::TAKEN_NAME, span, message).also(entry.span, "bound here");
        self.report(report.help(help));
    }

    /// What a name means as a value.
    pub(super) fn name(&mut self, name: &'a str, span: Span) -> Typed {
        match name {
            "true" => return Typed::plain(Expr::Const(Value::Bool(true)), Type::Bool),
            "false" => return Typed::plain(Expr::Const(Value::Bool(false)), Type::Bool),
            "null" => return Typed::plain(Expr::Const(Value::Null), Type::Json),
            _ => {}
        }
        let Some(entry) = self.frame.scope.get(name).cloned() else { return self.unknown_name(name, span) };
        self.mention(span, entry.meaning.named());
        let bound = |loss: &&Loss| self.is_taken(name) || loss.why == Why::Item && self.may_be_item(span);
        if let Some(loss) = entry.lost.as_ref().filter(|loss| !bound(loss)) {
            self.report_lost(name, span, &entry, loss);
            self.meaning(&entry);
            return Typed::unknown();
        }
        if let Some(hidden) = entry.hides {
            let message = format!("`{name}` can be two things here");
            let report = Diagnostic::error(codes::TAKEN_NAME, span, message)
                .label(format!("the answer's `{name}`"))
                .also(hidden, "and this binding")
                .help("give the binding another name");
            self.report(report);
        }
        self.meaning(&entry)
    }

    fn unknown_name(&mut self, name: &'a str, span: Span) -> Typed {
        if let Some(source) = self.frame.uses.get(name).copied() {
            self.mention(span, Named::File(source));
            self.module_as_value(name, span);
            return Typed::unknown();
        }
        if self.is_taken(name) || self.tell_effect(name, span) {
            return Typed::unknown();
        }
        if let Some(known) = self.frame.unknown.get_mut(name) {
            let Span { start, end, .. } = known.uses;
            known.uses = Span { start: start.min(span.start), end: end.max(span.end), ..span };
            let report = known.report;
            self.point_again(report, span);
            return Typed::unknown();
        }
        let bare = self.called_bare(name, span);
        let report = bare.unwrap_or_else(|| self.unknown_report(name, span));
        let (at, near) = (self.diagnostics.len(), report.fix.is_some());
        let unknown = Unknown { report: at, span, uses: span, near, anytime: self.frame.anytime };
        self.frame.unknown.insert(name, unknown);
        self.report(report);
        Typed::unknown()
    }

    /// Whether the same was told of another place of the file, which then points at this one too.
    pub(super) fn told_again(&mut self, code: Code, message: &str, span: Span) -> bool {
        let same = |one: &Diagnostic| {
            one.code == code && one.message == message && one.primary.span.source == span.source
        };
        let known = self.diagnostics.iter().position(same);
        known.into_iter().for_each(|report| self.point_again(report, span));
        known.is_some()
    }

    fn point_again(&mut self, report: usize, span: Span) {
        if let Some(report) = self.diagnostics.get_mut(report)
            && report.secondary.len() < POINTED
        {
            report.again(span);
        }
    }

    /// Whether a word is no name, nor one misspelt, nor one that stands further down or elsewhere.
    pub(super) fn is_no_name(&self, word: &str) -> bool {
        let known = self.frame.scope.get(word).is_some()
            || self.frame.unknown.contains_key(word)
            || self.frame.taken.contains(word)
            || self.frame.uses.contains_key(word)
            || habits::constant(word).is_some()
            || matches!(word, "true" | "false" | "null")
            || !self.kinds.providers_of(word).is_empty();
        let near = nearest(word, self.frame.scope.bound_names(COMPARED));
        !known && (near.is_none() || word.chars().count() < SUGGESTIBLE)
    }

    fn unknown_report(&mut self, name: &str, span: Span) -> Diagnostic {
        if let Some(small) = small_operator(name) {
            return in_capitals(name, span, small).hides(self.behind(span));
        }
        let report = Diagnostic::error(codes::UNKNOWN_NAME, span, format!("nothing is called `{name}`"));
        let providers: Vec<_> = self.kinds.providers_of(name).into_iter().map(of_kind).collect();
        if !providers.is_empty() {
            return report
                .help(format!("`{name}` exists only inside the block of {}", providers.join(" or of ")));
        }
        if let Some(meant) = habits::constant(name) {
            return report.help(format!("did you mean `{meant}`?")).guess(
                format!("write `{meant}`"),
                span,
                meant,
            );
        }
        let provided = habits::provided(name).map(|meant| (meant, self.kinds.providers_of(meant)));
        if let Some((meant, places)) = provided {
            let places: Vec<_> = places.into_iter().map(of_kind).collect();
            let help = format!(
                "it is called `{meant}`, and exists only inside the block of {}",
                places.join(" or of ")
            );
            return report.help(help);
        }
        let parted = self.words(self.behind(span)).starts_with(['.', '[']);
        if let Some(help) = habits::part(name).filter(|_| parted) {
            return report.help(help);
        }
        if self.frame.unknown.len() >= SUGGESTED {
            return report;
        }
        let modules = self.frame.uses.keys().copied();
        let names = self.frame.scope.bound_names(COMPARED).chain(modules);
        let mut names: Vec<&str> = names.collect();
        names.sort_unstable();
        names.dedup();
        let near = nearest(name, names).filter(|_| name.chars().count() >= SUGGESTIBLE);
        let Some(near) = near else {
            if parted && habits::is_holder(name) {
                return self.held(report, span);
            }
            if let Some((whole, text)) = self.dashed(name, span) {
                let quoted = format!("\"{text}\"");
                let report = report.hides(Span { start: span.end, ..whole });
                return report.help(format!("a text stands in quotes: `{quoted}`")).guess(
                    "put it in quotes",
                    whole,
                    quoted,
                );
            }
            return report
                .help(format!("bind it before with `let {name} = …`, or declare `input {name}: text`"));
        };
        if let Some(Entry { meaning: Meaning::Var(var), .. }) = self.frame.scope.get(near).cloned() {
            self.mark_used(var);
        }
        report.help(format!("did you mean `{near}`?")).guess(format!("write `{near}`"), span, near)
    }

    /// A name in what holds names elsewhere (`var.region`).
    fn held(&mut self, report: Diagnostic, holder: Span) -> Diagnostic {
        let behind = self.words(self.behind(holder));
        let name =
            behind.strip_prefix('.').and_then(|rest| rest.split(|c| !is_word(c)).next()).unwrap_or_default();
        let Some(Meaning::Var(var)) = self.frame.scope.get(name).map(|entry| entry.meaning) else {
            return report
                .help("an input is `input name: type`, at the top, and is called by its name alone");
        };
        self.mark_used(var);
        let dot = Span { end: holder.end + 1, ..holder };
        report.help(format!("a value is its name alone: `{name}`")).guess(format!("write `{name}`"), dot, "")
    }

    /// A word with `-` or `/` in it, which begins with a name that nothing has.
    fn dashed(&self, name: &str, span: Span) -> Option<(Span, String)> {
        let line = self.words(self.behind(span));
        let more = line
            .find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '_' | '-' | '.' | '/'))
            .unwrap_or(line.len());
        let rest = line.get(..more)?.trim_end_matches(['-', '.', '/']);
        let rest = Some(rest).filter(|rest| rest.starts_with(['-', '/']) && !rest.contains("--"))?;
        // A number over another is divided.
        let divided = rest.split(|c: char| !is_word(c)).any(|word| self.frame.scope.get(word).is_some());
        if divided && rest.contains('/') {
            return None;
        }
        let end = span.end.saturating_add(u32::try_from(rest.len()).ok()?);
        Some((Span { end, ..span }, format!("{name}{rest}")))
    }

    fn report_lost(&mut self, name: &str, span: Span, entry: &Entry, loss: &Loss) {
        let (bound, path) = (self.line(entry.span), self.line(loss.span));
        let message = format!("`{name}` {}", loss.why.sentence(bound, path));
        if self.told_again(codes::NOT_ON_EVERY_PATH, &message, span) {
            return;
        }
        let mut report =
            Diagnostic::error(codes::NOT_ON_EVERY_PATH, span, message).also(entry.span, "bound here");
        if loss.span != entry.span {
            report = report.also(loss.span, loss.why.label());
        }
        self.report(report.help(loss.why.way_out(name)));
    }

    /// At the end of a file: a name that was bound after its use is told so.
    pub(super) fn settle_unknown(&mut self) {
        let mut unknown: Vec<_> = std::mem::take(&mut self.frame.unknown).into_iter().collect();
        unknown.sort_unstable_by_key(|(_, unknown)| unknown.report);
        let mut nowhere = vec![];
        for (name, unknown) in unknown {
            let Some((bound, var)) = self.frame.declared.get(name).copied() else {
                nowhere.push(unknown);
                continue;
            };
            let line = self.line(bound);
            if let Some(report) = self.diagnostics.get_mut(unknown.report) {
                let again = std::mem::take(&mut report.secondary);
                *report = bound_elsewhere(name, &unknown, bound, line);
                report.secondary.extend(again);
            }
            self.mark_used(var);
        }
        self.bind_nameless(nowhere);
    }

    /// The words that stand in what could not be read.
    pub(super) fn unread_words(&self) -> HashSet<&'a str> {
        let mut words = HashSet::new();
        self.unread.iter().for_each(|span| self.words_under(*span, &mut words));
        words
    }

    /// Takes in every word of a part of a file.
    pub(super) fn words_under(&self, span: Span, words: &mut HashSet<&'a str>) {
        let text = self.input.files.get(&span.source).map_or("", |unit| unit.source.slice(span));
        words.extend(text.split(|c: char| !c.is_alphanumeric() && c != '_'));
    }
}

/// What to say where a value stands as other tools write it.
pub(super) fn doubled_braces(name: &str) -> String {
    format!("`{{{{{name}}}}}` is the text `{{{name}}}`; its value is `{{{name}}}`, in one pair of braces")
}

fn bound_elsewhere(name: &str, unknown: &Unknown, bound: Span, line: u32) -> Diagnostic {
    let (code, message, help) = match unknown.anytime {
        Some(word) => (
            codes::NOT_ON_EVERY_PATH,
            format!("`{name}` may not be bound yet when this `{word}` runs"),
            format!(
                "it can run before line {line} does; use inputs here, or what is bound before its phase begins"
            ),
        ),
        None => (
            codes::USED_BEFORE_BOUND,
            format!("`{name}` is bound only later, on line {line}"),
            "move the binding before its use".to_owned(),
        ),
    };
    Diagnostic::error(code, unknown.span, message).also(bound, "bound here").help(help)
}

/// What a statement of that word is called in a sentence.
pub(super) fn of_kind(word: &str) -> String {
    match word {
        "fence" => "a script".into(),
        word => format!("`{word}`"),
    }
}
