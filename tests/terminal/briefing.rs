//! What is shown before anything happens, and the one question whether it should.

use crate::seat::{CTRL_D, Site};

const SHOP: &str = r#"
"""
Moves the shop to the new cluster.
"""

input target: text = "cluster-b"
input token: secret from env "SHOP_TOKEN"

exclusive "shop {target}"

gate "Pre-flight" {
  confirm "Rota covers the window"
}

approval "Start the move" need 1 from "release-managers" within 4h

step "Freeze" {
  run sh -c "echo freeze {target} >> log" {
    env TOKEN = token
  }
  rollback { run sh -c "echo thaw >> log" }
}

commit "Customers are on it"

manual "Tell people" irreversible {
  """
  Tell them.
  """
}
"#;

fn shop() -> Site {
    let site = Site::new(SHOP);
    let toml = "approvals = \"unsigned\"\n[people]\nana = []\nbo = []\n[groups]\nrelease-managers = [\"ana\", \"bo\"]\n";
    site.write("bowline.toml", toml);
    site
}

/// What somebody has to know at three in the morning, in this order.
const TOLD: [&str; 10] = [
    "t 1.0.0\n",
    "  Moves the shop to the new cluster.\n",
    "  runs on       this machine\n",
    "  inputs        target = cluster-b\n                token  = ***\n",
    "  exclusive     shop cluster-b; no other run of this journal may hold it\n",
    "  steps         2, all change the world; 3 questions to people\n",
    "  must approve  Start the move: 1 from \"release-managers\"\n                release-managers: ana, bo\n",
    "  no return     \"Customers are on it\", after step 1 \"Freeze\"; from there only forward\n",
    "  not undone    2 \"Tell people\" cannot be undone\n",
    "  on failure    ",
];

#[test]
fn the_briefing_tells_what_will_happen_and_asks() {
    let site = shop();
    let mut seat = site.sits_down_with(("SHOP_TOKEN", "hunter22"), &["run", "a.runbook"]);
    TOLD.iter().for_each(|told| seat.sees(told));
    seat.sees("you are asked; nothing is undone before\n");
    seat.answers("? Go on? Nothing has been run yet.\n  [yes / no, and a note] ", "yes, the window is open");
    seat.sees("gone on with by olga: the window is open");
    seat.answers("? Pre-flight › Rota covers the window", "yes");
    seat.answers("? Start the move", "ana");
    seat.answers("? Tell people", "done");
    assert_eq!((seat.leaves(), site.log().as_str()), (Some(0), "freeze cluster-b"));
    assert!(!seat.shown().contains("hunter22"), "{}", seat.shown());
    let report = site.alone(&["show", &site.run_id(), "--format", "markdown"]);
    let report = String::from_utf8(report.stdout).unwrap();
    let people = report.split("## Who said what").nth(1).unwrap().split("\n## ").next().unwrap();
    let said = people.lines().find(|line| line.contains("| olga | note: gone on with by olga"));
    assert!(said.is_some_and(|line| line.contains("the window is open")), "{report}");
}

#[test]
fn whoever_does_not_go_on_has_run_nothing() {
    for no in ["no, not tonight\n".as_bytes(), CTRL_D] {
        let site = shop();
        let mut seat = site.sits_down_with(("SHOP_TOKEN", "hunter22"), &["run", "a.runbook"]);
        seat.sees("? Go on?");
        seat.sees("a note] ");
        seat.hits(no);
        seat.sees("nothing was run");
        assert_eq!((seat.leaves(), site.log().as_str()), (Some(2), ""));
        assert!(site.alone(&["runs"]).stdout.is_empty(), "no run was made");
    }
}

#[test]
fn with_nobody_there_it_is_printed_and_gone_on_with() {
    let site = Site::new("step \"A\" {\n  run sh -c \"echo a >> log\"\n  rollback none \"x\"\n}\n");
    let output = site.alone(&["run", "a.runbook"]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!((output.status.code(), site.log().as_str()), (Some(0), "a"), "{said}");
    let briefing = said.find("  no return     none: until the end a failure undoes what was done\n");
    let first = said.find(" step A\n");
    assert!(briefing.is_some() && briefing < first, "{said}");
    assert!(said.contains("what was done is undone, newest first: nobody is there to be asked"), "{said}");
}

#[test]
fn a_program_that_reads_events_gets_no_briefing() {
    let site = Site::new("step \"A\" {\n  run true\n  rollback none \"x\"\n}\n");
    let output = site.alone(&["run", "a.runbook", "--format", "json"]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!said.contains("no return"), "{said}");
}

#[test]
fn a_yes_in_advance_is_recorded_as_that_and_types_nothing() {
    let site = Site::new("confirm \"Ready\"\nconfirm \"Wipe\" typing \"prod\"\n");
    let mut seat = site.sits_down(&["run", "a.runbook", "--yes-to", "confirm"]);
    seat.sees("✓ Ready: yes (olga: said in advance: --yes-to confirm)");
    seat.answers("[type `prod` to confirm, or no]", "prod");
    assert_eq!(seat.leaves(), Some(0));
    assert!(!seat.shown().contains("Go on?"), "{}", seat.shown());
}

#[test]
fn who_holds_a_role_is_asked_and_enter_is_the_operator() {
    let site = Site::new("confirm \"Rota\" by \"lead\"\n");
    for (typed, holder) in [("", "olga"), ("ana", "ana")] {
        let mut seat = site.sits(&["run", "a.runbook"]);
        seat.answers("? Who holds the role lead in this run?\n  person [olga]: ", typed);
        seat.sees(&format!("lead: {holder}"));
        seat.answers(&format!("To be answered by lead ({holder})."), "yes");
        assert_eq!(seat.leaves(), Some(0));
    }
    let mut seat = site.sits(&["run", "a.runbook", "--role", "lead=bo"]);
    seat.answers("To be answered by lead (bo).", "yes");
    assert_eq!(seat.leaves(), Some(0));
}
