//! What a place is called where several look alike: turns of loops, a runbook called twice, titles that values make alike.
//! It means one thing, whatever happened to the others, and the same in every command.

use crate::said::Said;
use crate::site::Site;

fn held(site: &Site) -> (String, String) {
    let said = site.bowline(&["run", "a.runbook", "--on-failure", "hold"]);
    assert_eq!(said.code, Some(5), "{said:?}");
    (site.latest(), said.err)
}

fn settle(site: &Site, run: &str, at: &str) -> Said {
    site.bowline(&["settle", run, "--at", at, "--skip", "not needed", "--no-resume"])
}

/// What `show` and `runs` say is in doubt, in that order.
fn listed(site: &Site, run: &str) -> (Vec<String>, String) {
    let shown = site.bowline(&["show", run]).out;
    let places = shown.lines().filter_map(|line| line.trim().strip_prefix("--at \"")?.split_once("\": "));
    (places.map(|(place, _)| place.to_owned()).collect(), site.bowline(&["runs"]).out)
}

const TURNS: &str = "for name in [\"a\", \"b\", \"c\"] parallel 3 {\n  step \"Move\" {\n    run sh -c 'test \"$1\" = a' sh {name}\n    rollback none \"x\"\n  }\n}";

#[test]
fn a_turn_of_a_loop_goes_by_its_item() {
    let site = Site::new(TURNS);
    let (run, said) = held(&site);
    assert!(said.contains("--at \"b / Move\": ") && said.contains("--at \"c / Move\": "), "{said}");
    let (places, runs) = listed(&site, &run);
    assert_eq!(places, ["b / Move", "c / Move"]);
    assert!(runs.contains("settle: b / Move: ") && runs.contains("settle: c / Move: "), "{runs}");
    let both = settle(&site, &run, "Move");
    assert!(both.code == Some(2) && both.err.contains("more than one thing is in doubt"), "{both:?}");
    let done = settle(&site, &run, "a / Move");
    assert!(done.code == Some(2) && done.err.contains("nothing of that name is in doubt"), "{done:?}");
    assert_eq!(settle(&site, &run, "c / Move").code, Some(0));
    assert_eq!(listed(&site, &run).0, ["b / Move"]);
    assert_eq!(
        site.bowline(&["settle", &run, "--at", "Move", "--skip", "x"]).code,
        Some(0),
        "only one is left"
    );
}

#[test]
fn what_values_make_alike_keeps_its_number_whatever_becomes_of_the_other() {
    let step = |name: &str, line: &str| {
        format!(
            "  step \"Move {{{name}}}\" {{\n    run sh -c \"echo {line} >> log; exit 1\"\n    rollback none \"x\"\n  }}\n"
        )
    };
    let body = format!(
        "input a: text = \"x\"\ninput b: text = \"x\"\nparallel {{\n{}{}}}",
        step("a", "one"),
        step("b", "two")
    );
    let site = Site::new(&body);
    let (run, _) = held(&site);
    assert_eq!(listed(&site, &run).0, ["Move x", "Move x (2)"]);
    assert_eq!(settle(&site, &run, "Move x").code, Some(0));
    assert_eq!(listed(&site, &run).0, ["Move x (2)"]);
    let again = settle(&site, &run, "Move x");
    assert!(again.code == Some(2) && again.err.contains("nothing of that name is in doubt"), "{again:?}");
    let said = site.bowline(&["settle", &run, "--at", "Move x (2)", "--again"]);
    assert_eq!(said.code, Some(5), "{said:?}");
    assert_eq!(
        site.lines("log").iter().filter(|line| *line == "two").count(),
        2,
        "it is the second that ran again"
    );
}

#[test]
fn a_whole_path_means_that_place_though_another_ends_so() {
    let step = "step \"Move\" {\n    run false\n    rollback none \"x\"\n  }\n";
    let site = Site::new(&format!("parallel {{\n  {step}  phase \"Deep\" {{\n  {step}  }}\n}}"));
    let (run, _) = held(&site);
    assert_eq!(listed(&site, &run).0, ["Move", "Deep / Move"]);
    assert_eq!(settle(&site, &run, "Move").code, Some(0));
    assert_eq!(listed(&site, &run).0, ["Deep / Move"]);
}

/// Said of one thing after the other, with nobody going on in between: nothing of it is lost.
#[test]
fn what_was_settled_without_going_on_stands_while_the_rest_is_settled() {
    let body = TURNS.replace("test \"$1\" = a", "echo \"move $1\" >> log; test -e go -o \"$1\" = a");
    let site = Site::new(&body);
    let (run, _) = held(&site);
    let again = site.bowline(&["settle", &run, "--at", "b / Move", "--again", "--no-resume"]);
    assert!(again.code == Some(0) && again.err.contains("--at \"c / Move\": "), "{again:?}");
    assert!(listed(&site, &run).1.contains("settle: c / Move: "));
    site.write("go", "");
    let said = site.bowline(&["settle", &run, "--at", "c / Move", "--done", "seen there"]);
    assert_eq!(said.code, Some(0), "{said:?}");
    let mut log = site.lines("log");
    log.sort();
    assert_eq!(log, ["move a", "move b", "move b", "move c"]);
}

const PART: &str = "runbook \"Part\" 1.0.0\n\ninput n: text\n\nstep \"Do\" {\n  run sh -c 'echo \"do $1\" >> log; exit $(cat code)' sh {n}\n  rollback none \"x\"\n}\n";

#[test]
fn a_runbook_called_twice_goes_by_a_number_in_every_command() {
    let site = Site::new(
        "parallel {\n  call \"part.runbook\" (n: \"one\")\n  call \"part.runbook\" (n: \"two\")\n}",
    );
    site.write("part.runbook", PART);
    site.write("code", "1");
    let (run, _) = held(&site);
    assert_eq!(listed(&site, &run).0, ["Part / Do", "Part (2) / Do"]);
    let both = settle(&site, &run, "Do");
    assert!(both.code == Some(2) && both.err.contains("more than one thing is in doubt"), "{both:?}");
    assert_eq!(settle(&site, &run, "Part (2) / Do").code, Some(0));
    assert_eq!(listed(&site, &run).0, ["Part / Do"]);
    // The same names begin a run in the middle.
    site.runbook("b.runbook", "call \"part.runbook\" (n: \"one\")\ncall \"part.runbook\" (n: \"two\")");
    site.write("code", "0");
    std::fs::remove_file(site.path("log")).unwrap();
    let from = |place: &str| site.bowline(&["run", "b.runbook", "--from", place, "--because", "x"]);
    let both = from("Do");
    assert!(both.code == Some(2) && both.err.contains("more than one step is called that"), "{both:?}");
    let said = from("Part (2) / Do");
    assert_eq!(said.code, Some(0), "{said:?}");
    assert_eq!(site.lines("log"), ["do two"]);
}

/// Which of several approvals, and who is waited for: by the item of the turn.
#[test]
fn an_approval_in_a_loop_goes_by_its_item() {
    let site =
        Site::new("for cell in [\"eu\", \"us\"] parallel 2 {\n  approval \"Go\" need 1 from \"ops\"\n}");
    site.write("bowline.toml", "approvals = \"unsigned\"\n[groups]\nops = [\"ana\", \"bo\"]\n");
    let said = site.bowline(&["run", "a.runbook"]);
    assert_eq!(said.code, Some(5), "{said:?}");
    let run = site.latest();
    for text in [said.err, site.bowline(&["show", &run]).out, site.bowline(&["runs"]).out] {
        assert!(
            text.contains("approval `eu / Go` from 1 of ops") && text.contains("approval `us / Go`"),
            "{text}"
        );
    }
    let approve = |gate: &str| site.bowline(&["approve", &run, gate, "--name", "ana", "--yes"]);
    let both = approve("Go");
    assert_eq!(both.code, Some(2), "{both:?}");
    assert!(both.err.contains("say which approval") && both.err.contains("  \"us / Go\""), "{}", both.err);
    assert_eq!(approve("us / Go").code, Some(0));
    let runs = site.bowline(&["runs"]).out;
    assert!(runs.contains("approval `eu / Go` from 1 of ops\n"), "{runs}");
    assert!(runs.contains("approval `us / Go` is decided: given by ana"), "{runs}");
}
