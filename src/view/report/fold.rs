//! The story of a run, folded from its events.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::asked::{of_request, shown};
use super::facts;
use super::log::Log;
use super::open;
use super::scale::Scale;
use super::story::{Bar, EffectTold, FileTold, Said, Sort, Story, Tone};
use super::text::Text;
use crate::event::{
    Actor, Begun, Carried, EffectId, Event, Fact, FrameId, IllegalMove, Key, Outcome, ReplyNote, RunState,
    Verdict,
};
use crate::plan::{Act, NodeId, Op, Plan};
use crate::value::{Artifact, Value};
use crate::view::moment::took;
use crate::view::{Detail, Line, Live};

/// More effects are not listed one by one.
const EFFECTS_MOST: usize = 2000;
/// More bars cannot be read.
const BARS_MOST: usize = 250;
/// Nobody waited where it was less.
const SHORTEST_WAIT: SignedDuration = SignedDuration::from_millis(200);

/// The story of a run, from its events; events do not tell whether a process drives it on.
///
/// # Errors
/// At the first event that cannot follow.
pub fn tell(plan: &Plan, (run, driven): (&str, bool), events: &[Event]) -> Result<Story, IllegalMove> {
    let mut telling = Telling::new(plan, run);
    events.iter().try_for_each(|event| telling.event(event))?;
    Ok(telling.story((run, driven), events))
}

struct Telling<'a> {
    plan: &'a Plan,
    live: Live,
    state: RunState,
    log: Log,
    bars: Vec<Bar>,
    /// The bars of what is active.
    frames: BTreeMap<FrameId, usize>,
    effects: BTreeMap<EffectId, Open>,
    told: Vec<EffectTold>,
    left_out: usize,
    people: Vec<Said>,
    files: Vec<FileTold>,
    /// What the questions showed, by their effects: an answer may come after many a resume.
    shown: BTreeMap<EffectId, String>,
    /// The bars of what was waited for when a process left, by what it is: asked again it is the same wait.
    resting: BTreeMap<Wait, usize>,
    /// The bar of the time in which no process drives the run, where nothing else says what it waits for.
    away: Option<usize>,
}

/// What is waited for: something in a frame, or how to go on from it.
type Wait = (FrameId, NodeId, bool);

fn wait_of(begun: &Begun) -> Wait {
    (begun.frame, begun.node, begun.attempt == 0)
}

/// An effect in flight.
struct Open {
    begun: Begun,
    at: Timestamp,
    place: String,
    /// Its bar, where it is a person or a time.
    bar: Option<usize>,
}

impl<'a> Telling<'a> {
    fn new(plan: &'a Plan, run: &str) -> Self {
        Self {
            plan,
            live: Live::new(plan, run, Detail::All, TimeZone::UTC),
            state: RunState::default(),
            log: Log::default(),
            bars: vec![],
            frames: BTreeMap::new(),
            effects: BTreeMap::new(),
            told: vec![],
            left_out: 0,
            people: vec![],
            files: vec![],
            shown: BTreeMap::new(),
            resting: BTreeMap::new(),
            away: None,
        }
    }

    fn event(&mut self, event: &Event) -> Result<(), IllegalMove> {
        let asked = self.role_asked(&event.fact);
        self.state.apply(self.plan, event)?;
        let lines = self.live.event(self.plan, event, &self.state);
        match &event.fact {
            Fact::Entered { frame, key, .. } => self.entered(event.at, *frame, key.as_ref()),
            Fact::Left { frame, verdict } => self.left(event.at, *frame, verdict),
            Fact::Began(begun) => self.began(event.at, begun),
            Fact::Ended { effect, outcome, note, values } => {
                let artifacts = values.iter().filter_map(|(_, value)| artifact(value));
                self.files.extend(artifacts.map(produced));
                self.ended(event.at, *effect, *outcome, note);
            }
            Fact::Due { .. } | Fact::Decided { .. } | Fact::Settled { .. } => self.close_waits(event.at),
            Fact::Requested { effect, text, .. } => {
                self.shown.extend(of_request(text).map(|shown| (*effect, shown)));
            }
            Fact::Suspended { why, .. } => self.suspended(event.at, why),
            Fact::Resumed { .. } => self.taken_up(event.at),
            _ => {}
        }
        self.said(event, asked, &lines);
        self.log.add(event.at, lines);
        Ok(())
    }

    fn bar(&mut self, began: Timestamp, depth: usize, title: &str, sort: Sort) -> usize {
        let tone = if sort == Sort::Wait { Tone::Plain } else { Tone::Alert };
        self.bars.push(Bar { depth, title: Text::of(title), began, ended: None, tone, sort });
        self.bars.len() - 1
    }

    fn close(&mut self, bar: usize, at: Timestamp, tone: Tone) {
        if let Some(bar) = self.bars.get_mut(bar).filter(|bar| bar.ended.is_none()) {
            (bar.ended, bar.tone) = (Some(at), tone);
        }
    }

    fn entered(&mut self, at: Timestamp, frame: FrameId, key: Option<&Key>) {
        let Some((heading, depth)) = self.live.heading_of(frame) else { return };
        let heading = heading.to_owned();
        let sort = match (key, heading.split(' ').next()) {
            (Some(Key::Undo(_)), _) => Sort::Undo,
            (_, Some("step" | "manual" | "check")) => Sort::Work,
            _ => Sort::Around,
        };
        let bar = self.bar(at, depth, &heading, sort);
        self.frames.insert(frame, bar);
    }

    fn left(&mut self, at: Timestamp, frame: FrameId, verdict: &Verdict) {
        let tone = match verdict {
            Verdict::Passed | Verdict::InPlace => Tone::Good,
            Verdict::Failed(_) => Tone::Bad,
            Verdict::Inconclusive(_) | Verdict::Stopped => Tone::Alert,
        };
        if let Some(bar) = self.frames.remove(&frame) {
            self.close(bar, at, tone);
        }
    }

    fn began(&mut self, at: Timestamp, begun: &Begun) {
        let waits = matches!(self.act(begun), Some(Act::Person(_) | Act::Wait(_))) || begun.attempt == 0;
        let depth = self.live.depth_in(begun.frame);
        let title = if begun.attempt == 0 { "how to go on" } else { begun.shown.as_str() };
        let bar = waits.then(|| self.wait(at, depth, title, wait_of(begun)));
        if let Some(shown) = shown(self.plan, &self.state, begun) {
            self.shown.entry(begun.effect).or_insert(shown);
        }
        let place = self.live.path(begun.frame).join(" › ");
        self.effects.insert(begun.effect, Open { begun: begun.clone(), at, place, bar });
    }

    /// The bar of a wait; that which it had already, where it goes on behind a resume.
    fn wait(&mut self, at: Timestamp, depth: usize, title: &str, wait: Wait) -> usize {
        let same = |open: &Open| open.bar.filter(|_| wait_of(&open.begun) == wait);
        let kept = self.effects.values().find_map(same).or_else(|| self.resting.remove(&wait));
        let Some(bar) = kept else { return self.bar(at, depth, title, Sort::Wait) };
        if let Some(bar) = self.bars.get_mut(bar) {
            bar.ended = None;
        }
        bar
    }

    /// The process leaves; what it waits for may have a bar already.
    fn suspended(&mut self, at: Timestamp, why: &str) {
        let waits = self.effects.values().filter_map(|open| self.bars.get(open.bar?));
        let is_told = waits.map(|bar| &bar.title).any(|title| *title == Text::of(why));
        self.away = (!is_told).then(|| self.bar(at, 0, why, Sort::Wait));
    }

    fn act(&self, begun: &Begun) -> Option<&'a Act> {
        match &self.plan.node(begun.node)?.op {
            Op::Do(effect) => Some(&effect.act),
            _ => None,
        }
    }

    fn ended(&mut self, at: Timestamp, effect: EffectId, outcome: Outcome, note: &ReplyNote) {
        let Some(open) = self.effects.remove(&effect) else { return };
        if let Some(bar) = open.bar {
            return self.close(bar, at, Tone::Plain);
        }
        if let Some(kept) = &note.kept {
            let name = Text::of(&kept.file);
            let (bytes, sha256) = (kept.bytes, kept.sha256.clone());
            self.files.push(FileTold { name, what: "evidence", bytes, sha256 });
        }
        if self.told.len() >= EFFECTS_MOST {
            self.left_out += 1;
            return;
        }
        // Of a file that is there, its row among the files tells more.
        let produced = matches!(self.act(&open.begun), Some(Act::Artifact(_))) && outcome == Outcome::Done;
        let (result, tone) = if produced { ("done".into(), Tone::Good) } else { result(outcome, note) };
        let again =
            if open.begun.attempt > 1 { format!(", attempt {}", open.begun.attempt) } else { String::new() };
        let on = open.begun.on.as_ref().map(|on| format!(" on {on}")).unwrap_or_default();
        self.told.push(EffectTold {
            at: open.at,
            place: Text::of(format!("{}{on}{again}", open.place)),
            shown: Text::of(open.begun.shown.trim_end()),
            result: Text::of(result),
            tone,
            took: took(at.duration_since(open.at)),
            output: note.output.as_ref().map(|file| (Text::of(&file.file), file.bytes, file.sha256.clone())),
        });
    }

    /// Times that are over, and questions that were decided.
    fn close_waits(&mut self, at: Timestamp) {
        let over =
            |effect: &EffectId| self.state.site(*effect).and_then(|site| self.state.slot(site)).is_none();
        let closed: Vec<EffectId> = self.effects.keys().filter(|effect| over(effect)).copied().collect();
        for effect in closed {
            if let Some(bar) = self.effects.remove(&effect).and_then(|open| open.bar) {
                self.close(bar, at, Tone::Plain);
            }
        }
    }

    /// What was in flight when the process left is begun again, or is not.
    fn taken_up(&mut self, at: Timestamp) {
        if let Some(away) = self.away.take() {
            self.close(away, at, Tone::Plain);
        }
        let goes_on = |effect: &EffectId| self.state.site(*effect).is_some();
        let (kept, gone): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.effects).into_iter().partition(|(id, _)| goes_on(id));
        self.effects = kept.into_iter().collect();
        for (_, open) in gone {
            if let Some(bar) = open.bar {
                self.close(bar, at, Tone::Plain);
                self.resting.insert(wait_of(&open.begun), bar);
            }
        }
    }

    /// The role that was asked for what is answered now.
    fn role_asked(&self, fact: &Fact) -> Option<&'a str> {
        let Fact::Ended { effect, .. } = fact else { return None };
        self.plan.question(self.effects.get(effect)?.begun.node)?.by.as_deref()
    }

    /// What a person said; the words are those of the log.
    fn said(&mut self, event: &Event, role: Option<&str>, lines: &[Line]) {
        let answerer = |by: &Actor| self.state.answerer(role, &by.name);
        let Some(who) = speaker(&event.fact, answerer) else { return };
        let Some(words) = lines.last().map(|line| Text::of(line.text())) else { return };
        let answers = match &event.fact {
            Fact::Ended { effect, .. } | Fact::Voted { effect, .. } => self.shown.get(effect),
            _ => None,
        };
        self.people.push(Said { at: event.at, who: Text::of(who), words, shown: answers.map(Text::of) });
    }

    fn story(mut self, (run, driven): (&str, bool), events: &[Event]) -> Story {
        let times: Vec<Timestamp> = events.iter().map(|event| event.at).collect();
        let (began, last) =
            (times.first().copied().unwrap_or_default(), times.last().copied().unwrap_or_default());
        if self.state.finished.is_some() {
            self.bars.iter_mut().for_each(|bar| bar.ended = bar.ended.or(Some(last)));
        }
        // What was answered at once was no wait.
        self.bars
            .retain(|bar| bar.sort != Sort::Wait || bar.ended.is_none_or(|ended| is_felt(bar.began, ended)));
        let bars_left_out = thin(&mut self.bars);
        let summary = self.live.summary(self.plan, &self.state);
        Story {
            run: Text::of(run),
            title: Text::of(&self.plan.title),
            version: self.plan.version.to_string(),
            prose: self.plan.prose.as_ref().map(Text::of),
            standing: facts::standing(self.plan, &self.state, (&summary, driven)),
            open: if driven { vec![] } else { open::rows(self.plan, &self.state, run) },
            facts: facts::facts(self.plan, events),
            summary: facts::summary(&self.state, &summary),
            inputs: facts::inputs(self.plan, &self.state),
            began,
            last,
            bars: self.bars,
            bars_left_out,
            scale: Scale::over(&times),
            people: self.people,
            log: self.log.told(),
            effects: self.told,
            effects_left_out: self.left_out,
            files: self.files,
            sources: facts::sources(events),
        }
    }
}

/// The person who speaks in an event, with how it is known who it was.
fn speaker(fact: &Fact, answerer: impl Fn(&Actor) -> String) -> Option<String> {
    let (Fact::RoleBound { by, .. }
    | Fact::SecretChanged { by, .. }
    | Fact::Injected { by, .. }
    | Fact::StartedLate { by, .. }
    | Fact::PlannedAnew { by, .. }
    | Fact::Carried(Carried { by, .. })
    | Fact::LeftBehind { by, .. }
    | Fact::HandedOver { by, .. }
    | Fact::Settled { by, .. }
    | Fact::CancelRequested { by }
    | Fact::GoneOn { by, .. }
    | Fact::Skipped { by: Some(by), .. }
    | Fact::Decided { by: Some(by), .. }
    | Fact::Ended { note: ReplyNote { by: Some(by), .. }, .. }) = fact
    else {
        let Fact::Voted { vote, .. } = fact else { return None };
        let signed = vote.key.as_ref().map_or("unsigned".to_owned(), |key| format!("signed with {key}"));
        return Some(format!("{}, {signed}", vote.person));
    };
    let who = answerer(by);
    Some(if by.from_file { format!("{who}, from a file") } else { who })
}

fn is_felt(began: Timestamp, ended: Timestamp) -> bool {
    ended.duration_since(began) >= SHORTEST_WAIT
}

/// The deepest bars go first; gives how many went.
fn thin(bars: &mut Vec<Bar>) -> usize {
    let all = bars.len();
    let deepest = bars.iter().map(|bar| bar.depth).max().unwrap_or(0);
    for depth in (1..=deepest).rev() {
        if bars.len() > BARS_MOST {
            bars.retain(|bar| bar.depth < depth);
        }
    }
    bars.truncate(BARS_MOST);
    all - bars.len()
}

fn result(outcome: Outcome, note: &ReplyNote) -> (String, Tone) {
    let tone = match outcome {
        Outcome::Done => Tone::Good,
        Outcome::FailedClean | Outcome::Failed | Outcome::Unknown | Outcome::Alive => Tone::Bad,
        Outcome::Inconclusive => Tone::Alert,
    };
    let why = if note.message.is_empty() { String::new() } else { format!(": {}", note.message) };
    (format!("{}{why}", outcome.told()), tone)
}

fn artifact(value: &Value) -> Option<&Artifact> {
    match value {
        Value::Artifact(file) => Some(file),
        _ => None,
    }
}

fn produced(file: &Artifact) -> FileTold {
    let on = file.on.as_ref().map(|on| format!(" on {on}")).unwrap_or_default();
    let name = Text::of(format!("{}{on}", file.path));
    FileTold { name, what: "artifact", bytes: file.bytes, sha256: file.sha256.to_string() }
}
