//! What is proven of a bundled runbook on its practice system: by exit codes, and by the state before and after.
//!
//! A sample of the steps by default; `BOWLINE_POINTS=all` goes through them all, `BOWLINE_POINTS=2` through every second.

use std::cell::RefCell;
use std::collections::BTreeSet;

use crate::points::{End, Point, points};
use crate::practice::{Ended, Practice, differing};
use crate::times;

/// One step in so many, unless `BOWLINE_POINTS` says otherwise.
const EVERY: usize = 4;
/// A run that is taken up more often than this does not come home.
const PATIENCE: usize = 20;

/// A bundled runbook on a practice system, with what is to be expected of it.
#[derive(Clone, Copy)]
pub(crate) struct Job {
    /// The folder in `runbooks/` and in `examples/`.
    pub(crate) area: &'static str,
    /// Its name.
    pub(crate) runbook: &'static str,
    /// What `practice.py` makes for it.
    pub(crate) scenario: &'static str,
    /// Faults, settings and tokens of the practice system, as its README names them; bowline gets them, too.
    pub(crate) env: &'static [(&'static str, &'static str)],
    /// What may differ from before once everything owed is undone.
    pub(crate) left: &'static [Left],
    /// What may differ from a clean end where a run was killed and taken up again: what was done twice.
    pub(crate) twice: &'static [Left],
    /// Steps that this scenario does not come to, each with the reason.
    pub(crate) unreached: &'static [(&'static str, &'static str)],
}

/// A part of the state that may differ.
#[derive(Clone, Copy)]
pub(crate) struct Left {
    /// The beginning of the headings of its sections in the dump.
    pub(crate) what: &'static str,
    /// From which step on: what is irreversible or past the point of no return. `None` is from the start.
    pub(crate) since: Option<&'static str>,
    /// Why that is right.
    pub(crate) because: &'static str,
}

/// What may always differ; `Left { since: Some("Publish"), ..left(…) }` for what may once that step has begun.
pub(crate) const fn left(what: &'static str, because: &'static str) -> Left {
    Left { what, since: None, because }
}

impl Job {
    /// A runbook on the scenario of its name, of which nothing may differ.
    pub(crate) const fn of(area: &'static str, runbook: &'static str) -> Self {
        Self { area, runbook, scenario: runbook, env: &[], left: &[], twice: &[], unreached: &[] }
    }

    pub(crate) fn start(&self) -> Practice {
        Practice::start(self.area, self.scenario, self.env)
    }

    /// A clean run completes; gives the state that it leaves.
    pub(crate) fn clean(&self) -> String {
        self.clean_on(&mut self.stage())
    }

    /// The same on a stage.
    pub(crate) fn clean_on(&self, stage: &mut Stage) -> String {
        let (practice, before) = stage.set();
        let ended = practice.run(self.runbook, &[]);
        assert_eq!(ended.code(), Some(0), "{}", ended.told);
        let after = practice.dump();
        assert_ne!(before, after, "it did nothing");
        after
    }

    /// The practice system for one run after the other.
    pub(crate) fn stage(&self) -> Stage {
        let practice = self.start();
        Stage { before: practice.dump(), practice, used: false }
    }

    /// Each step, really done and then failed, is undone with all before it, as the plan says.
    pub(crate) fn fails_at_every_step(&self) {
        self.fails_at_every(every());
    }

    /// The same at one step in so many.
    pub(crate) fn fails_at_every(&self, sample: usize) {
        let mut stage = self.stage();
        let all = self.points(&stage.practice);
        let seen = Seen::default();
        for (at, point) in all.iter().enumerate().step_by(sample) {
            let stretch = times::begin();
            let (practice, before) = stage.set();
            let place = format!("{}=failure", point.path);
            let inject = std::iter::repeat_n(["--inject", place.as_str()], point.attempts).flatten();
            let words: Vec<&str> = inject.chain(["--on-failure", "rollback"]).collect();
            let ended = practice.run(self.runbook, &words);
            if !self.is_reached(point, &ended) {
                assert_eq!(ended.code(), Some(0), "{}: {}", point.path, ended.told);
                continue;
            }
            failed_as_planned(practice, (point, before), &ended);
            let after = practice.dump();
            if point.end != End::Within {
                let may = self.left.iter().filter(|left| since(left, &all[..=at]));
                let talk = format!("failed at {}: {}", point.path, ended.told);
                seen.only(&differing(before, &after), may, &talk);
            }
            stage.used = after != stage.before;
            stretch.told(format_args!("{} failed at {}", self.scenario, point.path));
        }
        if sample == 1 {
            seen.all(self.left);
        }
    }

    /// Each step, really done before the process is killed, and the run taken up again, comes to a legal end.
    pub(crate) fn survives_kill(&self) {
        self.survives_kill_at_every(every());
    }

    /// The same at one step in so many.
    pub(crate) fn survives_kill_at_every(&self, sample: usize) {
        let mut stage = self.stage();
        let all = self.points(&stage.practice);
        let clean = self.clean_on(&mut stage);
        // Not those of the other sample.
        let first = (sample / 2).min(all.len() - 1);
        for (at, point) in all.iter().enumerate().skip(first).step_by(sample) {
            let stretch = times::begin();
            let (practice, before) = stage.set();
            let ended = practice.run(self.runbook, &["--inject", &format!("{}=crash", point.path)]);
            if !self.is_reached(point, &ended) {
                continue;
            }
            assert!(ended.was_killed(), "{}: {:?} {}", point.path, ended.status, ended.told);
            // Going back in an attempt goes on otherwise: an end of its own.
            let forward = at % 2 == 0 || point.end == End::Within;
            let (code, talk) = self.bring_home(practice, forward);
            let after = practice.dump();
            let may = self.left.iter().filter(|left| since(left, all.get(..=at).unwrap()));
            let talk = format!("killed at {}: {talk}", point.path);
            match code {
                0 => Seen::default().only(&differing(&clean, &after), self.twice.iter(), &talk),
                1 => Seen::default().only(
                    &differing(before, &after),
                    may.filter(|left| left.since.is_none()),
                    &talk,
                ),
                6 => Seen::default().only(&differing(before, &after), may.chain(self.twice), &talk),
                code => panic!("exit {code}: {talk}"),
            }
            stretch.told(format_args!("{} killed at {}", self.scenario, point.path));
        }
    }

    fn points(&self, practice: &Practice) -> Vec<Point> {
        let found = points(&practice.plan(self.runbook));
        assert!(!found.is_empty(), "{} changes nothing", self.runbook);
        found
    }

    /// Whether the failure was made at all; if not, the scenario must say why.
    fn is_reached(&self, point: &Point, ended: &Ended) -> bool {
        let reached = ended.told.contains("injected at \"");
        let expected = !self.unreached.iter().any(|(title, _)| *title == point.title);
        assert_eq!(reached, expected, "whether \"{}\" is reached: {}", point.path, ended.told);
        reached
    }

    /// Resumes until the run has an end, and settles what is stuck as an operator who looked would: `done`, for what was
    /// done, or by going back.
    fn bring_home(&self, practice: &Practice, forward: bool) -> (i32, String) {
        let run = id(practice);
        let answers = practice.answers(self.runbook).display().to_string();
        let mut talk = String::new();
        let mut words = vec!["resume", &run];
        for _ in 0..PATIENCE {
            let ended = practice.bowline(&[words.as_slice(), &["--answers", &answers]].concat());
            talk += &ended.told;
            match ended.code() {
                Some(code @ (0 | 1 | 6)) => return (code, talk),
                Some(5) => words = vec!["resume", &run],
                Some(4) => match settled(practice, &run, &answers, forward) {
                    Ok(ended) if matches!(ended.code(), Some(0 | 1 | 6)) => {
                        return (ended.code().unwrap(), talk + &ended.told);
                    }
                    Ok(ended) => talk += &ended.told,
                    Err(why) => panic!("nothing settles it: {talk}{why}"),
                },
                code => panic!("{code:?}: {talk}"),
            }
        }
        panic!("it does not come home: {talk}")
    }
}

/// A practice system on which one run after the other finds what the first found.
pub(crate) struct Stage {
    practice: Practice,
    before: String,
    used: bool,
}

impl Stage {
    /// The system as it was made, and its state.
    pub(crate) fn set(&mut self) -> (&Practice, &str) {
        if std::mem::replace(&mut self.used, true) {
            self.practice.again();
        }
        (&self.practice, &self.before)
    }
}

/// The end that the plan foretells, and in it what the plan says is undone.
fn failed_as_planned(practice: &Practice, (point, before): (&Point, &str), ended: &Ended) {
    let talk = format!("failed at {}: {}", point.path, ended.told);
    let shown = practice.shown();
    match point.end {
        End::Undone => assert_eq!(ended.code(), Some(1), "{talk}"),
        // Behind a condition the irreversible step may not have run.
        End::Kept => assert_eq!(ended.code(), Some(if has_kept(&shown) { 6 } else { 1 }), "{talk}"),
        End::Within => assert!(matches!(ended.code(), Some(0 | 1 | 6)), "{talk}"),
        End::Committed => {
            assert_eq!(ended.code(), Some(4), "{talk}");
            assert_ne!(practice.dump(), before, "past the point of no return nothing is undone: {talk}");
            let run = id(practice);
            let given_up = practice.bowline(&["settle", &run, "--give-up", "practice"]);
            assert_eq!(given_up.code(), Some(6), "{talk}{}", given_up.told);
        }
    }
    let shown = practice.shown();
    let undone: Vec<&str> =
        shown["summary"]["undone"].as_array().unwrap().iter().map(|title| title.as_str().unwrap()).collect();
    let mut rest = undone.iter();
    let missing = point.undone.iter().find(|title| !rest.any(|done| done == title));
    assert_eq!(missing, None, "the plan says that it is undone: {undone:?}, {talk}");
}

/// Whether something irreversible was done.
fn has_kept(shown: &serde_json::Value) -> bool {
    shown["summary"]["stays"].as_array().unwrap().iter().any(|stays| stays["why"] == "cannot be undone")
}

/// Settles the first thing that is stuck, in the first way that it takes.
fn settled(practice: &Practice, run: &str, answers: &str, forward: bool) -> Result<Ended, String> {
    let shown = practice.shown();
    let line = shown["stuck"][0].as_str().unwrap_or_default().to_owned();
    let place = line.strip_prefix("--at \"").and_then(|rest| rest.split("\": ").next()).unwrap_or_default();
    let (done, back, again) = (vec!["--done", "looked: it is done"], vec!["--rollback"], vec!["--again"]);
    let ways = if forward || shown["committed"] == true { [done, back, again] } else { [back, done, again] };
    let mut talk = line.clone();
    for way in ways {
        let words = [&["settle", run, "--at", place, "--answers", answers], way.as_slice()].concat();
        let ended = practice.bowline(&words);
        if ended.code() != Some(2) {
            return Ok(ended);
        }
        talk += &ended.told;
    }
    Err(talk)
}

/// The short id of the latest run.
fn id(practice: &Practice) -> String {
    practice.shown()["id"].as_str().unwrap().to_owned()
}

/// Whether a difference is to be expected where these steps have begun.
fn since(left: &Left, begun: &[Point]) -> bool {
    left.since.is_none_or(|title| begun.iter().any(|point| point.title == title))
}

pub(crate) fn every() -> usize {
    match std::env::var("BOWLINE_POINTS").ok().as_deref() {
        None | Some("") => EVERY,
        Some("all") => 1,
        Some(text) => text.parse::<usize>().expect("BOWLINE_POINTS is `all` or a number").max(1),
    }
}

/// The differences that were met.
#[derive(Default)]
pub(crate) struct Seen(RefCell<BTreeSet<&'static str>>);

impl Seen {
    /// Nothing differs but what may.
    fn only(&self, differing: &[String], may: impl Iterator<Item = &'static Left>, talk: &str) {
        let may: Vec<&Left> = may.collect();
        for heading in differing {
            let known = may.iter().find(|left| heading.starts_with(left.what));
            let Some(known) = known else {
                panic!("`{heading}` differs; all that do: {differing:?}: {talk}")
            };
            self.0.borrow_mut().insert(known.what);
        }
    }

    /// What is said to differ does: a list that is too long would hide what it names.
    pub(crate) fn all(&self, left: &[Left]) {
        let seen = self.0.borrow();
        for Left { what, because, .. } in left {
            assert!(seen.contains(what), "`{what}` never differs; it is said to: {because}");
        }
    }
}
