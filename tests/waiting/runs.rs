//! `bowline runs`: what each open run needs, and from whom.

use super::site::Site;

/// What the latest run is said to need, and to hold.
fn needs(site: &Site) -> (String, serde_json::Value) {
    let text = site.bowline(&["runs"]).out;
    let lines = site.bowline(&["runs", "--format", "json"]).out;
    let first = serde_json::from_str(lines.lines().next().unwrap()).unwrap();
    (text.lines().next().unwrap().to_owned(), first)
}

/// A runbook, the exit code of its run, and the end of its row.
fn stands(body: &str, code: i32, row: &str) -> serde_json::Value {
    let site = Site::new(body);
    let ran = site.bowline(&["run", "a.runbook"]);
    assert_eq!(ran.code, Some(code), "{ran:?}");
    let (text, told) = needs(&site);
    assert!(text.ends_with(row), "{text}");
    told
}

#[test]
fn a_question_names_who_is_asked() {
    let told = stands("confirm \"Go\"", 5, "  answer `Go` from the operator");
    assert_eq!((&told["needs"][0]["kind"], &told["needs"][0]["what"]), (&"answer".into(), &"Go".into()));
    let manual = "manual \"Switch\" {\n  \"\"\"\n  Turn it.\n  \"\"\"\n  rollback none \"x\"\n}";
    stands(manual, 5, "  answer `Switch` from the operator");
}

#[test]
fn a_stuck_run_names_what_is_to_be_settled() {
    let body = "step \"Copy\" {\n  run true\n  rollback {\n    run false {\n      retry 0\n    }\n  }\n}\nfail \"enough\"";
    let told = stands(
        body,
        4,
        "  settle: Copy: its undo failed: exit code 1; it was: false; with --again, --done WHY or --skip WHY",
    );
    let need = &told["needs"][0];
    assert_eq!(
        (&told["status"], &need["kind"], &need["what"]),
        (&"stuck".into(), &"settle".into(), &"Copy".into())
    );
}

#[test]
fn settle_without_a_word_tells_what_is_in_doubt_and_what_settles_it() {
    let site = Site::new("step \"Copy\" {\n  run true\n  rollback once { run false }\n}\nfail \"enough\"");
    assert_eq!(site.bowline(&["run", "a.runbook"]).code, Some(4));
    let run = site.latest();
    let said = site.bowline(&["settle", &run]);
    assert_eq!(said.code, Some(2), "{said:?}");
    let told = [
        &format!(
            "bowline: say how it stands; run {run} is stuck:\n  --at \"Copy\": its undo failed: exit code 1"
        ),
        &format!("`bowline settle {run}` with --again, --done WHY or --skip WHY\n"),
    ];
    assert!(told.iter().all(|words| said.err.contains(words.as_str())), "{}", said.err);
    assert_eq!(site.bowline(&["settle", &run, "--skip", "gone anyway"]).code, Some(6));
    let said = site.bowline(&["settle", &run]);
    assert_eq!((said.code, said.err.matches("has ended").count()), (Some(2), 1), "{}", said.err);
}

#[test]
fn a_wait_names_its_time_and_a_lock_its_holder() {
    let site = Site::new("exclusive \"db\"\nwait 72h \"Code freeze\"");
    assert_eq!(site.bowline(&["run", "a.runbook"]).code, Some(5));
    let (text, told) = needs(&site);
    let holder = told["id"].as_str().unwrap().to_owned();
    assert!(text.contains("  resume at ") && text.ends_with(": Code freeze"), "{text}");
    assert_eq!(told["holds"], serde_json::json!(["db"]));
    assert!(site.bowline(&["runs"]).out.contains("  holds `db`\n"));
    assert_eq!(site.bowline(&["run", "a.runbook"]).code, Some(5));
    let (text, told) = needs(&site);
    assert!(text.contains(&format!("  `db`, which run {holder} holds since ")), "{text}");
    assert_eq!((&told["needs"][0]["from"][0], &told["holds"]), (&holder.into(), &serde_json::json!([])));
}

#[test]
fn a_run_that_was_cut_off_is_to_be_taken_up() {
    let site = Site::new("step \"Copy\" {\n  run sh -c \"touch in; sleep 60\"\n  rollback none \"x\"\n}");
    let mut child = site.start(&[]);
    site.await_file("in");
    assert_eq!(needs(&site).1["status"], "running");
    child.kill().unwrap();
    child.wait().unwrap();
    let (text, told) = needs(&site);
    assert!(text.ends_with("  resume: cut off"), "{text}");
    assert_eq!(told["status"], "interrupted");
    let kinds: Vec<&str> =
        told["needs"].as_array().unwrap().iter().map(|need| need["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["process", "settle"], "nobody knows whether it copied");
}

/// Everything below a folder that somebody else may read or write, itself included.
fn open_to_others(folder: &std::path::Path, found: &mut Vec<String>) {
    use std::os::unix::fs::MetadataExt;
    let mode = std::fs::symlink_metadata(folder).unwrap().mode();
    if mode & 0o077 != 0 {
        found.push(format!("{}: {mode:o}", folder.display()));
    }
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        open_to_others(&entry.path(), found);
    }
}

/// Whatever the umask; also its log and what programs print, while the run is driven and afterwards.
#[test]
fn the_journal_is_for_its_owner_only() {
    let site = Site::new(
        "step \"Copy\" {\n  run sh -c \"echo out; echo err >&2; touch in; while test -e hold; do sleep 0.05; done\"\n  rollback none \"x\"\n}",
    );
    site.write("hold", "");
    let mut command = site.other("sh");
    command.args([
        "-c",
        "umask 0; mkdir box; exec \"$0\" run a.runbook --inbox box",
        env!("CARGO_BIN_EXE_bowline"),
    ]);
    let mut child =
        command.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null()).spawn().unwrap();
    site.await_file("in");
    let look = || {
        let mut found = vec![];
        open_to_others(&site.path("journal"), &mut found);
        found
    };
    let driven = look();
    std::fs::remove_file(site.path("hold")).unwrap();
    assert_eq!((child.wait().unwrap().code(), driven, look()), (Some(0), vec![], vec![]));
}
