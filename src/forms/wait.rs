//! `wait`: waits for a time.

use super::lower::{Lowering, Moment, fixed_text, given, value};
use super::shape::{BASE, WAITING};
use crate::diag::{Diagnostic, codes};
use crate::plan::{Act, ResponsePart, WaitFor};
use crate::program::{OptionSpec, Part, Schema, SlotKind, Stmt};
use crate::text::Span;
use crate::value::{Expr, Type, Value, convert};

/// What the statement declares.
pub(crate) static SCHEMA: Schema = Schema {
    word: "wait",
    summary: "Waits for a time",
    doc: "`wait 72h \"Why\"`, or `wait until` a `time`, `\"Sat 02:00 Europe/Paris\"` or a window. Durable: \
          the process may end meanwhile.",
    example: r#"wait 72h "Code freeze""#,
    stands_in: WAITING,
    operands: &[SlotKind::AnyOptional, SlotKind::TitleOptional],
    options: &[OptionSpec {
        word: "until",
        parts: &[Part::Slot(SlotKind::Any), Part::Optional(SlotKind::Title)],
        doc: "A `time`, a moment or a window as text; a title may follow.",
    }],
    ..BASE
};

/// A length of time, or until a moment.
pub(crate) fn lower<'p>(stmt: &'p Stmt, low: &mut Lowering<'p>) {
    let until = low.option_typed(&stmt.options, "until");
    if low.is_line_unread(stmt.span) {
        return;
    }
    let (wait, title) = match (until, value(low, &stmt.operands, 0)) {
        (Some(until), before) => {
            let behind = given(&stmt.options, "until").and_then(|until| value(low, &until.values, 1));
            (moment(low, until), behind.or(before).map(|(title, ..)| title))
        }
        (None, Some((length, Type::Duration | Type::Unknown, _))) => {
            (Some(WaitFor::Duration(length)), low.operand(stmt, 1))
        }
        (None, Some((_, Type::Int, span))) => {
            let help = "say the unit, as in `wait 30s` or `wait 10m`";
            return low.error(codes::NOT_A_MOMENT, span, "`wait` takes a length of time with its unit", help);
        }
        (None, before) => {
            if let Some((written, span)) = before.and_then(|(text, _, span)| Some((length_in(&text)?, span)))
            {
                let report = Diagnostic::error(codes::NOT_A_MOMENT, span, "a length of time has no quotes");
                return low.report(report.fix(format!("write `{written}`"), span, written));
            }
            let head = low.head(stmt.span);
            let help = "write `wait 10m`, or `wait until \"Sat 02:00 Europe/Paris\"`";
            return low.error(codes::NOT_A_MOMENT, head, "`wait` does not say for how long", help);
        }
    };
    let Some(wait) = wait else { return };
    low.act(stmt, Act::Wait(wait), ResponsePart::Answer);
    low.entitle_last(title, stmt.prose.as_ref());
}

/// The length of time that a text says.
fn length_in(text: &Expr) -> Option<String> {
    let text = fixed_text(text)?;
    convert(&Type::Duration, Value::Text(text.as_str().into())).is_ok().then_some(text)
}

fn moment(low: &mut Lowering<'_>, (until, ty, span): (Expr, Type, Span)) -> Option<WaitFor> {
    if let Some(text) = fixed_text(&until) {
        return low.window_text(&text, span, Moment::Point).map(WaitFor::Window);
    }
    if matches!(ty, Type::Time | Type::Unknown) {
        return Some(WaitFor::Time(until));
    }
    let help = "write a fixed text such as \"Sat 02:00 Europe/Paris\", or a value of type `time`";
    low.error(codes::NOT_A_MOMENT, span, "`wait until` takes a moment", help);
    None
}
