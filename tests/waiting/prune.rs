//! `bowline prune`: what has ended may go, by age and count; what is open never does.

use super::site::Site;
use crate::said::Said;

const TALKS: &str = "step \"Talk\" {\n  run echo hello\n  rollback none \"x\"\n}\nevidence \"seen\"";

/// Two runs that ended and one between them that waits and holds a lock; their ids in order.
fn three() -> (Site, [String; 3]) {
    let site = Site::new(TALKS);
    site.runbook("b.runbook", "exclusive \"db\"\nconfirm \"Go\"");
    let run = |runbook: &str, code: i32| {
        assert_eq!(site.bowline(&["run", runbook]).code, Some(code));
        site.latest()
    };
    let runs = [run("a.runbook", 0), run("b.runbook", 5), run("a.runbook", 0)];
    (site, runs)
}

fn left(site: &Site) -> Vec<String> {
    let runs = site.bowline(&["runs", "--format", "json"]).out;
    let id = |line: &str| {
        serde_json::from_str::<serde_json::Value>(line).unwrap()["id"].as_str().unwrap().to_owned()
    };
    runs.lines().map(id).rev().collect()
}

fn ids(said: &Said) -> Vec<String> {
    said.out.lines().map(|line| line.split("  ").next().unwrap().to_owned()).collect()
}

#[test]
fn it_must_be_said_what_may_go() {
    let site = Site::new(TALKS);
    let said = site.bowline(&["prune"]);
    assert_eq!(said.code, Some(2));
    assert!(said.err.contains("--older-than 90d"), "{}", said.err);
    let said = site.bowline(&["prune", "--older-than", "soon"]);
    assert!(said.code == Some(2) && said.err.contains("`soon` is not a duration"), "{}", said.err);
}

#[test]
fn the_newest_stay_and_what_is_open() {
    let (site, runs) = three();
    let [first, open, last] = &runs;
    let told = site.bowline(&["prune", "--keep", "0", "--dry-run"]);
    assert_eq!((told.code, ids(&told)), (Some(0), vec![first.clone(), last.clone()]));
    assert!(told.err.starts_with("2 runs, would free "), "{}", told.err);
    assert_eq!(left(&site), runs);
    let said = site.bowline(&["prune", "--keep", "1"]);
    assert_eq!((said.code, ids(&said)), (Some(0), vec![first.clone()]));
    assert!(said.err.starts_with("1 run, freed "), "{}", said.err);
    assert_eq!(left(&site), [open.clone(), last.clone()]);
    assert!(!site.path("journal/runs").join(first).exists() && site.path("journal/runs").join(last).exists());
    assert_eq!(site.bowline(&["show", first]).code, Some(2));
    assert_eq!(ids(&site.bowline(&["prune", "--keep", "0"])), std::slice::from_ref(last));
    assert_eq!(left(&site), std::slice::from_ref(open));
    assert_eq!(site.bowline(&["run", "b.runbook"]).code, Some(5), "the lock is the open run's still");
    let settled = site.bowline(&["cancel", open]);
    assert_eq!(settled.code, Some(1), "{settled:?}");
}

#[test]
fn what_ended_lately_stays() {
    let (site, runs) = three();
    let said = site.bowline(&["prune", "--older-than", "1h", "--keep", "0"]);
    assert_eq!((said.code, said.out.as_str(), said.err.as_str()), (Some(0), "", "nothing to remove\n"));
    assert_eq!(left(&site), runs);
    assert_eq!(ids(&site.bowline(&["prune", "--older-than", "0s"])).len(), 2);
}

#[test]
fn a_run_that_is_driven_stays_and_so_does_its_folder() {
    let site = Site::new(
        "step \"Talk\" {\n  run sh -c \"echo hello; touch in; until test -e go; do sleep 0.05; done\"\n  rollback none \"x\"\n}",
    );
    let mut child = site.start(&[]);
    site.await_file("in");
    let run = site.latest();
    std::fs::create_dir_all(site.path("journal/runs/stray")).unwrap();
    site.write("journal/runs/stray/output", "left over");
    assert_eq!(site.bowline(&["prune", "--keep", "0"]).err, "nothing to remove\n");
    assert!(!site.path("journal/runs/stray").exists(), "a folder of no run is what a removal left behind");
    assert_eq!(left(&site), std::slice::from_ref(&run));
    site.write("go", "");
    assert!(child.wait().unwrap().success());
    assert_eq!(ids(&site.bowline(&["prune", "--keep", "0"])), [run]);
}
