//! Version 1 of the stored facts: a table. `docs/journal.md` tells it in words.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

use super::form::{Stored, stored};
use super::value::Value;
use crate::{approval, event, plan, value};

stored! {
    number FrameId(u64) keeps event::FrameId;
    number EffectId(u64) keeps event::EffectId;
    number NodeId(u32) keeps plan::NodeId;
    number VarId(u32) keeps value::VarId;

    enum Fact keeps event::Fact {
        Started {
            digest: String, dir: String, path: String, salt: String, sources: Vec<SourceRef>,
            inputs: Vec<StoredInput>, settings: Settings,
        },
        StartedLate { node: NodeId, place: String, why: String, by: Actor },
        PlannedAnew { from: String, digest: String, head: String, why: String, by: Actor },
        Carried(carried: Carried),
        LeftBehind { what: String, why: String, by: Actor },
        RoleBound { role: String, person: String, by: Actor },
        HandedOver { role: String, from: Option<String>, to: String, by: Actor, note: String },
        Enrolled { roster: Roster },
        Requested { effect: EffectId, asked: Timestamp, text: String },
        Voted { effect: EffectId, file: String, sha256: String, vote: Vote },
        VoteRefused { file: String, sha256: String, why: String },
        Resumed { settings: Settings },
        SecretChanged { var: VarId, fingerprint: String, by: Actor },
        Injected { place: String, kind: Injection, by: Actor },
        Entered { frame: FrameId, parent: FrameId, node: NodeId, key: Option<Key> },
        Left { frame: FrameId, verdict: Verdict },
        Skipped { frame: FrameId, node: NodeId, why: String, by: Option<Actor> },
        Listed { frame: FrameId, items: Vec<Value> },
        Bound { frame: FrameId, var: VarId, value: Value },
        Began(begun: Begun),
        Spawned { effect: EffectId, pid: u32, started: u64, boot: String },
        Ended { effect: EffectId, outcome: Outcome, values: Vec<(VarId, Value)>, note: ReplyNote },
        Due { frame: FrameId, node: NodeId },
        Failed { frame: FrameId, node: NodeId, fault: Fault, why: String },
        Unanswered { effect: EffectId, why: String },
        Retrying { frame: FrameId, node: NodeId, number: u32, of: u32, at: Timestamp },
        Held { effect: EffectId, by: Holder },
        Decided { frame: FrameId, node: NodeId, choice: Choice, by: Option<Actor>, note: Option<String> },
        Settled { frame: FrameId, node: NodeId, how: Settlement, by: Actor, note: Option<String> },
        CancelRequested { by: Actor },
        Unwinding { frame: FrameId, what: Undoing },
        Unwound { frame: FrameId },
        Committed { frame: FrameId, node: NodeId },
        Concluded { frame: FrameId, node: NodeId, name: String },
        Overdue { frame: FrameId, due: Timestamp },
        Noted { frame: FrameId, text: String },
        GoneOn { by: Actor, note: String },
        Finished { ending: Ending, name: Option<String> },
        Suspended { until: Option<Timestamp>, why: String },
    }

    enum Key keeps event::Key { Item(text: Arc<str>), Turn(turn: u32), Undo(frame: FrameId) }
    enum Injection keeps event::Injection { Failure, Clean, Unknown, Hang, Crash }
    enum Undoing keeps event::Undoing { All, Restores }
    enum Fault keeps event::Fault { Failed, Decided, Inconclusive }
    enum Attended keeps event::Attended { Terminal, Nobody, File }
    enum OnFailure keeps event::OnFailure { Rollback, Hold }
    enum Outcome keeps event::Outcome { Done, FailedClean, Failed, Unknown, Alive, Inconclusive }
    enum Ending keeps event::Ending { Completed, RolledBack, FailedKept, Superseded }
    enum Carry keeps event::Carry { Keep, Again, Done }

    enum Verdict keeps event::Verdict {
        Passed, InPlace, Failed(why: String), Inconclusive(why: String), Stopped,
    }
    enum Choice keeps event::Choice {
        Retry, ByHand(why: String), GoOn(why: String), Rollback, Leave, GiveUp(why: String), Run,
        Waive { why: String, until: Timestamp },
    }
    enum Settlement keeps event::Settlement {
        Again, Done(why: String), Skip(why: String), Rollback, GiveUp(why: String),
    }

    struct Holder keeps event::Holder { lock: String, run: String, since: Timestamp }
    enum VoteChoice keeps approval::VoteChoice { Approve(why: String), Reject(why: String), Decline(why: String) }
    struct Vote keeps approval::Vote {
        person: String, choice: VoteChoice, arrived: Timestamp, key: Option<String>, statement: String,
        signature: Option<String>,
    }
    struct Roster keeps approval::Roster {
        run: String, signed: bool, groups: Vec<(String, Vec<String>)>, signers: Vec<String>,
    }

    struct Actor keeps event::Actor { name: String, from_file: bool }
    struct Settings keeps event::Settings {
        operator: Actor, attended: Attended, on_failure: OnFailure, stay: bool, bowline: String,
        step: bool,
    }
    struct SourceRef keeps event::SourceRef { name: String, sha256: String }
    struct StoredInput keeps event::StoredInput { var: VarId, value: Value, fingerprint: Option<String> }
    struct Begun keeps event::Begun {
        effect: EffectId, frame: FrameId, node: NodeId, attempt: u32, shown: String, on: Option<String>,
    }
    struct Carried keeps event::Carried {
        frame: FrameId, node: NodeId, how: Carry, values: Vec<(VarId, Value)>, started: bool, in_doubt: bool,
        why: String, by: Actor,
    }
    struct OutputRef keeps event::OutputRef { file: String, bytes: u64, sha256: String }
    struct ReplyNote keeps event::ReplyNote {
        message: String, code: Option<i32>, tail: String, output: Option<OutputRef>, kept: Option<OutputRef>,
        by: Option<Actor>, took_ms: u64,
    }
}
