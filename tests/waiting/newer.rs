//! What a newer bowline wrote is refused by name, and an older run of another format is not driven on.

use rusqlite::Connection;
use sha2::{Digest, Sha256};

use super::site::Site;

fn waiting() -> (Site, String, Connection) {
    let site = Site::new("confirm \"Go\"");
    assert_eq!(site.bowline(&["run", "a.runbook"]).code, Some(5));
    let run = site.latest();
    let raw = Connection::open(site.path("journal/journal.db")).unwrap();
    (site, run, raw)
}

/// Every command that would go on with the run says why it does not.
fn refused(site: &Site, run: &str, why: &str) {
    for words in [vec!["resume", run], vec!["cancel", run], vec!["settle", run, "--again"], vec!["show", run]]
    {
        let said = site.bowline(&words);
        assert_eq!(said.code, Some(70), "{words:?}: {said:?}");
        assert_eq!(said.err, format!("bowline: {why}\n"), "{words:?}");
    }
}

#[test]
fn a_journal_of_a_newer_format() {
    let (site, run, raw) = waiting();
    raw.execute("UPDATE meta SET format = 2", []).unwrap();
    refused(&site, &run, "this was written by a newer bowline (journal format 2); use that one");
    assert_eq!(site.bowline(&["runs"]).code, Some(70));
}

#[test]
fn a_plan_of_a_newer_format() {
    let (site, run, raw) = waiting();
    raw.execute("UPDATE runs SET plan = replace(plan, '\"format\":1', '\"format\":2')", []).unwrap();
    let why = "this was written by a newer bowline (plan format 2); use that one";
    refused(&site, &run, why);
    let runs = site.bowline(&["runs"]);
    assert_eq!(runs.code, Some(0));
    assert!(runs.out.ends_with(&format!("  waiting  {}  resume: {why}\n", clock(&runs.out))), "{}", runs.out);
    assert_eq!(site.bowline(&["run", "a.runbook"]).code, Some(5), "other runs go on");
}

fn clock(row: &str) -> &str {
    row.split("  ").find(|cell| cell.len() == 8 && cell.matches(':').count() == 2).unwrap()
}

/// An event with a version of tomorrow, its chain whole.
#[test]
fn an_event_of_a_newer_format() {
    let (site, run, raw) = waiting();
    let mut hash: [u8; 32] = Sha256::digest(run.as_bytes()).into();
    let mut select = raw.prepare("SELECT id, body FROM events ORDER BY id").unwrap();
    let rows = select.query_map([], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?))).unwrap();
    let rows: Vec<(i64, String)> = rows.map(Result::unwrap).collect();
    let last = rows.len() - 1;
    for (at, (id, body)) in rows.into_iter().enumerate() {
        let body = if at == last { body.replacen("\"v\":1", "\"v\":2", 1) } else { body };
        hash = Sha256::new().chain_update(hash).chain_update(&body).finalize().into();
        raw.execute(
            "UPDATE events SET body = ?1, hash = ?2 WHERE id = ?3",
            rusqlite::params![body, hash, id],
        )
        .unwrap();
    }
    refused(&site, &run, "this was written by a newer bowline (event format 2); use that one");
    let open = site.bowline(&["prune", "--keep", "0"]);
    assert_eq!(open.err, "nothing to remove\n", "what cannot be read is not known to have ended");
}

/// A journal as the first bowline wrote it, kept as it was: whatever becomes of the code, its run goes on, and is
/// undone with the values that it had.
#[test]
fn a_run_of_an_older_bowline_goes_on() {
    for (answer, code, last) in [("true", 0, "move copy-of-eu"), ("false", 1, "drop copy-of-eu")] {
        let site = Site::new("log \"another\"");
        std::fs::create_dir(site.path("journal")).unwrap();
        let raw = Connection::open(site.path("journal/journal.db")).unwrap();
        raw.execute_batch(include_str!("older/1.sql")).unwrap();
        drop(raw);
        let runs = site.bowline(&["runs"]).out;
        assert!(
            runs.starts_with("tdwhw  Move the shop  waiting  ") && runs.contains("answer `Go on`"),
            "{runs}"
        );
        site.write("answers.toml", &format!("[\"Go on\"]\nanswer = {answer}\n"));
        let said = site.bowline(&["resume", "tdwhw", "--answers", "answers.toml"]);
        assert_eq!(said.code, Some(code), "{said:?}");
        let shown = site.bowline(&["show", "tdwhw"]).out;
        assert!(
            shown.contains("✓ step Back up") && shown.contains(&format!("echo {}", quoted(last))),
            "{shown}"
        );
    }
}

/// As it is shown: one argument.
fn quoted(text: &str) -> String {
    format!("'{text}'")
}
