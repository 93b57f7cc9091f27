//! A run that was held or stopped: what it owes, with values, and what to type next.

use crate::site::Site;

const HELD: &str = r#"
input names: list of text = ["x", "y"]

for name in names {
  step "Make {name}" {
    let id: text = run echo "id-{name}"
    rollback {
      let place = "{id}.eu"
      let left: text = run echo some
      for zone in ["a", "b"] {
        run sh -c "echo drop $1 $2 $3 >> log" sh {place} {zone} {left}
      }
      if name == "x" {
        run sh -c "echo first >> log"
      } else {
        run sh -c "echo other >> log"
      }
    }
  }
}

step "Fill" {
  run sh -c "exit $(cat code)"
  rollback none "nothing"
}
"#;

fn held() -> (Site, String) {
    let site = Site::new(HELD);
    std::fs::write(site.path("code"), "3").unwrap();
    let said = site.bowline(&["run", "a.runbook", "--on-failure", "hold"]);
    assert_eq!(said.code, Some(5), "{said:?}");
    let run = site.latest();
    (site, run)
}

/// What only the undo itself will know stands there by its name.
#[test]
fn what_is_owed_is_told_with_every_value_that_is_known() {
    let (site, run) = held();
    let shown = site.bowline(&["show", &run]).out;
    for line in [
        "rollback of \"Make y\": echo some; sh -c 'echo drop $1 $2 $3 >> log' sh id-y.eu a ⟨left⟩; \
         sh -c 'echo drop $1 $2 $3 >> log' sh id-y.eu b ⟨left⟩; sh -c 'echo other >> log'\n",
        "rollback of \"Make x\": echo some; sh -c 'echo drop $1 $2 $3 >> log' sh id-x.eu a ⟨left⟩; \
         sh -c 'echo drop $1 $2 $3 >> log' sh id-x.eu b ⟨left⟩; sh -c 'echo first >> log'\n",
    ] {
        assert!(shown.contains(line), "{line}\n{shown}");
    }
}

#[test]
fn cancel_of_a_held_run_says_what_undoes_it_and_that_undoes_it() {
    let (site, run) = held();
    let said = site.bowline(&["cancel", &run]);
    assert_eq!(said.code, Some(5), "{said:?}");
    for line in [
        &format!(
            "run {run} was stopped, and nothing of it is undone\n  Fill: failed: exit code 3\nstill owed, in this order:\n"
        ),
        "rollback of \"Make x\": ",
        &format!(
            "`bowline resume {run}` goes on with it\n`bowline cancel {run} --on-failure rollback` undoes it\n"
        ),
    ] {
        assert!(said.err.contains(line), "{line}\n{}", said.err);
    }
    let runs = site.bowline(&["runs"]).out;
    assert!(runs.contains("; `resume` goes on with it, `cancel --on-failure rollback` undoes it"), "{runs}");
    assert!(site.lines("log").is_empty());
    let undone = site.bowline(&["cancel", &run, "--on-failure", "rollback"]);
    assert_eq!(undone.code, Some(1), "{undone:?}");
    let log = site.lines("log");
    let drops = ["drop id-y.eu a some", "drop id-y.eu b some", "other", "drop id-x.eu a some"];
    assert_eq!(log[..4], drops, "{log:?}");
}

#[test]
fn resume_of_a_cancelled_run_goes_on_with_it() {
    let (site, run) = held();
    assert_eq!(site.bowline(&["cancel", &run]).code, Some(5));
    std::fs::write(site.path("code"), "0").unwrap();
    let said = site.bowline(&["resume", &run]);
    assert_eq!(said.code, Some(5), "what failed is still to be decided: {said:?}");
    let said = site.bowline(&["settle", &run, "--again"]);
    assert_eq!(said.code, Some(0), "{said:?}");
}

/// Past the point of no return nothing undoes it, and nothing says so.
#[test]
fn past_the_commit_no_undo_is_offered() {
    let body = "step \"A\" {\n  run true\n  rollback { run true }\n}\ncommit \"Over\"\nstep \"B\" {\n  run sh -c \"touch in; sleep 20\"\n  rollback none \"x\"\n}";
    let site = Site::new(body);
    let mut child = site.start(&["--on-failure", "hold"]);
    site.await_file("in");
    let run = site.latest();
    for _ in 0..2 {
        assert_eq!(site.bowline(&["cancel", &run]).code, Some(0));
    }
    assert!(child.wait().unwrap().code().is_some());
    let shown = site.bowline(&["show", &run]).out;
    assert!(!shown.contains("undoes it"), "{shown}");
}
