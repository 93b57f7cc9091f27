//! `module.step`: does a step, or asks a check, of a module.

use super::shape::{BASE, EFFECTS};
use crate::program::Schema;

/// What the statement declares.
pub(crate) static SCHEMA: Schema = Schema {
    word: "module.step",
    summary: "Does a step, or asks a check, of a module",
    doc: "A module step stands where a step stands and brings its rollback. A step may consist of exactly \
          one module step; what it says about undo then replaces what the module says. Inside `rollback` and \
          `restore` it is called without its own. A module check may be asked wherever one looks.",
    example: r#"check "Nothing else to see" { expect 1 + 1 == 2 }"#,
    stands_in: EFFECTS,
    ..BASE
};
