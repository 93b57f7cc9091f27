//! `bowline handover`: somebody else takes a run over, and the record says so.

use crate::seat::{CTRL_D, Site};

fn left() -> (Site, String) {
    let site = Site::new(
        "step \"A\" {\n  run sh -c \"echo a >> log\"\n  rollback { run sh -c \"echo undo >> log\" }\n}\nconfirm \"Ready\" by \"lead\"\n",
    );
    let mut seat = site.sits(&["run", "a.runbook", "--role", "lead=ana"]);
    seat.sees("? Ready");
    seat.hits(CTRL_D);
    assert_eq!(seat.leaves(), Some(5));
    let run = site.run_id();
    (site, run)
}

#[test]
fn whoever_takes_a_run_over_sees_how_it_stands_and_says_yes() {
    let (site, run) = left();
    let mut seat = site.sits_down(&["handover", &run, "--to", "bo", "--role", "operator", "--role", "lead"]);
    seat.sees("? bo, do you take run");
    seat.sees("1 of 1 steps done");
    seat.answers("[yes / no, and a note] ", "yes, end of shift");
    seat.sees(&format!("run {run} is handed over to bo, who drove it: olga"));
    seat.sees(&format!("go on with `bowline resume {run}`"));
    assert_eq!(seat.leaves(), Some(0));
    let mut seat = site.sits_down_with(("USER", "bo"), &["resume", &run]);
    seat.sees("taken up by bo");
    seat.answers("To be answered by lead (bo).", "yes");
    seat.sees("taken over the run is taken over by bo from olga (says olga: end of shift)");
    assert_eq!((seat.leaves(), site.log().as_str()), (Some(0), "a"));
    let told = String::from_utf8(site.alone(&["show", &run, "--format", "json"]).stdout).unwrap();
    assert!(told.contains("the role lead is taken over by bo from ana"), "{told}");
}

#[test]
fn who_says_no_leaves_it_as_it_was() {
    let (site, run) = left();
    let mut seat = site.sits_down(&["handover", &run, "--to", "bo"]);
    seat.answers("[yes / no, and a note] ", "no");
    seat.sees("not taken over; the run stays as it was");
    assert_eq!(seat.leaves(), Some(5));
    let told = String::from_utf8(site.alone(&["show", &run]).stdout).unwrap();
    assert!(!told.contains("taken over"), "{told}");
}

#[test]
fn with_nobody_there_it_is_said_who() {
    let (site, run) = left();
    let refused = |args: &[&str], why: &str| {
        let output = site.alone(&[&["handover", &run], args].concat());
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.code() == Some(2) && said.contains(why), "{said}");
    };
    refused(&[], "say who takes it over: --to PERSON");
    refused(&["--to", "bo", "--role", "leed"], "did you mean `lead`?");
    refused(&["--to", "olga"], "olga holds `operator` already");
    let output = site.alone(&["handover", &run, "--to", "bo", "--note", "goes home"]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let told = String::from_utf8(site.alone(&["show", &run]).stdout).unwrap();
    assert!(told.contains("the run is taken over by bo from olga (says olga: goes home)"), "{told}");
}

#[test]
fn a_run_that_is_driven_is_not_handed_over() {
    let site = Site::new("confirm \"Ready\"\n");
    let mut seat = site.sits(&["run", "a.runbook"]);
    seat.sees("? Ready");
    let output = site.alone(&["handover", &site.run_id(), "--to", "bo"]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.code() == Some(5) && said.contains("is driven by process"), "{said}");
    seat.types("yes");
    assert_eq!(seat.leaves(), Some(0));
}
