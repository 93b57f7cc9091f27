//! `guard`: watches while its phase runs.

use super::lower::{Context, Lowering, has};
use super::shape::{BASE, EVERY, SCOPES, flag};
use crate::plan::{Watch, WatchKind};
use crate::program::{BlockOf, OptionSpec, Part, Place, Schema, SlotKind, Stmt};

/// What the statement declares.
pub(crate) static SCHEMA: Schema = Schema {
    word: "guard",
    summary: "Watches while its phase runs",
    doc: "Looks again and again; when it does not pass `misses` times in a row the phase fails, once what is \
          running has ended (`interrupts` stops it). Off while unwinding.",
    example: r#"phase "Upgrade" {
  guard "The API answers" every 15s misses 3 { run curl -fsS http://127.0.0.1:8080/ready }
  wait 1m "Settle"
}"#,
    stands_in: SCOPES,
    operands: &[SlotKind::Title],
    options: &[
        EVERY,
        OptionSpec {
            word: "misses",
            parts: &[Part::Slot(SlotKind::Int)],
            doc: "How many looks in a row must not pass; 1 unless given.",
        },
        flag("interrupts", "Stops the effect that is running."),
    ],
    needed: &["every"],
    block: BlockOf::Required(Place::Guard),
    ..BASE
};

/// Watched by the phase or run that it stands in.
pub(crate) fn lower<'p>(stmt: &'p Stmt, low: &mut Lowering<'p>) {
    let title = low.title(stmt);
    let every = low.option_typed(&stmt.options, "every");
    let Some(every) = low.pause(every) else {
        return low.needs(stmt.span, "guard", "every 15s");
    };
    let misses = low.option_number(&stmt.options, "misses", 1, 1_000_000).unwrap_or(1);
    let interrupts = has(&stmt.options, "interrupts");
    let body = low.within(Context::looking(), |low| low.block(stmt.span, &stmt.body));
    low.entitle(body, Some(title.clone()), stmt.prose.as_ref());
    low.watch(Watch { kind: WatchKind::Guard { misses, interrupts }, title, every, body });
}
