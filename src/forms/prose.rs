//! `prose`: text for people.

use super::shape::{BASE, EVERYWHERE};
use crate::program::Schema;

/// What the statement declares.
pub(crate) static SCHEMA: Schema = Schema {
    word: "prose",
    summary: "Text for people",
    doc: "Markdown between `\"\"\"`; belongs to the block that it opens. It stays as it is: values are put into titles and texts in quotes, not into it.",
    example: r#"manual "Tell the customers" irreversible {
  """
  By the usual mail.
  """
}"#,
    stands_in: EVERYWHERE,
    ..BASE
};
