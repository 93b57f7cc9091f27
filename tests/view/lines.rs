//! Runs where nobody looks: dated lines, the same when told again.

use super::site::{Site, steady};

const BACK_UP: &str = "step \"Back up\" {\n  run echo saved\n  rollback none \"only leaves a file\"\n}\n";

const FAILS: &str = r#"step "Back up" {
  run echo saved
  rollback none "only leaves a file"
}

phase "Prepare" {
  step "Freeze writes" {
    run echo frozen
    restore {
      run echo thawed
    }
  }

  step "Copy orders" {
    ```sh
    echo to blue
    echo done
    ```
    rollback {
      run echo orders gone
    }
  }
}

step "Switch" {
  done when {
    look run test -e switched
  }
  run sh -c "touch switched; echo switching; echo halfway >&2; exit 7"
  hint /switching/ "Look at the load balancer first"
  rollback {
    run rm switched
  }
}

step "Never comes" {
  run true
  rollback none "nothing"
}
"#;

#[test]
fn a_failure_is_undone_and_told() {
    let site = Site::new(FAILS);
    let said = site.run();
    assert_eq!(said.code, Some(1), "{}", said.err);
    insta::assert_snapshot!("fails", steady(&site, &said.err));
}

/// Letters that are not seen or turn what follows round: a line on the screen says what it holds.
#[test]
fn what_a_program_prints_cannot_turn_a_line_round() {
    let turns = ["\u{202e}", "\u{2066}", "\u{2069}", "\u{200b}", "\u{200e}", "\u{200f}", "\u{61c}"];
    let spelled: Vec<String> =
        turns.iter().map(|turn| format!("\\u{{{:x}}}", turn.chars().next().unwrap() as u32)).collect();
    let site = Site::new("step \"Say\" {\n  run sh say.sh\n  rollback none \"x\"\n}\n");
    site.write("say.sh", &format!("cat <<'E'\n{}gnp.exe <é>\nE\nexit 3\n", turns.join("|")));
    for (place, shown) in [("run", site.run().err), ("show", site.bowline(&["show"]).out)] {
        let line = format!("    | {}gnp.exe <é>\n", spelled.join("|"));
        assert!(shown.contains(&line), "{place}: {shown:?}");
        assert!(turns.iter().all(|turn| !shown.contains(turn)), "{place}: {shown:?}");
    }
    let logs = site.bowline(&["logs"]).out;
    assert!(logs.contains(&turns.join("|")), "what programs wrote: {logs:?}");
}

#[test]
fn every_line_is_dated_and_show_tells_the_same() {
    let site = Site::new(FAILS);
    let live = site.run().err;
    let dated = regex::Regex::new(r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d ").unwrap();
    let lines: Vec<&str> = live.lines().filter(|line| dated.is_match(line)).collect();
    assert!(lines.len() > 20, "{live}");
    let shown = site.bowline(&["show"]);
    assert_eq!(shown.out.lines().collect::<Vec<_>>(), lines);
    assert!(!shown.out.contains('\u{1b}') && !live.contains('\u{1b}'), "no colour without a terminal");
}

#[test]
fn where_nothing_is_to_be_undone_nothing_is_said_of_undoing() {
    let site = Site::new(&format!(
        "{BACK_UP}\nstep \"Go\" {{\n  run no-such-program\n  rollback {{\n    run true\n  }}\n}}"
    ));
    let said = site.run();
    assert_eq!(said.code, Some(1), "{}", said.err);
    assert!(!said.err.contains("undoing") && !said.err.contains("undone  "), "{}", said.err);
    assert!(said.err.contains("failed, nothing was changed: "), "{}", said.err);
    assert!(said.err.contains("stays      \"Back up\" (only leaves a file)"), "{}", said.err);
    assert!(!said.err.contains("stays      \"Go\""), "what never started does not stay: {}", said.err);
}

#[test]
fn a_good_run_with_people_notices_and_a_time() {
    let site = Site::new(
        r#"confirm "The customers know"

gate "Ready" {
  check "There is room" {
    run true
  }
  confirm "The standby is up" optional
}

step "Back up" {
  done when {
    look run true
  }
  run false
  rollback none "in place"
}

step "Only in winter" if 1 == 2 {
  run true
  rollback none "nothing"
}

wait 50ms "Caches settle"

manual "Publish" irreversible {
  """
  On the status page.
  """
  ask link: url "Link to the entry"
}

notify "ops" "moved"
end "moved early"
"#,
    );
    site.write(
        "answers.toml",
        r#"["The customers know"]
answer = true
note = "mail of Monday"
["Ready"."The standby is up"]
answer = "n/a"
note = "there is none"
["Publish"]
answer = true
["Publish".link]
answer = "https://status.example/1"
"#,
    );
    let said = site.bowline(&["run", "a.runbook", "--answers", "answers.toml"]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    insta::assert_snapshot!("well", steady(&site, &said.err));
}

#[test]
fn a_check_that_goes_on_is_told_when_it_says_something_new() {
    let look = r#"    let age: int = run sh -c "echo x >> looks; wc -l < looks"
    expect age >= 5  "only {age} so far""#;
    let site = Site::new(&format!("check \"Caught up\" within 1m every 20ms {{\n{look}\n}}"));
    let said = site.run();
    assert_eq!(said.code, Some(0), "{}", said.err);
    insta::assert_snapshot!("polls", steady(&site, &said.err));
}

#[test]
fn a_run_that_waits_says_until_when_and_what_to_type() {
    let site = Site::new(&format!("{BACK_UP}\nwait 72h \"Code freeze\""));
    let said = site.run();
    assert_eq!(said.code, Some(5), "{}", said.err);
    insta::assert_snapshot!("waits", steady(&site, &said.err));
    let shown = site.bowline(&["show"]).out;
    assert!(shown.ends_with(&format!("go on with `bowline resume {}`\n", site.latest())), "{shown}");
    let json: serde_json::Value =
        serde_json::from_str(&site.bowline(&["show", "--format", "json"]).out).unwrap();
    assert_eq!((&json["status"], &json["exit"]), (&"waiting".into(), &5.into()));
    assert_eq!(json["next"], format!("bowline resume {}", site.latest()));
}

const STUCK: &str = r#"step "Cut over" {
  run touch over
  rollback once {
    run sh -c "echo cannot; exit 3"
  }
}

step "Look" {
  run false
  rollback none "looks"
}
"#;

#[test]
fn what_is_stuck_is_settled_by_name_and_the_end_lists_it() {
    let site = Site::new(STUCK);
    let said = site.run();
    assert_eq!(said.code, Some(4), "{}", said.err);
    insta::assert_snapshot!("stuck", steady(&site, &said.err));
    let settled = site.bowline(&["settle", &site.latest(), "--skip", "the old side is gone"]);
    assert_eq!(settled.code, Some(6), "{}", settled.err);
    insta::assert_snapshot!("settled", steady(&site, &settled.err));
    let told = site.bowline(&["show"]).out;
    assert!(told.contains("by people  \"Cut over\" left undone (olga: the old side is gone)"), "{told}");
}

#[test]
fn side_by_side_each_line_says_whose_it_is() {
    let slow = |title: &str| {
        format!(
            "  step \"{title}\" {{\n    run sh -c \"sleep 0.2; echo {title}\"\n    rollback none \"x\"\n  }}\n"
        )
    };
    let site = Site::new(&format!("parallel {{\n{}{}}}", slow("left"), slow("right")));
    let said = site.run();
    assert_eq!(said.code, Some(0), "{}", said.err);
    for title in ["left", "right"] {
        let line = format!("  [{title}] sh -c 'sleep 0.2; echo {title}'\n");
        assert!(said.err.contains(&line), "{}", said.err);
    }
}

#[test]
fn what_a_program_prints_cannot_draw_over_the_screen() {
    let print = r"printf '\\033[2J\\033]0;x\\007red \\033[31mtext\\n'; exit 1";
    let site = Site::new(&format!("step \"s\" {{\n  run sh -c \"{print}\"\n  rollback none \"x\"\n}}"));
    let said = site.run();
    assert!(said.err.contains("| red text\n") && !said.err.contains('\u{1b}'), "{:?}", said.err);
}

#[test]
fn runs_lists_the_latest_first_with_what_each_needs() {
    let site = Site::new("confirm \"Go\"");
    assert!(site.bowline(&["runs"]).err.contains("there is no run yet in "));
    assert_eq!(site.run().code, Some(5));
    let first = site.latest();
    site.write("a.runbook", "runbook \"Other\" 1.0.0\nlog \"x\"\n");
    assert_eq!(site.run().code, Some(0));
    let listed = site.bowline(&["runs"]).out;
    let lines: Vec<&str> = listed.lines().collect();
    assert_eq!(lines.len(), 2, "{listed}");
    let clock = regex::Regex::new(r"\d\d:\d\d:\d\d").unwrap();
    let cells = |line: &str| {
        clock
            .replace(line, "CLOCK")
            .split("  ")
            .map(str::trim)
            .filter(|cell| !cell.is_empty())
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    assert_eq!(cells(lines[0])[1..], ["Other", "completed", "CLOCK"], "{listed}");
    let needs = "answer `Go` from the operator";
    assert_eq!(cells(lines[1]), [first.as_str(), "Move the shop", "waiting", "CLOCK", needs], "{listed}");
}

/// A check that fails by itself says why, also where something else failed so before.
#[test]
fn each_failure_has_its_own_reason() {
    let fails = "attempt \"Try\" {\n  step \"One\" {\n    run false\n    rollback none \"x\"\n  }\n} otherwise {\n  log \"other way\"\n}\n";
    let site = Site::new(&format!(
        "{fails}let ok = check \"Healthy\" {{\n  run false\n}}\nif not ok {{\n  log \"ill\"\n}}"
    ));
    let said = site.run();
    assert_eq!(said.code, Some(0), "{}", said.err);
    assert!(said.err.contains("✗ step One: exit code 1\n"), "{}", said.err);
    assert!(said.err.contains("✗ check Healthy: exit code 1\n"), "{}", said.err);
}

/// What a person did not do, and a program that could not be started, changed nothing: neither stays.
#[test]
fn what_certainly_changed_nothing_does_not_stay() {
    let before = "step \"A\" {\n  run true\n  rollback { run true }\n}\n";
    let manual = "manual \"Tell them\" irreversible {\n  \"\"\"\n  By mail.\n  \"\"\"\n}\n";
    let program = "step \"Tell them\" irreversible {\n  run ./no-such-program\n}\n";
    for last in [manual, program] {
        let site = Site::new(&format!("{before}{last}"));
        site.write("answers.toml", "[\"Tell them\"]\nanswer = \"not done\"\nnote = \"no access\"\n");
        let said = site.bowline(&["run", "a.runbook", "--answers", "answers.toml"]);
        assert_eq!(said.code, Some(1), "{}", said.err);
        assert!(said.err.contains("  undone     \"A\"\n"), "{}", said.err);
        assert!(!said.err.contains("  stays "), "{}", said.err);
    }
}
