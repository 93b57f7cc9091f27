//! What many schemas share: sets of places, common options, and a base to build on.

use crate::program::{BlockOf, Flow, OptionSpec, Part, Place, Schema, SlotKind, TailOf};

/// A schema that declares nothing; each kind says what differs.
pub(crate) const BASE: Schema = Schema {
    word: "",
    summary: "",
    doc: "",
    example: "",
    stands_in: &[],
    never_inside: &[],
    operands: &[],
    options: &[],
    needed: &[],
    block: BlockOf::None,
    tail: TailOf::None,
    flow: Flow::Inner,
    effect: false,
    judges: false,
    ends: false,
    gives: None,
    provides: &[],
};

/// The places of several sets as one.
macro_rules! places {
    ($($set:expr),+ $(,)?) => {{
        const PLACES: [Place; 0 $(+ $set.len())+] = joined(&[$($set),+]);
        &PLACES
    }};
}

/// The sets one after the other; the length is that of all.
const fn joined<const LENGTH: usize>(mut sets: &[&[Place]]) -> [Place; LENGTH] {
    let mut places = [Place::Runbook; LENGTH];
    let mut at = 0;
    while let Some((set, others)) = sets.split_first() {
        let (_, free) = places.split_at_mut(at);
        free.split_at_mut(set.len()).0.copy_from_slice(set);
        at += set.len();
        sets = others;
    }
    places
}

/// Blocks whose statements are steps of the way: they hold steps, and effects only as `look`.
pub(crate) const FLOW: &[Place] =
    &[Place::Runbook, Place::Phase, Place::Attempt, Place::Answer, Place::Parallel];

/// The blocks of a step.
pub(crate) const STEP: &[Place] = &[Place::Step, Place::Manual];

/// Where the world is changed: in a step, and where it is undone.
const CHANGING: &[Place] = places!(STEP, &[Place::Undo]);

/// Blocks that only look.
const LOOKING: &[Place] = &[Place::Check, Place::Guard, Place::DoneWhen, Place::ModuleCheck];

/// Blocks beside the way: around the outcome, and again and again.
const BESIDE: &[Place] = &[Place::Handler, Place::Every];

const GATE: &[Place] = &[Place::Gate];

/// The blocks of effects.
const CLAUSES: &[Place] = &[Place::RunBlock, Place::FenceBlock, Place::HttpBlock];

/// Where a time may be waited for.
pub(crate) const WAITING: &[Place] = places!(FLOW, CHANGING);

/// Where an effect that changes the world, or a look, may stand.
pub(crate) const EFFECTS: &[Place] = places!(WAITING, LOOKING, BESIDE);

/// Where the blocks stand that are the same place inside as outside (`if`, `for`), and calls into modules.
pub(crate) const EVERYWHERE: &[Place] = places!(EFFECTS, GATE);

/// Where a plain binding may stand: everywhere that names are seen.
pub(crate) const LETS: &[Place] = places!(EVERYWHERE, CLAUSES, &[Place::Module, Place::Scenario]);

/// Where a person may be asked something.
pub(crate) const PEOPLE: &[Place] = places!(WAITING, GATE, BESIDE);

/// Where a check may stand: where a person may be asked.
pub(crate) const CHECKS: &[Place] = PEOPLE;

/// Where a person may confirm: as [`PEOPLE`], and in a check.
pub(crate) const CONFIRMING: &[Place] = places!(PEOPLE, &[Place::Check]);

/// Where a person may judge: as [`CONFIRMING`], but not beside the way.
pub(crate) const JUDGING: &[Place] = places!(WAITING, GATE, &[Place::Check]);

/// Where something may be said or kept: everywhere that something is done.
pub(crate) const RECORDING: &[Place] = places!(PEOPLE, &[Place::Check, Place::ModuleCheck]);

/// Where an approval may stand.
pub(crate) const GATED: &[Place] = places!(FLOW, GATE);

/// Where a `given` judges what was looked at.
pub(crate) const JUDGED: &[Place] = places!(LOOKING, CHANGING, BESIDE);

/// Where an `expect` may stand: as [`JUDGED`], and in the block of an effect.
pub(crate) const EXPECTING: &[Place] = places!(JUDGED, CLAUSES);

/// Blocks that are scopes: of guards, beats, locks and the point of no return.
pub(crate) const SCOPES: &[Place] = &[Place::Runbook, Place::Phase];

/// What gives a module's definition its value.
pub(crate) const RETURNS: &[Place] = &[Place::ModuleCheck, Place::Step];

/// Statements inside which the run may not pass a point that holds for all of it.
pub(crate) const NOT_NESTED: &[&str] = &["for", "parallel", "attempt", "repeat", "if", "choose", "every"];

/// An option of a word alone.
pub(crate) const fn flag(word: &'static str, doc: &'static str) -> OptionSpec {
    OptionSpec { word, parts: &[], doc }
}

/// `by "role"`.
pub(crate) const BY: OptionSpec = OptionSpec {
    word: "by",
    parts: &[Part::Slot(SlotKind::Role)],
    doc: "The role of `bowline.toml` that answers; roles are bound to people when the run starts. \
          `operator` is whoever drives the run.",
};

/// `retry 3`.
pub(crate) const RETRY: OptionSpec = OptionSpec {
    word: "retry",
    parts: &[Part::Slot(SlotKind::Int)],
    doc: "Further attempts of an effect that failed.",
};

/// `every 10s`, the time between attempts or looks.
pub(crate) const EVERY: OptionSpec = OptionSpec {
    word: "every",
    parts: &[Part::Slot(SlotKind::Duration)],
    doc: "Time between two attempts or looks.",
};

/// `within 10m`.
pub(crate) const WITHIN: OptionSpec = OptionSpec {
    word: "within",
    parts: &[Part::Slot(SlotKind::Duration)],
    doc: "The longest time that is waited for a yes.",
};

/// `once` of an undo.
pub(crate) const ONCE: OptionSpec =
    flag("once", "Not safe to repeat: a failed or unknown one is stuck at once.");

/// `best effort` of an undo.
pub(crate) const BEST_EFFORT: OptionSpec = OptionSpec {
    word: "best",
    parts: &[Part::Word("effort")],
    doc: "A failure goes on to the next undo; the end is then failed, kept.",
};

/// `timeout 10m` of a step.
pub(crate) const TIMEOUT: OptionSpec = OptionSpec {
    word: "timeout",
    parts: &[Part::Slot(SlotKind::Duration)],
    doc: "A limit over all attempts of its effects; the time of people does not count.",
};

/// `atomic`.
pub(crate) const ATOMIC: OptionSpec =
    flag("atomic", "A failure leaves nothing behind, so a failed step owes no undo.");

/// `idempotent`.
pub(crate) const IDEMPOTENT: OptionSpec =
    flag("idempotent", "May be done again when nobody knows whether it was done.");

/// `irreversible`.
pub(crate) const IRREVERSIBLE: OptionSpec =
    flag("irreversible", "It cannot be undone; the plan says what stays when a later step fails.");

/// `on "target"`.
pub(crate) const ON: OptionSpec = OptionSpec {
    word: "on",
    parts: &[Part::Slot(SlotKind::Target)],
    doc: "The target of `bowline.toml` where its programs run and its files are, those of its rollback too; a name in \
          quotes, or a value that holds one. `local` is this machine.",
};

/// `dir "folder"`.
pub(crate) const DIR: OptionSpec = OptionSpec {
    word: "dir",
    parts: &[Part::Slot(SlotKind::Text)],
    doc: "The folder in which its programs start, those of its rollback too.",
};

/// `terminal`.
pub(crate) const TERMINAL: OptionSpec = flag("terminal", "Its programs get the real terminal.");

/// `if cond`.
pub(crate) const IF: OptionSpec = OptionSpec {
    word: "if",
    parts: &[Part::Slot(SlotKind::Bool)],
    doc: "Skipped, owing nothing, where the condition does not hold.",
};

/// `due 15m after x`.
pub(crate) const DUE: OptionSpec = OptionSpec {
    word: "due",
    parts: &[Part::Slot(SlotKind::Duration), Part::Word("after"), Part::Slot(SlotKind::Any)],
    doc: "Late is recorded: so long after the end of a step (by its title) or after a `time`.",
};

/// `deprecated by "name" removal 2.0.0` of a definition in a module.
pub(crate) const DEPRECATED: OptionSpec = OptionSpec {
    word: "deprecated",
    parts: &[
        Part::Word("by"),
        Part::Slot(SlotKind::FixedText),
        Part::Word("removal"),
        Part::Slot(SlotKind::Any),
    ],
    doc: "Another definition of the module stands in its place, and the version of the module that no longer has this \
          one. Whoever calls it is told (`W0302`), with the edit where both are called alike.",
};

/// What a `step` in a module takes after its title.
pub(crate) const MODULE_STEP_OPTIONS: &[OptionSpec] =
    &[TIMEOUT, RETRY, EVERY, ATOMIC, IDEMPOTENT, IRREVERSIBLE, ON, DIR, TERMINAL, IF, DUE, DEPRECATED];

/// What `step` takes after its title.
pub(crate) const STEP_OPTIONS: &[OptionSpec] =
    &[TIMEOUT, RETRY, EVERY, ATOMIC, IDEMPOTENT, IRREVERSIBLE, ON, DIR, TERMINAL, IF, DUE];

/// What `manual` takes after its title.
pub(crate) const MANUAL_OPTIONS: &[OptionSpec] =
    &[TIMEOUT, RETRY, EVERY, ATOMIC, IDEMPOTENT, IRREVERSIBLE, ON, DIR, TERMINAL, IF, DUE, BY];
