//! What a report tells: data, without a word of Markdown or HTML.

use jiff::Timestamp;

use super::scale::Scale;
use super::text::Text;

/// How something went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tone {
    /// Beside the point.
    Plain,
    /// Well.
    Good,
    /// Wrong.
    Bad,
    /// To be looked at.
    Alert,
}

/// The story of a run.
#[derive(Debug)]
pub struct Story {
    /// Its short id.
    pub(super) run: Text,
    /// Title of the runbook.
    pub(super) title: Text,
    /// Version of the runbook.
    pub(super) version: String,
    /// What the runbook says of itself.
    pub(super) prose: Option<Text>,
    /// How it stands.
    pub(super) standing: Standing,
    /// What is open in it, a word and what belongs to it; nothing where a process drives it or it is over.
    pub(super) open: Vec<(&'static str, Vec<Text>)>,
    /// When, by whom, under which plan.
    pub(super) facts: Vec<(&'static str, Text)>,
    /// What it came to, a word and what belongs to it.
    pub(super) summary: Vec<(&'static str, Vec<Text>)>,
    /// Its inputs.
    pub(super) inputs: Vec<(Text, Text)>,
    /// When it began; times of the same day are told without it.
    pub(super) began: Timestamp,
    /// When its last event was recorded.
    pub(super) last: Timestamp,
    /// What went on when.
    pub(super) bars: Vec<Bar>,
    /// So many more bars would be too many.
    pub(super) bars_left_out: usize,
    /// Where times stand in the timeline.
    pub(super) scale: Scale,
    /// What people said.
    pub(super) people: Vec<Said>,
    /// Everything that was told, in order.
    pub(super) log: Vec<Told>,
    /// What programs and requests came to.
    pub(super) effects: Vec<EffectTold>,
    /// Effects that were passed over: too many to be read.
    pub(super) effects_left_out: usize,
    /// What was produced and what was kept.
    pub(super) files: Vec<FileTold>,
    /// What it was made of.
    pub(super) sources: Vec<(Text, String)>,
}

/// How a run stands.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Standing {
    pub(super) word: &'static str,
    pub(super) tone: Tone,
    /// Why, or under which name.
    pub(super) why: Option<Text>,
}

/// Something that takes time.
#[derive(Clone, Debug)]
pub(super) struct Bar {
    pub(super) depth: usize,
    pub(super) title: Text,
    pub(super) began: Timestamp,
    /// `None` while it goes on.
    pub(super) ended: Option<Timestamp>,
    pub(super) tone: Tone,
    pub(super) sort: Sort,
}

/// What a bar stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sort {
    /// Something that holds others.
    Around,
    /// A step, a check.
    Work,
    /// An undo.
    Undo,
    /// A person, a time, nobody.
    Wait,
}

/// What a person said.
#[derive(Debug)]
pub(super) struct Said {
    pub(super) at: Timestamp,
    pub(super) who: Text,
    pub(super) words: Text,
    /// What was put before that person.
    pub(super) shown: Option<Text>,
}

/// A line of the run.
#[derive(Debug)]
pub(super) struct Told {
    /// `None` where it stands for lines that were left out.
    pub(super) at: Option<Timestamp>,
    pub(super) depth: usize,
    pub(super) tone: Tone,
    pub(super) strong: bool,
    pub(super) text: Text,
}

/// What an effect came to.
#[derive(Debug)]
pub(super) struct EffectTold {
    pub(super) at: Timestamp,
    /// The headings above it.
    pub(super) place: Text,
    pub(super) shown: Text,
    pub(super) result: Text,
    pub(super) tone: Tone,
    pub(super) took: String,
    /// Its output: the file's name, size and hash.
    pub(super) output: Option<(Text, u64, String)>,
}

/// A file of the run.
#[derive(Debug)]
pub(super) struct FileTold {
    pub(super) name: Text,
    /// `artifact`, or `evidence` where it is kept with the run.
    pub(super) what: &'static str,
    pub(super) bytes: u64,
    /// Lower-case hex.
    pub(super) sha256: String,
}
