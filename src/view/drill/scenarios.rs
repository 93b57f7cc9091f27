//! What came of scenarios, as data and as text. What is published of it is `docs/schemas/bowline-test-1.json`.

use std::fmt::Write;

use serde::Serialize;

use super::junit::{Suite, Verdict};
use super::missed::{CoverageTold, Naming};
use crate::drill::{Compared, Coverage};
use crate::plan::{Plan, Scenario};
use crate::text::{Sources, Span};
use crate::view::Style;
use crate::view::columns::wrapped;
use crate::view::paint::{Ink, paint};
use crate::view::plan::Known;

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

impl TestTold {
    /// Whether every scenario passed.
    #[must_use]
    pub fn passed(&self) -> bool {
        self.scenarios.iter().all(|scenario| scenario.passed)
    }
}

/// What came of the scenarios of a plan.
#[must_use]
pub fn test_told(
    plan: &Plan,
    sources: &Sources,
    known: &Known<'_>,
    played: Vec<(&Scenario, Compared)>,
) -> TestTold {
    let (mut covered, mut scenarios) = (Coverage::default(), vec![]);
    for (scenario, compared) in played {
        let wrong = compared.wrong.iter().map(|wrong| {
            let (place, line) = (sources.line(wrong.span), written(sources, wrong.span));
            WrongTold { place, line, why: wrong.why.clone() }
        });
        scenarios.push(ScenarioTold {
            title: scenario.title.clone(),
            place: sources.line(scenario.span),
            passed: compared.wrong.is_empty(),
            end: compared.end,
            wrong: wrong.collect(),
        });
        covered.add(compared.covered);
    }
    let naming = Naming { plan, sources, known, parents: plan.parents() };
    let coverage = CoverageTold::of(&naming, &covered);
    TestTold { title: plan.title.clone(), version: plan.version.to_string(), scenarios, coverage }
}

/// The line of a place as it stands.
fn written(sources: &Sources, span: Span) -> String {
    let Some(source) = sources.get(span.source) else { return String::new() };
    let line = source.position(span.start).line;
    source.text().lines().nth((line as usize).saturating_sub(1)).unwrap_or_default().trim().to_owned()
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
    let faint = |text: &str| paint(style.colour, Ink::Faint, text);
    if told.scenarios.is_empty() {
        _ = writeln!(out, "  {}", faint("no scenario"));
        return out;
    }
    _ = writeln!(out, "  {}", faint(&told.coverage.counts()));
    let missing = told.coverage.missing();
    let rows = missing.lines().flat_map(|line| wrapped(line, style.width));
    rows.for_each(|row| _ = writeln!(out, "{}", faint(&row)));
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
