//! `given` in a scenario: how something answers.

use super::shape::{BASE, flag};
use crate::program::{OptionSpec, Part, Place, Schema, SlotKind};

/// What the statement declares.
pub(crate) static SCHEMA: Schema = Schema {
    word: "given",
    summary: "How a step, check or question answers in a scenario",
    doc: "Names it by its title or the end of its path; `undo:` before that means its rollback. The failures are those of \
          `run --inject`, at every attempt. What is not named goes well.",
    example: r#"scenario "Nobody answers" {
  given "Which way?" answers "Stop"
  given "undo:Migrate" failure
  ends "stuck"
}"#,
    stands_in: &[Place::Scenario],
    operands: &[SlotKind::FixedText],
    options: &[
        flag("failure", "It is done, and fails; of a check or a person it is a no."),
        flag("clean", "It certainly changed nothing."),
        flag("unknown", "It is done, and nobody knows."),
        flag("hang", "It is done, and no answer comes."),
        flag("crash", "It is done, and the process dies."),
        OptionSpec { word: "answers", parts: &[Part::Slot(SlotKind::Any)], doc: "A person says that." },
    ],
    ..BASE
};
