//! The facts.

use jiff::Timestamp;

pub use super::actor::{Actor, Attended, OPERATOR, OnFailure, Settings};
pub use super::carried::{Carried, Carry};
pub use super::id::{EffectId, FrameId, Key};
pub use super::note::{Begun, Holder, OutputRef, ReplyNote, SourceRef};
pub use super::outcome::{Choice, Ending, Fault, Outcome, Settlement, Verdict};

use super::Injection;
use crate::approval::{Roster, Vote};
use crate::plan::NodeId;
use crate::value::{Value, VarId};

/// Something that happened, with its place in the run.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// From 1, without gaps.
    pub seq: u64,
    /// When it was recorded, UTC.
    pub at: Timestamp,
    /// What.
    pub fact: Fact,
}

/// What is undone together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Undoing {
    /// Rollbacks and restores: the scope failed.
    All,
    /// Restores only: the scope ended well, or failed after `commit`.
    Restores,
}

/// An input's value as it is kept; a secret is hollow and has a salted fingerprint.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredInput {
    /// The variable.
    pub var: VarId,
    /// Its value.
    pub value: Value,
    /// Hex of SHA-256 over salt and text, for secrets.
    pub fingerprint: Option<String>,
}

/// What happened.
#[derive(Clone, Debug, PartialEq)]
pub enum Fact {
    /// The run began. The first event.
    Started {
        /// The plan that it runs.
        digest: String,
        /// The folder where it was started.
        dir: String,
        /// The folders in which programs are found (`PATH`), then and after every resume.
        path: String,
        /// Salt of the fingerprints.
        salt: String,
        /// The files that the plan was made of, the runbook first.
        sources: Vec<SourceRef>,
        /// The inputs.
        inputs: Vec<StoredInput>,
        /// How.
        settings: Settings,
    },
    /// The run begins at a step, not at its first: what stands before that is left out.
    StartedLate {
        /// The step.
        node: NodeId,
        /// The same, as the operator named it.
        place: String,
        /// Why.
        why: String,
        /// Who said so.
        by: Actor,
    },
    /// The run goes on from where another left off, under another plan. What stands before this is what that run did,
    /// as this plan has it.
    PlannedAnew {
        /// The other run's short id.
        from: String,
        /// The plan that it had.
        digest: String,
        /// Lower-case hex of the last hash of its chain, before it ended.
        head: String,
        /// Why.
        why: String,
        /// Who said so.
        by: Actor,
    },
    /// What was done under the plan before stands here as a person said, where this plan has something else.
    Carried(Carried),
    /// Something was done under the plan before that nothing in this plan undoes.
    LeftBehind {
        /// What, as a reader knows it.
        what: String,
        /// Why.
        why: String,
        /// Who said so.
        by: Actor,
    },
    /// Somebody holds a role from here on, as it was bound when a process took the run up.
    RoleBound {
        /// The role.
        role: String,
        /// Who holds it.
        person: String,
        /// Who said so.
        by: Actor,
    },
    /// Somebody else holds a role from here on, the one who drives the run among them (`bowline handover`).
    /// Recorded while no process drives it.
    HandedOver {
        /// The role; `operator` is who drives.
        role: String,
        /// Who held it, if that is known.
        from: Option<String>,
        /// Who holds it now.
        to: String,
        /// Who said so.
        by: Actor,
        /// What was said with it; may be empty.
        note: String,
    },
    /// Who may approve, and with which keys, from the start of the run on.
    Enrolled {
        /// They.
        roster: Roster,
    },
    /// People are asked to approve: the text that they sign. Each attempt of an approval has another.
    Requested {
        /// The approval.
        effect: EffectId,
        /// Since when; its time runs from here.
        asked: Timestamp,
        /// The text, masked; from then on it stands as it is.
        text: String,
    },
    /// Somebody approved, rejected or stepped aside; verified.
    Voted {
        /// The approval.
        effect: EffectId,
        /// The file that it came in.
        file: String,
        /// Lower-case hex SHA-256 of what was in it.
        sha256: String,
        /// What was said.
        vote: Vote,
    },
    /// Something that was handed in for an approval does not count. Decides nothing.
    VoteRefused {
        /// The file that it came in.
        file: String,
        /// Lower-case hex SHA-256 of what was in it, so that it is told once.
        sha256: String,
        /// Why not.
        why: String,
    },
    /// A process took the run up again. Whatever was in flight has an unknown outcome from here on,
    /// unless it only looks or asks.
    Resumed {
        /// How.
        settings: Settings,
    },
    /// A secret is another one from here on than the run was started with: somebody said that it goes on so.
    SecretChanged {
        /// The input.
        var: VarId,
        /// Hex of SHA-256 over salt and the new text.
        fingerprint: String,
        /// Who said so.
        by: Actor,
    },
    /// A process makes something fail on purpose, once, from here on (`--inject`). Decides nothing: what comes of
    /// it is recorded as if it had happened by itself.
    Injected {
        /// What, as the operator named it.
        place: String,
        /// What happens to it.
        kind: Injection,
        /// Who said so.
        by: Actor,
    },
    /// A group, turn or look began.
    Entered {
        /// Its number.
        frame: FrameId,
        /// In which.
        parent: FrameId,
        /// Of which node.
        node: NodeId,
        /// Which instance.
        key: Option<Key>,
    },
    /// A group, turn or look ended.
    Left {
        /// Which.
        frame: FrameId,
        /// How.
        verdict: Verdict,
    },
    /// A node was passed over.
    Skipped {
        /// In which frame it would have stood.
        frame: FrameId,
        /// The node.
        node: NodeId,
        /// Why.
        why: String,
        /// By whom, unless a condition did.
        by: Option<Actor>,
    },
    /// A list of a `for` was read.
    Listed {
        /// The loop's frame.
        frame: FrameId,
        /// The items.
        items: Vec<Value>,
    },
    /// A variable got its value. A tainted one is hollow and computed again when needed.
    Bound {
        /// In which frame.
        frame: FrameId,
        /// The variable.
        var: VarId,
        /// The value.
        value: Value,
    },
    /// An effect is about to start: the intent.
    Began(Begun),
    /// A child process is there. Recorded without a sync.
    Spawned {
        /// Whose.
        effect: EffectId,
        /// Process id.
        pid: u32,
        /// Its start time, in clock ticks since boot.
        started: u64,
        /// Which boot.
        boot: String,
    },
    /// An attempt of an effect ended.
    Ended {
        /// Which.
        effect: EffectId,
        /// How.
        outcome: Outcome,
        /// What it bound.
        values: Vec<(VarId, Value)>,
        /// For reports.
        note: ReplyNote,
    },
    /// A time that was waited for has come.
    Due {
        /// The frame that waited.
        frame: FrameId,
        /// The node that waited.
        node: NodeId,
    },
    /// A node failed that is not an effect that ended (an expectation, a limit, `fail`, a value that is
    /// missing, a broken guard). Its place is frame and node; the frame's own node means the frame itself.
    Failed {
        /// In which frame.
        frame: FrameId,
        /// The node.
        node: NodeId,
        /// What kind.
        fault: Fault,
        /// Why, masked.
        why: String,
    },
    /// A question that cannot go on now: nobody is there to answer.
    Unanswered {
        /// The question.
        effect: EffectId,
        /// For what it waits, in words.
        why: String,
    },
    /// What failed is tried again by itself, now or after a pause.
    Retrying {
        /// In which frame.
        frame: FrameId,
        /// The node; the frame's own node means an undo that was left unverified, as a whole.
        node: NodeId,
        /// Which of the further attempts it is, from 1.
        number: u32,
        /// So many further attempts there are at most.
        of: u32,
        /// When it begins.
        at: Timestamp,
    },
    /// An `exclusive` that cannot go on now: another run holds the lock.
    Held {
        /// The `exclusive`.
        effect: EffectId,
        /// Who holds what.
        by: Holder,
    },
    /// The question after a failure, about an unknown outcome, a hold or a cancel was decided (by a person or the policy).
    Decided {
        /// In which frame.
        frame: FrameId,
        /// The node that failed; the frame's own node means the frame itself.
        node: NodeId,
        /// How it goes on.
        choice: Choice,
        /// By whom; `None` is the policy.
        by: Option<Actor>,
        /// What was said with a choice that has no reason of its own.
        note: Option<String>,
    },
    /// A person settled what was stuck (`bowline settle`).
    Settled {
        /// In which frame.
        frame: FrameId,
        /// The node that is stuck.
        node: NodeId,
        /// How.
        how: Settlement,
        /// By whom.
        by: Actor,
        /// What was said with it, where it has no reason of its own.
        note: Option<String>,
    },
    /// Stop was asked for.
    CancelRequested {
        /// By whom.
        by: Actor,
    },
    /// The unwinding of a scope began.
    Unwinding {
        /// The frame of the run, attempt, phase or call.
        frame: FrameId,
        /// What of it.
        what: Undoing,
    },
    /// The unwinding of a scope is finished.
    Unwound {
        /// Its frame.
        frame: FrameId,
    },
    /// The point of no return was passed; what was owed as rollbacks is owed no more.
    Committed {
        /// In which frame.
        frame: FrameId,
        /// The node.
        node: NodeId,
    },
    /// An `end` was reached: the run stops well.
    Concluded {
        /// In which frame.
        frame: FrameId,
        /// The node.
        node: NodeId,
        /// The outcome's name.
        name: String,
    },
    /// Somebody went on with the run at its briefing, and said that beside the yes.
    GoneOn {
        /// Who.
        by: Actor,
        /// What was said.
        note: String,
    },
    /// A step ended after it was due.
    Overdue {
        /// The step's frame.
        frame: FrameId,
        /// When it was due.
        due: Timestamp,
    },
    /// A missed beat, a blind gap of a guard, a leftover process: worth recording, decides nothing.
    Noted {
        /// Where.
        frame: FrameId,
        /// What.
        text: String,
    },
    /// The run reached its end. The last event.
    Finished {
        /// Which.
        ending: Ending,
        /// The name given by `end`, or the reason.
        name: Option<String>,
    },
    /// The process leaves; the run waits.
    Suspended {
        /// When something is due, if a time is.
        until: Option<Timestamp>,
        /// For what it waits, in words.
        why: String,
    },
}
