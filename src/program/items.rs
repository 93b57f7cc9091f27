//! What follows a keyword, matched against what its schema declares: operands, then options.

use super::form::{example_line, form, option_form, option_words};
use super::kinds::own_place;
use super::matched::{Matched, unknown, wanted};
use super::misspelt::no_option;
use super::miswritten::{assigned, tell_unit};
use super::resolver::Resolver;
use super::rest::{Begun, Rest, option_of};
use super::spans::{item_span, item_word};
use super::{BlockOf, GivenOption, Operand, OptionSpec, Part, Schema, SlotKind};
use super::{habits, retired};
use crate::diag::{Diagnostic, codes, listed};
use crate::syntax::tree::{ExprKind, Item};
use crate::syntax::{in_brackets, is_word, stands_again};
use crate::text::Span;

impl<'a> Resolver<'a> {
    /// Tells operands and options apart as the schema says.
    pub(super) fn items(&mut self, schema: &'static Schema, head: Span, items: &'a [Item]) -> Matched<'a> {
        self.operator_in_words(head, items, schema.operands.contains(&SlotKind::Bool));
        for item in items {
            if let Item::Expr(value) = item {
                self.tell_prefix(value);
            }
        }
        let mut matched = Matched::default();
        let enough = items.len() > 1 || schema.operands.is_empty();
        let doubled = enough && self.stands_twice(head, items.first());
        let mut rest = Rest::new(schema, items, usize::from(doubled));
        for slot in schema.operands {
            if !self.operand(*slot, head, &mut rest, &mut matched) {
                break;
            }
        }
        self.options(rest, &mut matched);
        self.type_item(&mut matched);
        matched.operands.shrink_to_fit();
        matched
    }

    /// What follows where the operands are already read.
    pub(super) fn only_options(&mut self, schema: &'static Schema, items: &'a [Item]) -> Matched<'a> {
        let mut matched = Matched::default();
        self.options(Rest::new(schema, items, 0), &mut matched);
        matched
    }

    fn options(&mut self, mut rest: Rest<'a>, matched: &mut Matched<'a>) {
        while let Some(item) = rest.take() {
            self.option(rest.schema, item, &mut rest, matched);
        }
    }

    /// Whether a word stands behind itself again, and is no name there: it is meant once.
    fn stands_twice(&mut self, first: Span, next: Option<&Item>) -> bool {
        let word = self.words(first);
        let again = next.filter(|item| item_word(item) == Some(word)).map(item_span);
        let again = again.filter(|_| !next.is_some_and(|item| self.is_bound(item)));
        again.into_iter().for_each(|again| self.report(stands_again(word, first, again)));
        again.is_some()
    }

    /// An option behind itself with no value of its own: a name of the same letters that nothing has.
    fn named_like_its_option(&mut self, spec: &OptionSpec, word: Span, rest: &mut Rest<'a>) -> bool {
        let same =
            rest.peek().filter(|next| item_word(next) == Some(self.words(word)) && !self.is_bound(next));
        let value = rest.second().is_some_and(|item| item_word(item).is_none() || self.is_bound(item));
        let (Some(Item::Expr(name)), false) = (same, value || spec.parts.is_empty()) else { return false };
        self.expr(name);
        rest.take();
        true
    }

    /// Whether the operands go on.
    fn operand(
        &mut self,
        slot: SlotKind,
        head: Span,
        rest: &mut Rest<'a>,
        matched: &mut Matched<'a>,
    ) -> bool {
        let schema = rest.schema;
        let takes = format_args!("`{}` takes", schema.word);
        match rest.peek() {
            Some(item) if self.is_for(slot, item, schema) => {
                rest.take();
                let operand = self.slot(slot, item, &takes, matched);
                matched.operands.push(operand);
                true
            }
            _ if matches!(slot, SlotKind::TitleOptional | SlotKind::AnyOptional) => true,
            found => {
                matched.missing = Some((slot, found));
                if matches!(slot, SlotKind::Decl | SlotKind::NewName | SlotKind::Word(_)) {
                    self.bound_anyway(head);
                }
                rest.skip_to_option(|item| self.is_bound(item));
                matched.operands.push(unknown(head));
                false
            }
        }
    }

    /// Says which operand is not there.
    pub(super) fn report_missing(&mut self, schema: &Schema, head: Span, matched: &Matched<'a>) {
        let Some((slot, found)) = matched.missing else { return };
        if let Some(Item::Signature(signature)) = found {
            let message = format!("a `{}` with parameters is defined in a module", schema.word);
            let help = "put it into a file that begins with `module name 1.0.0`, and `use` that";
            let named = signature.params.iter().map(|param| &param.name).chain([&signature.name]);
            self.frame.taken.extend(named.map(|name| name.text.clone()));
            self.bound_by_parameters(signature);
            return self.error(codes::MISPLACED, signature.span, message, help);
        }
        let message = format!("`{}` needs {}", schema.word, wanted(slot));
        if let (Some(Item::Assign(name, value)), true) = (found, takes_value(slot)) {
            let between = Span { start: name.span.end, end: value.span.start, ..name.span };
            let report = Diagnostic::error(codes::MISSING_OPERAND, between, "`=` gives a value a name");
            self.unread.push(name.span.to(value.span));
            return self.report(report.help("to compare, write `==`").fix("write `==`", between, " == "));
        }
        let stray = found.filter(|item| option_of(schema, item).is_none());
        let span = stray.map_or(head, item_span);
        if slot == SlotKind::Json
            && let Some(told) = self.wrong_in_brackets(span)
        {
            return self.report(told);
        }
        let report = Diagnostic::error(codes::MISSING_OPERAND, span, message);
        let behind = self.braces_behind(head);
        // A value in braces is told as that.
        let block = schema.block == BlockOf::None && self.words(behind).contains(['=', '\n']);
        let braces = (slot == SlotKind::Json || block) && stray.is_none();
        let report = if braces { report.hides(behind) } else { report };
        self.report(match (slot, stray) {
            (SlotKind::Word(word), Some(_)) => report.guess(format!("write `{word}`"), span, word),
            _ => report.help(format!("for example: {}", example_line(schema))),
        });
    }

    /// What keeps the braces behind a word from being a value.
    fn wrong_in_brackets(&self, head: Span) -> Option<Diagnostic> {
        let text = self.frame.unit.source.text();
        let behind = text.get(head.range().end..)?;
        let start = text.len() - behind.trim_start_matches(' ').len();
        in_brackets(text, Span::new(head.source, start, text.len()))
    }

    /// Whether an item is meant for a slot.
    fn is_for(&self, slot: SlotKind, item: &Item, schema: &Schema) -> bool {
        match (slot, item) {
            (SlotKind::Word(word), item) => item_word(item) == Some(word),
            (SlotKind::OneOf(_), item) => item_word(item).is_some() && option_of(schema, item).is_none(),
            (SlotKind::NewName, Item::Expr(name)) => matches!(name.kind, ExprKind::Name(_)),
            (SlotKind::Decl, Item::Decl(_))
            | (SlotKind::Assign, Item::Assign(..))
            | (SlotKind::Args, Item::Args(..))
            | (SlotKind::Signature, Item::Signature(_)) => true,
            (
                SlotKind::NewName | SlotKind::Decl | SlotKind::Assign | SlotKind::Args | SlotKind::Signature,
                _,
            ) => false,
            (SlotKind::TitleOptional, Item::Expr(text)) => {
                matches!(text.kind, ExprKind::Text(_) | ExprKind::Raw(_))
            }
            (_, Item::Expr(_)) => option_of(schema, item).is_none() || self.is_bound(item),
            _ => false,
        }
    }

    /// Option words stay free as names: one that is bound, where a value stands, is the value.
    pub(super) fn is_bound(&self, item: &Item) -> bool {
        let bound = |word| self.frame.scope.get(word).is_some_and(|entry| entry.lost.is_none());
        item_word(item).is_some_and(|word| bound(word) || self.frame.taken.contains(word))
    }

    fn option(
        &mut self,
        schema: &'static Schema,
        item: &'a Item,
        rest: &mut Rest<'a>,
        matched: &mut Matched<'a>,
    ) {
        if let Some((name, value)) = assigned(item)
            && let Some((spec, _)) = retired::option(schema, &name.text)
        {
            return self.assigned_option((spec, name, value), rest, matched);
        }
        let Some(word) = item_word(item) else { return self.surplus(schema, item, rest) };
        if self.tell_joined_option(schema, word, item_span(item)) {
            matched.half_option = true;
            return rest.skip_to_option(|item| self.is_bound(item));
        }
        let first = item_span(item);
        let (spec, guess) = match retired::option(schema, word) {
            Some((spec, old)) => {
                old.iter().for_each(|old| self.tell_retired(old, first));
                (spec, None)
            }
            None => match self.meant_option(schema, word, first, rest) {
                Some((spec, guess)) => (spec, Some(guess)),
                None => return self.unknown_option(schema, word, item, rest),
            },
        };
        if rest.peek().is_some_and(|next| item_word(next) == Some(word) && !self.is_bound(next)) {
            self.found_nameless(word, first);
        }
        if self.named_like_its_option(spec, first, rest) {
            let values = vec![unknown(first)];
            return matched.options.push(GivenOption { word: spec.word, values, span: first });
        }
        rest.at += usize::from(self.stands_twice(first, rest.peek()));
        self.tell_repeated(spec, word, first, matched);
        let values = self.option_values(Begun { spec, word: first, read: 0 }, rest, matched);
        guess.into_iter().for_each(|guess| self.tell_guess(guess));
        let end = rest.last().unwrap_or(first);
        matched.options.push(GivenOption { word: spec.word, values, span: first.to(end) });
    }

    /// Says that an option is given already.
    pub(super) fn tell_repeated(&mut self, spec: &OptionSpec, word: &str, at: Span, matched: &Matched<'a>) {
        let Some(earlier) = matched.options.iter().find(|given| given.word == spec.word && spec.word != "or")
        else {
            return;
        };
        let report = Diagnostic::error(codes::REPEATED_OPTION, at, format!("`{word}` is given twice"));
        self.report(report.also(earlier.span, "given here").help("keep one of them"));
    }

    /// Reads parts of an option behind its word.
    pub(super) fn option_values(
        &mut self,
        option: Begun,
        rest: &mut Rest<'a>,
        matched: &mut Matched<'a>,
    ) -> Vec<Operand> {
        let (schema, spec) = (rest.schema, option.spec);
        let takes = format_args!("`{}` takes", spec.word);
        let mut values = vec![];
        for part in option.parts() {
            let next = rest.peek();
            match part {
                Part::Word(word) if next.and_then(item_word) == Some(word) => _ = rest.take(),
                Part::Word(word) if next.is_some_and(|item| self.tell_misspelt_part(spec, word, item)) => {
                    rest.take();
                }
                Part::Slot(kind) if next.is_some_and(|item| self.is_for(*kind, item, schema)) => {
                    values.extend(rest.take().map(|item| self.slot(*kind, item, &takes, matched)));
                }
                Part::Optional(kind) if next.is_some_and(|item| self.is_given(*kind, item, schema)) => {
                    values.extend(rest.take().map(|item| self.slot(*kind, item, &takes, matched)));
                }
                Part::Optional(_) => {}
                Part::Word(_) | Part::Slot(_) => {
                    self.incomplete_option(spec, part, option.word, next);
                    matched.half_option = true;
                    rest.skip_to_option(|item| self.is_bound(item));
                    break;
                }
            }
        }
        values
    }

    /// Whether an item is the value that an option may leave out.
    fn is_given(&self, kind: SlotKind, item: &Item, schema: &Schema) -> bool {
        let free = item_word(item).is_none() || self.is_bound(item);
        free && self.is_for(kind, item, schema)
    }

    fn incomplete_option(&mut self, spec: &OptionSpec, part: &Part, first: Span, next: Option<&Item>) {
        let wants = match part {
            Part::Word(word) => format!("the word `{word}`"),
            Part::Slot(kind) | Part::Optional(kind) => wanted(*kind),
        };
        let message = format!("`{}` needs {wants}", spec.word);
        let span = next.map_or(first, item_span);
        let colon = Span { start: first.end, end: first.end.saturating_add(1), ..first };
        if self.words(colon) == ":" {
            let message = format!("between `{}` and its value stands no `:`", spec.word);
            let report = Diagnostic::error(codes::BAD_OPTION, colon, message).fix("remove it", colon, "");
            return self.report(report.hides(self.behind(first)));
        }
        let report = Diagnostic::error(codes::BAD_OPTION, span, message);
        let report = report.help(format!("it is written `{}`", option_form(spec)));
        // Who leaves out what belongs to an option may not know what it is for.
        let report = if matches!(part, Part::Word(_)) { report.help(spec.doc) } else { report };
        // Where nothing follows that begins anew, the rest of the line was meant for this option.
        let last = next.is_none_or(|item| item_word(item).is_none());
        let rest = Span { start: first.end, ..self.behind(span) };
        self.report(if last { report.hides(rest) } else { report });
    }

    fn surplus(&mut self, schema: &'static Schema, item: &Item, rest: &mut Rest<'a>) {
        let mut span = item_span(item);
        while let Some(next) = rest.peek().filter(|next| item_word(next).is_none()) {
            span = span.to(item_span(next));
            rest.take();
        }
        if matches!(item, Item::Expr(written) if written.kind == ExprKind::Bad) {
            return;
        }
        let message = format!("`{}` does not take this", schema.word);
        let report = Diagnostic::error(codes::SURPLUS_OPERAND, span, message);
        let habit = assigned(item).and_then(|(name, _)| habits::option(schema.word, &name.text));
        self.report(match habit {
            // Whatever else the head lacks is said there.
            Some(habit) => report.help(habit).hides(self.line_before(span)),
            None => self.spare_value(schema, report, span),
        });
    }

    /// A value too many: the operator before it is missing, or it is the text behind a level.
    fn spare_value(&self, schema: &'static Schema, report: Diagnostic, span: Span) -> Diagnostic {
        let before = self.words(self.line_before(span)).trim();
        let last = before.split(' ').next_back().unwrap_or_default();
        let number = self.words(span).starts_with(|c: char| c.is_ascii_digit());
        let compares = matches!(schema.word, "expect" | "if") && last != schema.word;
        if compares && number && last.chars().all(is_word) {
            let at = Span { end: span.start, ..span };
            let report = report.help("did you mean `==`?").hides(self.line_before(span));
            return report.guess("write `==`", at, "== ");
        }
        if schema.word == "log" && matches!(last, "info" | "debug" | "warn" | "warning" | "error") {
            return report.help(format!("a record has no levels: take `{last}` out"));
        }
        report.help(format!("it is written `{}`", form(schema)))
    }

    fn unknown_option(&mut self, schema: &'static Schema, word: &str, item: &Item, rest: &mut Rest<'a>) {
        while rest.peek().is_some_and(|next| item_word(next).is_none()) {
            rest.take();
        }
        let span = item_span(item);
        let unit = self.number_before(span).and_then(|number| self.unit_apart(number));
        let report = no_option(schema, word, span);
        let behind = self.behind_words(span);
        let report = if let Some(habit) = habits::option(schema.word, word) {
            let report = report.help(habit);
            // What is called needs the inputs that stand behind the word.
            if schema.word == "call" { report.hides(self.line_before(span)) } else { report }
        } else if let Some(unit) = unit {
            tell_unit(report, unit)
        } else if self.frame.scope.get(word).is_some() {
            report.help(format!("a value stands in a text, in braces: `\"… {{{word}}}\"`"))
        } else if self.kinds.knows(word) {
            let inside = own_place(schema).is_some_and(|place| self.kinds.places_of(word).contains(&place));
            let help = if inside {
                format!("what stands in `{}` stands in braces: `{{ {word} … }}`", schema.word)
            } else {
                "a statement stands on a line of its own; in a one-line block write `;` before it".to_owned()
            };
            report.help(help).hides(behind)
        } else if schema.options.is_empty() {
            report.help(format!("it is written `{}`", form(schema)))
        } else {
            let whole: Vec<_> = schema.options.iter().map(option_words).collect();
            let whole: Vec<_> = whole.iter().map(String::as_str).collect();
            report.help(format!("its options are {}", listed(&whole)))
        };
        self.report(report);
    }

    /// The item of a `for` has the type of the list's items.
    fn type_item(&mut self, matched: &mut Matched<'a>) {
        let (Some((_, var, _)), Some((item, secret))) = (matched.item, matched.item_type.clone()) else {
            return;
        };
        if let Some(variable) = self.vars.get_mut(var.0 as usize) {
            variable.ty = item.clone();
            variable.secret = secret;
        }
        for operand in &mut matched.operands {
            if let Operand::New { var: new, ty, .. } = operand
                && *new == var
            {
                *ty = item.clone();
            }
        }
    }
}

/// Whether a slot takes a value of any kind.
fn takes_value(slot: SlotKind) -> bool {
    use SlotKind::{Any, AnyOptional, Bool, Content, Int, Text};
    matches!(slot, Bool | Any | AnyOptional | Int | Text | Content)
}
