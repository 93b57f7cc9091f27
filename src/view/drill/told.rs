//! A drill as data: points, cases and ends in words. What is published of it is `docs/schemas/bowline-drill-1.json`.

use serde::Serialize;

use super::junit::{Suite, Verdict};
use crate::drill::{Case, Drill, End, Kept, Matter, Part, Point, Strike};
use crate::event::Injection;
use crate::plan::{Act, Eval, NodeId, Op, Plan};
use crate::run::{ExitCode, Verb};
use crate::value::{Value, show};
use crate::view::plan::{Known, condition_as_written, effect_in_words};

/// A drill of one runbook.
#[derive(Debug, Serialize)]
pub struct DrillTold {
    /// Title of the runbook.
    pub title: String,
    /// Its version.
    pub version: String,
    /// Digest of its plan.
    pub digest: String,
    /// Whether every run ended as it may.
    pub clean: bool,
    /// How many runs it took.
    pub runs: usize,
    /// The courses; the first takes every choice for its first value.
    pub courses: Vec<CourseTold>,
    /// What the first takes where another takes something else, as `what: value`.
    #[serde(skip)]
    pub first_takes: Vec<String>,
    /// Where something can go wrong, in the order of the plan; the first is the run in which all goes well.
    pub points: Vec<PointTold>,
}

/// A course.
#[derive(Debug, Serialize)]
pub struct CourseTold {
    /// From 1.
    pub number: usize,
    /// What it takes otherwise than the first, as `what: value`.
    pub takes: Vec<String>,
}

/// A point.
#[derive(Debug, Serialize)]
pub struct PointTold {
    /// The titles that lead to it.
    pub path: String,
    /// What is done or expected there.
    pub what: String,
    /// `forward`, `rollback`, `restore`, `done when`, `watch` or `handler`.
    pub part: &'static str,
    /// What was tried.
    pub cases: Vec<CaseTold>,
}

/// A run.
#[derive(Debug, Serialize)]
pub struct CaseTold {
    /// What went wrong: `failure`, `clean`, `unknown`, `hang`, `crash`; absent where nothing did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub injected: Option<&'static str>,
    /// What went wrong before.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub after: Vec<String>,
    /// The course, by its number.
    pub course: usize,
    /// The end: `completed`, `rolled back`, `failed, kept`, `stuck`, `waiting`, `endless` or `bug`.
    pub end: &'static str,
    /// How bad that end is, from 0.
    #[serde(skip)]
    pub rank: u8,
    /// Whether it may end so.
    pub clean: bool,
    /// Why: what stays, what is in doubt, what is wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    /// How it is settled where it is stuck, and where that leads.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ways_out: Vec<WayOut>,
    /// Whether what hung had no limit: a person had to stop it.
    pub stopped_by_hand: bool,
}

/// A way out of a run that is stuck.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct WayOut {
    /// The option of `bowline settle`.
    pub settle: &'static str,
    /// The end that it leads to.
    pub end: &'static str,
}

/// A drill in words.
#[must_use]
pub fn drill_told(plan: &Plan, drill: &Drill, known: &Known<'_>) -> DrillTold {
    let courses = (1..).zip(&drill.courses);
    let takes = |taken: &Vec<(Matter, Value)>| -> Vec<String> {
        taken.iter().map(|(matter, value)| taken_for(plan, known, matter, value)).collect()
    };
    let course = |(number, taken): (usize, &Vec<(Matter, Value)>)| CourseTold { number, takes: takes(taken) };
    DrillTold {
        title: plan.title.clone(),
        version: plan.version.to_string(),
        digest: plan.digest.clone(),
        clean: drill.is_clean(),
        runs: drill.runs,
        courses: courses.map(course).collect(),
        first_takes: takes(&drill.first),
        points: drill.points.iter().map(|point| told(plan, known, point)).collect(),
    }
}

fn taken_for(plan: &Plan, known: &Known<'_>, matter: &Matter, value: &Value) -> String {
    let count = |value: &Value| match value {
        Value::List(items) if items.len() == 1 => "1 item".to_owned(),
        Value::List(items) => format!("{} items", items.len()),
        other => show(other),
    };
    match matter {
        Matter::Variable(var) => {
            let name = plan.var(*var).map_or("?", |variable| variable.name.as_str());
            format!("{name}: {}", count(value))
        }
        Matter::Condition(condition) => {
            format!("{}: {}", condition_as_written(plan, condition), count(value))
        }
        Matter::List(_, list) => format!("{}: {}", condition_as_written(plan, list), count(value)),
        Matter::Turns(looped) => {
            let title = plan.node(*looped).and_then(|node| node.title.as_ref());
            let title = title.map(|title| known.brief(title)).unwrap_or_default();
            match value {
                Value::Int(0) => format!("\"{title}\" never meets its condition"),
                other => format!("\"{title}\": {} turns", show(other)),
            }
        }
        Matter::InPlace(step) => {
            let title = plan.node(*step).and_then(|node| node.title.as_ref());
            let title = title.map(|title| known.brief(title)).unwrap_or_default();
            format!("\"{title}\" is in place: {}", count(value))
        }
    }
}

fn told(plan: &Plan, known: &Known<'_>, point: &Point) -> PointTold {
    PointTold {
        path: if point.path.is_empty() {
            known.path(point.node, &plan.parents())
        } else {
            point.path.clone()
        },
        what: what(plan, known, point.node),
        part: part_word(point.part),
        cases: point.cases.iter().map(|case| case_told(plan, known, case)).collect(),
    }
}

fn part_word(part: Part) -> &'static str {
    match part {
        Part::Forward => "forward",
        Part::Rollback => "rollback",
        Part::Restore => "restore",
        Part::DoneWhen => "done when",
        Part::Watch => "watch",
        Part::Handler => "handler",
    }
}

/// What a node does or expects.
fn what(plan: &Plan, known: &Known<'_>, node: NodeId) -> String {
    match plan.op(node) {
        Some(Op::Do(effect)) => match &effect.act {
            Act::Person(question) => format!("asks: {}", known.brief(&question.text)),
            _ => effect_in_words(known, node),
        },
        Some(Op::Eval(Eval::Expect(expect))) => format!("expect {}", expect.source),
        _ => "all goes well".to_owned(),
    }
}

fn case_told(plan: &Plan, known: &Known<'_>, case: &Case) -> CaseTold {
    let (why, ways_out) = match &case.end {
        End::Plain(_) | End::Endless => (None, vec![]),
        End::Kept(why) => (Some(kept(why)), vec![]),
        End::Stuck { what, ways, .. } => {
            (Some(what.clone()), ways.iter().map(|(verb, code)| way(*verb, *code)).collect())
        }
        End::Bug(why) => (Some(why.clone()), vec![]),
    };
    CaseTold {
        injected: case.kind.map(Injection::name),
        after: case.after.iter().map(|strike| struck(plan, known, strike)).collect(),
        course: case.course + 1,
        end: case.end.word(),
        rank: case.end.rank(),
        clean: case.is_clean(),
        why,
        ways_out,
        stopped_by_hand: case.killed,
    }
}

fn way(verb: Verb, code: ExitCode) -> WayOut {
    let option = verb.option();
    WayOut { settle: option.split(' ').next().unwrap_or(option), end: code.status() }
}

fn kept(why: &Kept) -> String {
    let quoted =
        |titles: &[String]| titles.iter().map(|title| format!("\"{title}\"")).collect::<Vec<_>>().join(", ");
    match why {
        Kept::Committed => "the point of no return was passed".into(),
        Kept::Irreversible(steps) => format!("irreversible: {}", quoted(steps)),
        Kept::BestEffort(steps) => format!("its undo is best effort: {}", quoted(steps)),
        Kept::Other(why) => why.clone(),
    }
}

fn struck(plan: &Plan, known: &Known<'_>, strike: &Strike) -> String {
    let what = what(plan, known, strike.at.node);
    let path = if strike.at.path.is_empty() { what } else { format!("{}: {what}", strike.at.path) };
    format!("{path} = {}", strike.kind.name())
}

/// A drill as a suite of tests: one for each point.
#[must_use]
pub fn drill_suite(told: &DrillTold) -> Suite {
    let mut suite = Suite::new(&format!("drill of {}", told.title));
    for point in &told.points {
        let wrong: Vec<String> = point.cases.iter().filter(|case| !case.clean).map(wrong).collect();
        let name = if point.path.is_empty() {
            point.what.clone()
        } else {
            format!("{}: {}", point.path, point.what)
        };
        let verdict = if wrong.is_empty() { Verdict::Passed } else { Verdict::Failed(wrong.join("\n")) };
        suite.add(&name, verdict);
    }
    suite
}

/// A case that ends as none may, in a line.
pub(super) fn wrong(case: &CaseTold) -> String {
    let injected = case.injected.map_or_else(|| "all goes well".to_owned(), str::to_owned);
    let after =
        if case.after.is_empty() { String::new() } else { format!(" after {}", case.after.join(", then ")) };
    let why = case.why.as_ref().map(|why| format!(" ({why})")).unwrap_or_default();
    let course = if case.course > 1 { format!(", course {}", case.course) } else { String::new() };
    format!("{injected}{after}{course}: {}{why}", case.end)
}
