//! What is asked before a run begins or goes on.

use crate::seat::{CTRL_C, CTRL_D, Site, noticed};

const PROMPTED: &str = "input token: secret from prompt \"The token\"\ninput count: int = 3 from prompt \"Nodes\"\nstep \"A\" {\n  run sh -c \"test $T = hunter22 && echo $N >> log\" {\n    env T = token\n    env N = count\n  }\n  rollback none \"x\"\n}\nconfirm \"Ready\"\nstep \"B\" {\n  run sh -c \"test $T = hunter22 && echo b >> log\" {\n    env T = token\n  }\n  rollback none \"x\"\n}\n";

#[test]
fn prompted_inputs_are_asked_and_nothing_runs_without_them() {
    let site = Site::new(PROMPTED);
    let output = site.alone(&["run", "a.runbook"]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.code() == Some(2) && said.contains("token"), "{said}");
    let mut seat = site.sits(&["run", "a.runbook"]);
    seat.sees("? The token\n  token (not shown): ");
    seat.waits_for_echo(false);
    seat.types("hunter22");
    seat.answers("? Nodes\n  count (a whole number) [3]: ", "");
    seat.answers("? Ready", "yes");
    assert_eq!((seat.leaves(), site.log().as_str()), (Some(0), "3 b"));
    assert!(!seat.shown().contains("hunter22"), "{}", seat.shown());
}

#[test]
fn whoever_leaves_before_the_run_has_run_nothing() {
    for key in [CTRL_C, CTRL_D] {
        let site = Site::new(PROMPTED);
        let mut seat = site.sits(&["run", "a.runbook"]);
        let before = noticed(&seat.modes());
        seat.sees("token (not shown): ");
        seat.waits_for_echo(false);
        seat.hits(key);
        seat.sees("nothing was run");
        assert_eq!((seat.leaves(), noticed(&seat.modes())), (Some(2), before));
        assert!(site.log().is_empty() && site.alone(&["runs"]).stdout.is_empty());
    }
}

/// Starts the run and kills it at its question.
fn killed_at_the_question(site: &Site) -> String {
    let mut seat = site.sits(&["run", "a.runbook"]);
    seat.answers("token (not shown): ", "hunter22");
    seat.answers("[3]: ", "");
    seat.sees("? Ready");
    seat.signal(rustix::process::Signal::KILL);
    seat.leaves();
    site.run_id()
}

#[test]
fn a_secret_is_asked_again_on_resume() {
    let site = Site::new(PROMPTED);
    let run = killed_at_the_question(&site);
    let output = site.alone(&["resume", &run]);
    assert_eq!(output.status.code(), Some(5), "{output:?}");
    let mut seat = site.sits(&["resume", &run]);
    seat.answers("token (not shown): ", "hunter22");
    seat.answers("? Ready", "yes");
    assert_eq!((seat.leaves(), site.log().as_str()), (Some(0), "3 b"));
}

#[test]
fn another_secret_on_resume_is_confirmed() {
    let site = Site::new(PROMPTED);
    let run = killed_at_the_question(&site);
    for (answer, exit, done) in [("no", 5, "3"), ("yes", 5, "3")] {
        let mut seat = site.sits(&["resume", &run]);
        seat.answers("token (not shown): ", "hunter23");
        seat.answers("differs from the one that the run was started with; go on with the new one?", answer);
        if answer == "yes" {
            seat.answers("? Ready", "yes");
            seat.answers("? B\n", "leave");
        }
        assert_eq!((seat.leaves(), site.log().as_str()), (Some(exit), done), "{answer}");
    }
    let mut seat = site.sits(&["resume", &run]);
    seat.answers("token (not shown): ", "hunter23");
    seat.answers("? B\n", "by hand seen hunter23 and hunter22");
    assert_eq!(seat.leaves(), Some(0), "the new one is known: {}", seat.shown());
    let told = String::from_utf8(site.alone(&["show", "--format", "events"]).stdout).unwrap();
    assert!(told.contains("seen *** and hunter22") && !told.contains("hunter23"), "{told}");
}

#[test]
fn a_secret_that_a_person_gave_in_the_run_is_asked_again_on_resume() {
    let site = Site::new(
        "ask token: secret \"Token\"\nconfirm \"Ready\"\nstep \"B\" {\n  run sh -c \"test $T = hunter22 && echo b >> log\" {\n    env T = token\n  }\n  rollback none \"x\"\n}\n",
    );
    let mut seat = site.sits(&["run", "a.runbook"]);
    seat.answers("token (not shown): ", "hunter22");
    seat.sees("? Ready");
    seat.signal(rustix::process::Signal::KILL);
    seat.leaves();
    let run = site.run_id();
    assert_eq!(site.alone(&["resume", &run]).status.code(), Some(5));
    let mut seat = site.sits(&["resume", &run]);
    seat.answers("token (not shown): ", "hunter22");
    seat.answers("? Ready", "yes");
    assert_eq!((seat.leaves(), site.log().as_str()), (Some(0), "b"));
}

#[test]
fn who_holds_a_role_is_asked_where_several_may() {
    let site = Site::new("confirm \"Rota\" by \"sre\"\n");
    site.write("bowline.toml", "[roles]\nsre = [\"ana\", \"bo\"]\n");
    let output = site.alone(&["run", "a.runbook"]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.code() == Some(2) && said.contains("--role 'sre=ana|bo'"), "{said}");
    let mut seat = site.sits(&["run", "a.runbook"]);
    seat.answers("? Who holds the role sre in this run?", "bo");
    seat.sees("sre: bo");
    seat.answers("To be answered by sre (bo).", "yes");
    assert_eq!(seat.leaves(), Some(0));
}
