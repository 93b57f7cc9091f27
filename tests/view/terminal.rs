//! The checklist at a terminal: what is over stands above, what is on moves below, and nothing of that stays.

use super::site::{Site, told};
use super::tty::{Session, at_terminal, session};

const RUN: &[&str] = &["run", "a.runbook"];

const SLOW: &str = r#"phase "Prepare" {
  step "Freeze writes" {
    run sh -c "echo freezing 1; sleep 0.3; echo freezing 2; sleep 0.3"
    restore {
      run true
    }
  }
  step "Copy orders to the new cluster" {
    run sh -c "echo a line that is longer than a narrow screen has room for, as programs write them; sleep 0.4"
    rollback {
      run true
    }
  }
}

check "Replication has caught up" within 1m every 100ms {
  let age: int = run sh -c "echo x >> looks; wc -l < looks"
  expect age > 4  "{age} s behind"
}

step "Switch" {
  run sh -c "sleep 0.2; exit 7"
  rollback none "nothing was switched"
}
"#;

/// The end of a run: without times, lengths and ids.
fn steady(site: &Site, text: &str) -> String {
    let id = site.latest();
    let text = told(text);
    let rules = [
        (r"\d\d:\d\d:\d\d", "CLOCK___"),
        (r"\((\d+ ms|\d+\.\d s)\)", "(TOOK)"),
        (r", in \d+\.\d s", ", in TOOK"),
    ];
    let text = text.replace(&id, "RUN");
    rules.iter().fold(text, |text, (rule, instead)| {
        regex::Regex::new(rule).unwrap().replace_all(&text, *instead).into_owned()
    })
}

fn rolled_back(columns: usize) -> (Site, Session) {
    let site = Site::new(SLOW);
    let session = at_terminal(&site, columns, RUN, &[("and a note]", "4 enough\r")]);
    assert_eq!(session.code, 1, "{}", session.screen());
    assert!(session.restored);
    (site, session)
}

#[test]
fn a_wide_screen() {
    let (site, session) = rolled_back(200);
    insta::assert_snapshot!("wide", steady(&site, &session.screen()));
    let during = session.screen_at("freezing 2");
    let foot: Vec<&str> = during.lines().rev().take(5).collect();
    let comes = [
        "  0 of 3 steps · o shows the output",
        "○ Switch",
        "○ check Replication has caught up",
        "○ Copy orders to the new cluster",
    ];
    assert_eq!(&foot[..4], comes);
    assert!(foot[4].contains("Freeze writes  0s  freezing 2"), "{during}");
    let during = session.screen_at("4 s behind");
    assert!(during.contains("Replication has caught up  0s, 59s left  4 s behind, look 4"), "{during}");
}

#[test]
fn a_narrow_screen_has_no_row_that_breaks() {
    let (site, session) = rolled_back(60);
    insta::assert_snapshot!("narrow", steady(&site, &session.screen()));
    let during = session.screen_at("Copy orders to the new clus");
    assert!(during.lines().all(|line| line.chars().count() <= 60), "{during}");
}

/// What is told before the run, at both widths, as it stands on the screen.
#[test]
fn the_briefing_fits_the_screen() {
    let plan = regex::Regex::new(r"plan          [0-9a-f]{12}").unwrap();
    for columns in [60, 200] {
        let site = Site::new(SLOW);
        let session = at_terminal(&site, columns, RUN, &[("and a note]", "4 enough\r")]);
        let screen = session.screen();
        let briefing = &screen[screen.find("Move the shop 1.0.0\n").unwrap()..screen.find(", run ").unwrap()];
        assert!(briefing.lines().all(|line| line.chars().count() <= columns), "{briefing}");
        let briefing = briefing.rsplit_once('\n').unwrap().0;
        insta::assert_snapshot!(
            format!("briefing_{columns}"),
            plan.replace(briefing, "plan          DIGEST")
        );
    }
}

#[test]
fn no_colour_where_none_is_wanted() {
    let site = Site::new(SLOW);
    let talk = [("[1-5, and a note]", "4\r")];
    let plain = session(&site, 80, RUN, &talk, &[("NO_COLOR", "1")]);
    let coloured = at_terminal(&Site::new(SLOW), 80, RUN, &talk);
    let painted = |session: &Session| {
        session.raw.matches("\u{1b}[").filter(|_| true).count() > 0
            && regex::Regex::new("\u{1b}\\[\\d+m").unwrap().is_match(&session.raw)
    };
    assert!(painted(&coloured) && !painted(&plain), "{}", plain.raw);
}

#[test]
fn a_dumb_terminal_gets_dated_lines() {
    let site = Site::new("step \"s\" {\n  run sleep 0.3\n  rollback none \"x\"\n}");
    let session = session(&site, 80, RUN, &[], &[("TERM", "dumb"), ("NO_COLOR", "1")]);
    assert_eq!(session.code, 0);
    assert!(!session.raw.contains('\u{1b}'), "{}", session.raw);
    assert!(session.raw.contains(" step s\r\n"), "{}", session.raw);
}

const SLEEPS: &str =
    "step \"Copy\" {\n  run sh -c \"echo begun; sleep 30\"\n  rollback {\n    run true\n  }\n}";

/// Nothing of the foot is left, the terminal is as it was, and what happens is said.
fn left(session: &Session, code: i64) -> String {
    let screen = session.screen();
    assert_eq!(session.code, code, "{screen}");
    assert!(session.restored, "{screen}");
    assert!(!screen.contains("0 of 1 steps") && !screen.contains("Copy  "), "{screen}");
    screen
}

/// Somebody hits a few keys while nothing asks; what an impatient hand types is no answer and breaks nothing.
#[test]
fn what_is_typed_meanwhile_does_not_show() {
    let site = Site::new(
        "step \"Copy\" {\n  run sh -c \"echo begun; sleep 0.6\"\n  rollback none \"x\"\n}\nconfirm \"Go\"",
    );
    let session = at_terminal(&site, 80, RUN, &[("begun", "\r\rgo\r"), ("and a note]", "yes\r")]);
    let screen = left(&session, 0);
    assert!(!screen.contains("go\n"), "{screen}");
}

#[test]
fn stopped_twice_then_rolled_back() {
    let site = Site::new(SLEEPS);
    let talk = [("begun", "\u{3}"), ("nothing new starts", "\u{3}"), ("and a note]", "2\r")];
    let session = at_terminal(&site, 80, RUN, &talk);
    let screen = left(&session, 1);
    assert!(screen.contains("what runs is being stopped"), "{screen}");
    assert!(screen.contains("✓ rollback Copy"), "{screen}");
}

#[test]
fn stopped_three_times_leaves_at_once() {
    // A program that heeds the second signal could end before the third comes.
    let site = Site::new(&SLEEPS.replace("echo begun", "trap '' TERM; echo begun"));
    let talk = [("begun", "\u{3}"), ("nothing new starts", "\u{3}"), ("is being stopped", "\u{3}")];
    let session = at_terminal(&site, 80, RUN, &talk);
    let screen = left(&session, 5);
    assert!(screen.contains(&format!("`bowline resume {}`", site.latest())), "{screen}");
}

#[test]
fn a_terminal_that_hangs_up_leaves_it_resumable() {
    let site = Site::new(
        "step \"Copy\" {\n  run sh -c \"echo begun; sleep 0.5\"\n  rollback none \"x\"\n}\nconfirm \"Go\"",
    );
    let session = at_terminal(&site, 80, RUN, &[("begun", "HANGUP")]);
    let screen = left(&session, 5);
    assert!(screen.contains("stopped here: the terminal went away"), "{screen}");
}

#[test]
fn a_program_on_the_terminal_has_it_to_itself() {
    let site = Site::new(
        "step \"Edit\" terminal {\n  run sh -c \"printf 'name? '; read name; echo hello $name\"\n  rollback none \"x\"\n}\nstep \"Copy\" {\n  run sleep 0.3\n  rollback none \"x\"\n}",
    );
    let session = at_terminal(&site, 80, RUN, &[("nor recorded", ""), ("name? ", "ana\r")]);
    let screen = left(&session, 0);
    assert!(screen.contains("name? ana\nhello ana\n"), "{screen}");
    assert!(session.raw.contains("1 of 2 steps"), "the foot comes back: {}", session.raw);
}

/// What a loop did is known by its own titles, also when the loop is over.
#[test]
fn a_question_lists_what_a_loop_owes() {
    let site = Site::new(
        r#"for host in ["a", "b"] {
  step "Upgrade {host}" {
    run true
    rollback {
      run true
    }
  }
}
step "Look" {
  run false
  rollback none "looks"
}"#,
    );
    let session = at_terminal(&site, 80, RUN, &[("and a note]", "4\r")]);
    let screen = left(&session, 1);
    assert!(screen.contains("in this order:\n    - Upgrade b\n    - Upgrade a\n"), "{screen}");
    assert!(screen.contains("undoing, newest first: \"Upgrade b\", \"Upgrade a\"\n"), "{screen}");
}

#[test]
fn a_drill_tells_how_far_it_is_and_leaves_no_trace_of_it() {
    let site = Site::new("");
    let session = at_terminal(&site, 100, &["drill", "memoria/distribution"], &[]);
    assert_eq!(session.code, 0, "{}", session.raw);
    assert!(session.raw.contains(": course 1 of "), "{}", session.raw);
    assert!(session.restored);
    let elsewhere = site.bowline(&["drill", "memoria/distribution"]);
    assert_eq!(elsewhere.err, "", "nobody looks: nothing is told");
}
