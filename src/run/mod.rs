//! The pure core that decides, and the loop that carries it out through a host and a journal.
//!
//! `decide` looks at plan and state and names what to do next. It does no I/O, reads no clock and
//! draws no random number. The same core serves a real run, resume, test and drill.

pub mod anew;
mod approvals;
mod choices;
pub mod decide;
pub mod door;
mod drive;
mod ends;
mod judge;
mod look_again;
mod missing;
mod needs;
mod open;
mod path;
mod refill;
mod render;
mod reply;
mod request;
mod seal;
mod settle;
mod tape;
pub mod testing;
mod time;
mod used;
mod votes;

pub use approvals::{OpenApproval, approvals_of, counted, open_approvals, with_handed_in};
pub use choices::{Verb, open_verbs};
pub use door::{
    Answered, ArgText, Capture, Captured, Content, Failure, HandedIn, Host, HttpReply, HttpRequest, Journal,
    JournalError, Paper, PersonReply, Program, ProgramReply, QuestionShown, Reply, Report, Request, StopHow,
    Then, WayBack, Work,
};
pub use drive::{DriveError, View, World, drive};
pub use ends::{ExitCode, end_of};
pub use needs::{Need, asked, needs};
pub use open::{LeftOpen, Stands};
pub use path::{is_called, meant};
pub use refill::{Gap, Giver, refill, supply};
pub use render::{OwedUndo, Wrong, owed_undos, path_of};
pub use seal::{Mask, sealed, sealed_value};
pub use settle::{InDoubt, SettleError, Stopped, Word, in_doubt, settlement, still_in_doubt};
pub use tape::Tape;
pub use used::{UsedAnswer, used_answers};
