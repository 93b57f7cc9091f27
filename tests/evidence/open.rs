//! What is open in a run is gathered once: the screen, the report and programs are told the same of it.

use super::site::{self, Site, WAITS};

/// A run as each of the three tells it, and that they agree about what is in doubt and what is owed.
struct Told {
    id: String,
    json: serde_json::Value,
    screen: String,
    report: String,
}

impl Told {
    fn of(site: &Site) -> Self {
        let id = site.id();
        let show = |format| site.bowline(&["show", &id, "--format", format]).out;
        let json: serde_json::Value = serde_json::from_str(&show("json")).unwrap();
        let told =
            Self { json, screen: show("text"), report: show("markdown").replace('\\', ""), id: id.clone() };
        for doubt in told.list("in_doubt") {
            let line = format!("--at {}: {}", doubt["place"], doubt["why"].as_str().unwrap());
            assert!(told.screen.contains(&line) && told.report.contains(&line), "{line}\n{told:?}");
        }
        let owed: Vec<String> = told.list("owed").iter().map(undo).collect();
        assert_eq!(told.lines(&told.screen), owed, "{told:?}");
        assert_eq!(told.lines(&told.report), owed, "{told:?}");
        told
    }

    fn list(&self, of: &str) -> &[serde_json::Value] {
        self.json[of].as_array().unwrap()
    }

    /// The undos that a text says are owed, in its order.
    fn lines(&self, text: &str) -> Vec<String> {
        let lines = text.lines().flat_map(|line| line.split("<br>")).filter_map(|line| {
            let at = line.find("rollback of \"").or_else(|| line.find("restore of \""))?;
            Some(line[at..].trim_end_matches([' ', '|']).to_owned())
        });
        lines.collect()
    }

    /// The steps that are in doubt, then those of which an undo is owed.
    fn steps(&self) -> [Vec<&str>; 2] {
        [("in_doubt", "place"), ("owed", "step")]
            .map(|(list, field)| self.list(list).iter().map(|one| one[field].as_str().unwrap()).collect())
    }

    fn says(&self, words: &[&str]) {
        for word in words {
            let word = word.replace("RUN", &self.id);
            assert!(self.screen.contains(&word), "{word}\n{self:?}");
            assert!(self.report.contains(&word.replace('`', "")), "{word}\n{self:?}");
        }
    }
}

impl std::fmt::Debug for Told {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}\n{}\n{:#}", self.screen, self.report, self.json)
    }
}

fn undo(owed: &serde_json::Value) -> String {
    let does: Vec<&str> = owed["does"].as_array().unwrap().iter().map(|one| one.as_str().unwrap()).collect();
    format!("{} of {}: {}", owed["undo"].as_str().unwrap(), owed["step"], does.join("; "))
}

#[test]
fn of_a_stuck_run() {
    let told = Told::of(&site::stuck());
    assert_eq!(told.steps(), [vec!["Sell"], vec!["Sell", "Copy the goods"]]);
    assert_eq!(told.list("stuck").len(), 1);
    told.says(&[
        "its undo failed: exit code 9",
        "`bowline settle RUN` with --again, --done WHY or --skip WHY",
    ]);
}

#[test]
fn of_a_failure_that_is_held() {
    let site = Site::new("step \"Sell\" {\n  run false\n  rollback { run echo unsold }\n}");
    assert_eq!(site.bowline(&["run", "a.runbook", "--on-failure", "hold"]).code, Some(5));
    let told = Told::of(&site);
    assert_eq!(told.steps(), [vec!["Sell"], vec!["Sell", "Copy the goods"]]);
    assert!(told.list("stuck").is_empty());
    told.says(&["`bowline settle RUN` with --again, ", "or `bowline resume RUN`"]);
}

#[test]
fn of_a_run_cut_off_while_an_effect_runs() {
    let site = Site::killed_at(&format!("step \"Sell\" {{\n  {WAITS}\n  rollback {{ run echo unsold }}\n}}"));
    let told = Told::of(&site);
    assert_eq!(told.steps(), [vec!["Sell"], vec!["Sell", "Copy the goods"]]);
    told.says(&["`bowline settle RUN` with --again, ", "or `bowline resume RUN`, which finds out or asks"]);
    // And that is so.
    let said = site.bowline(&["settle", &told.id, "--done", "seen on the host"]);
    assert_eq!(said.code, Some(0), "{}", said.err);
}

/// Nothing that was at work is in doubt: it is done again.
#[test]
fn of_a_run_cut_off_while_something_repeatable_runs() {
    let told = Told::of(&Site::killed());
    assert_eq!(told.steps(), [vec![], vec!["Copy the goods"]]);
    told.says(&["`bowline resume RUN`"]);
}

#[test]
fn of_a_run_cut_off_while_it_is_undone() {
    let step = format!("step \"Sell\" {{\n  run false\n  rollback once {{ {WAITS} }}\n}}");
    let site = Site::killed_at(&step);
    let told = Told::of(&site);
    assert_eq!(told.steps(), [vec!["Sell"], vec!["Sell", "Copy the goods"]]);
    told.says(&["its undo failed: ", "`bowline settle RUN` with --again, --done WHY or --skip WHY"]);
    let said = site.bowline(&["settle", &told.id, "--done", "seen on the host"]);
    assert_eq!(said.code, Some(1), "{}", said.err);
}

#[test]
fn of_a_run_that_waits_for_a_person() {
    let told = Told::of(&site::waiting());
    assert_eq!(told.steps(), [vec![], Vec::<&str>::new()], "it goes well: nothing is to be undone");
    told.says(&["Shall we?", "`bowline resume RUN`"]);
}

#[test]
fn of_a_run_that_was_stopped() {
    let site = Site::new("step \"Sell\" {\n  run false\n  rollback { run echo unsold }\n}");
    assert_eq!(site.bowline(&["run", "a.runbook", "--on-failure", "hold"]).code, Some(5));
    assert_eq!(site.bowline(&["cancel", &site.id()]).code, Some(5));
    let told = Told::of(&site);
    assert_eq!(told.steps(), [vec![], vec!["Sell", "Copy the goods"]]);
    told.says(&["Sell: failed: exit code 1", "`bowline cancel RUN --on-failure rollback`"]);
}

/// What it came to is told elsewhere.
#[test]
fn of_a_run_that_ended_nothing_is_open() {
    let told = Told::of(&site::rolled_back());
    assert_eq!(told.steps(), [vec![], Vec::<&str>::new()]);
    assert!(!told.report.contains("| next |"), "{told:?}");
}
