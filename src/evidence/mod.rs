//! A run as evidence: the pack, its in-toto statement, and what can be verified of it offline.
//!
//! Pure: bytes come from readers and go to writers that are given. Knows the stored events of the
//! journal, but opens no file and no journal. What a pack holds and proves: `docs/evidence.md`.

mod archive;
mod compare;
mod dsse;
mod entry;
mod finding;
mod names;
mod pack;
mod reading;
mod record;
mod statement;
mod verify;
mod votes;

pub use dsse::{Envelope, NAMESPACE, PAYLOAD_TYPE, Signature, pae};
pub use finding::Finding;
pub use names::{EVENTS, Folder, PLAN, REPORT_HTML, REPORT_MD, RUN, STATEMENT, folder_of, source_name};
pub use pack::{Item, Open, PackError, Packed, Sign, write};
pub use record::{Promise, Record};
pub use statement::{PREDICATE_TYPE, RunFacts, STATEMENT_TYPE, Statement, Subject};
pub use verify::{Checked, Judge, Signed, verify};
pub use votes::Paper;
