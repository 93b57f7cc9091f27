//! What belongs to a scope: watches, handlers, windows, and what may stand at the top only.

use super::{Context, Lowering, given, word};
use crate::diag::codes;
use crate::plan::{Handler, HandlerWhen, Watch, Window};
use crate::program::{GivenOption, Stmt};
use crate::text::Span;
use crate::value::{Expr, Value};

/// What a text with days and times stands for.
#[derive(Clone, Copy)]
pub(crate) enum Moment {
    /// From when until when.
    Window,
    /// Its next beginning.
    Point,
}

impl<'p> Lowering<'p> {
    /// Adds a guard or beat to the innermost phase, else to the run.
    pub(crate) fn watch(&mut self, watch: Watch) {
        if let Some(watches) = self.watches.last_mut() {
            watches.push(watch);
        }
    }

    /// Adds a handler of the run; those of a called runbook do not run.
    pub(crate) fn handler(&mut self, stmt: &'p Stmt, when: HandlerWhen) {
        if self.called > 0 {
            return;
        }
        let body = self.within(Context::looking(), |low| low.block(stmt.span, &stmt.body));
        let title = Expr::Const(Value::Text(when.words().into()));
        self.entitle(body, Some(title), stmt.prose.as_ref());
        self.handlers.push(Handler { when, body });
    }

    /// Reports a statement that holds for the whole run and stands deeper than in a top-level phase.
    pub(crate) fn top_level(&mut self, stmt: &Stmt) {
        let word = stmt.schema.word;
        let head = self.head(stmt.span);
        if self.called > 0 && word == "commit" {
            let message = "a called runbook has a `commit`, and the run is not its own";
            let help = "put the `commit` into the runbook that calls it, or run this one by itself";
            self.error(codes::NOT_TOP_LEVEL, head, message, help);
        } else if self.phases > 1 {
            let message = format!("`{word}` stands in a phase inside a phase");
            let help = "move it to the top of the runbook, or into a phase there";
            self.error(codes::NOT_TOP_LEVEL, head, message, help);
        }
    }

    /// The window after an option, known to parse.
    pub(crate) fn window(&mut self, options: &[GivenOption], option: &str) -> Option<String> {
        let (text, span) = word(&given(options, option)?.values, 0)?;
        let text = text.to_owned();
        self.window_text(&text, span, Moment::Window)
    }

    /// A moment or window as text, known to parse.
    pub(crate) fn window_text(&mut self, text: &str, span: Span, what: Moment) -> Option<String> {
        match Window::parse(text) {
            Ok(_) => Some(text.to_owned()),
            Err(why) => {
                let (what, help) = match what {
                    Moment::Window => {
                        ("window", "write days, times and a time zone: \"Sat 02:00-04:00 Europe/Paris\"")
                    }
                    Moment::Point => {
                        ("moment", "write a day, a time and a time zone: \"Sat 02:00 Europe/Paris\"")
                    }
                };
                let message = format!("\"{text}\" is no {what}: {why}");
                self.error(codes::BAD_WINDOW, span, message, help);
                None
            }
        }
    }
}
