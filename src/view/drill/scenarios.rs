//! What came of scenarios, as data and as text. What is published of it is `docs/schemas/bowline-test-1.json`.

use std::fmt::Write;

use serde::Serialize;

use super::junit::{Suite, Verdict};
use crate::drill::{Compared, Coverage};
use crate::plan::{Plan, Scenario};
use crate::text::Sources;
use crate::view::Style;
use crate::view::columns::wrapped;
use crate::view::paint::{Ink, paint};

/// The scenarios of one runbook.
#[derive(Debug, Serialize)]
pub struct TestTold {
    /// Title of the runbook.
    pub title: String,
    /// Its version.
    pub version: String,
    /// Its scenarios, in order.
    pub scenarios: Vec<ScenarioTold>,
    /// What they came to, all together.
    pub coverage: CoverageTold,
}

/// A scenario.
#[derive(Debug, Serialize)]
pub struct ScenarioTold {
    /// Its title.
    pub title: String,
    /// The file, and the line on which it begins.
    pub place: String,
    /// Whether everything is as it says.
    pub passed: bool,
    /// How the run ended.
    pub end: &'static str,
    /// What is not as it says.
    pub wrong: Vec<WrongTold>,
}

/// Something that is not as a scenario says.
#[derive(Debug, Serialize)]
pub struct WrongTold {
    /// The file and the line.
    pub place: String,
    /// The line as it stands.
    pub line: String,
    /// What happened instead.
    pub why: String,
}

/// How much of what there is was come to.
#[derive(Debug, Serialize)]
pub struct CoverageTold {
    /// Branches taken.
    pub branches: Share,
    /// Checks that passed.
    pub checks_passed: Share,
    /// Checks that did not.
    pub checks_failed: Share,
    /// Rollbacks that ran.
    pub rollbacks: Share,
}

/// So many of so many.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Share {
    /// Come to.
    pub of: usize,
    /// There are.
    pub all: usize,
}

impl TestTold {
    /// Whether every scenario passed.
    #[must_use]
    pub fn passed(&self) -> bool {
        self.scenarios.iter().all(|scenario| scenario.passed)
    }
}

/// What came of the scenarios of a plan.
#[must_use]
pub fn test_told(plan: &Plan, sources: &Sources, played: Vec<(&Scenario, Compared)>) -> TestTold {
    let (mut covered, whole) = (Coverage::default(), Coverage::whole(plan));
    let mut scenarios = vec![];
    for (scenario, compared) in played {
        let wrong = compared.wrong.iter().map(|wrong| {
            let (place, line) = place(sources, wrong.span);
            WrongTold { place, line, why: wrong.why.clone() }
        });
        scenarios.push(ScenarioTold {
            title: scenario.title.clone(),
            place: place(sources, scenario.span).0,
            passed: compared.wrong.is_empty(),
            end: compared.end,
            wrong: wrong.collect(),
        });
        covered.add(compared.covered);
    }
    let share = |of: usize, all: usize| Share { of, all };
    let coverage = CoverageTold {
        branches: share(covered.branches.len(), whole.branches.len()),
        checks_passed: share(covered.passed.len(), whole.passed.len()),
        checks_failed: share(covered.failed.len(), whole.failed.len()),
        rollbacks: share(covered.rollbacks.len(), whole.rollbacks.len()),
    };
    TestTold { title: plan.title.clone(), version: plan.version.to_string(), scenarios, coverage }
}

/// File and line of a place, and that line as it stands.
fn place(sources: &Sources, span: crate::text::Span) -> (String, String) {
    let Some(source) = sources.get(span.source) else { return (String::new(), String::new()) };
    let line = source.position(span.start).line;
    let text = source.text().lines().nth((line as usize).saturating_sub(1)).unwrap_or_default().trim();
    (format!("{}:{line}", source.name()), text.to_owned())
}

/// Draws what came of scenarios.
#[must_use]
pub fn test_text(told: &TestTold, style: Style) -> String {
    let mut out =
        format!("{}\n", paint(style.colour, Ink::Strong, &format!("{} {}", told.title, told.version)));
    for scenario in &told.scenarios {
        let (ink, word) = if scenario.passed { (Ink::Good, "passed") } else { (Ink::Bad, "failed") };
        _ = writeln!(out, "  {}  {}", paint(style.colour, ink, word), scenario.title);
        for wrong in &scenario.wrong {
            _ = writeln!(out, "          {}: {}", wrong.place, wrong.line);
            let room = style.width.saturating_sub(12);
            wrapped(&wrong.why, room).iter().for_each(|row| _ = writeln!(out, "            {row}"));
        }
    }
    let share = |what: &str, share: Share| format!("{what} {} of {}", share.of, share.all);
    let coverage = &told.coverage;
    let shares = [
        share("branches", coverage.branches),
        share("checks passed", coverage.checks_passed),
        share("checks failed", coverage.checks_failed),
        share("rollbacks", coverage.rollbacks),
    ];
    let told = if told.scenarios.is_empty() { "no scenario".to_owned() } else { shares.join(", ") };
    _ = writeln!(out, "  {}", paint(style.colour, Ink::Faint, &told));
    out
}

/// The scenarios as a suite of tests.
#[must_use]
pub fn test_suite(told: &TestTold) -> Suite {
    let mut suite = Suite::new(&told.title);
    for scenario in &told.scenarios {
        let wrong =
            scenario.wrong.iter().map(|wrong| format!("{}: {}\n{}", wrong.place, wrong.line, wrong.why));
        let wrong: Vec<String> = wrong.collect();
        let verdict = if scenario.passed { Verdict::Passed } else { Verdict::Failed(wrong.join("\n")) };
        suite.add(&scenario.title, verdict);
    }
    suite
}
