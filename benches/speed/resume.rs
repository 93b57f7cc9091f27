//! What a long run costs: each step when many came before it, going on after a crash, and undoing it all.

use std::path::Path;
use std::time::{Duration, SystemTime};

use crate::book::{self, Kind};
use crate::measure::Taken;
use crate::table::{print, row, verdict};
use crate::{Setting, bowline, measure, word};

/// The first time it kills bowline; the second time it says when it began.
const LAST: &str = "if [ -e there ]; then touch begun; else touch there; kill -9 $PPID; sleep 5; fi\n";

pub(crate) fn measure(setting: &Setting) {
    let shrink = if setting.quick { 100 } else { 1 };
    let counts = [1_000, 10_000, 25_000].map(|steps| steps / shrink);
    let mut rows = vec![row(["long runs", "ms a step", "MiB", "undoing, ms a step", "MiB"])];
    for steps in counts {
        rows.push(run_and_undo(&setting.folder, steps));
    }
    print("Steps of `true` when many came before (a step must cost the same)", &rows);
    let mut rows = vec![row(["after kill -9", "events", "s to the first effect", "s to the end", "MiB"])];
    let mut longest = 0.0;
    for steps in counts {
        let (row, first) = crash_and_resume(&setting.folder, steps);
        rows.push(row);
        longest = first;
    }
    print("Going on after a crash", &rows);
    verdict("the first effect of the longest", longest, 1.0, "s");
}

/// All steps done; and again with a failure at the end, so that all are undone.
fn run_and_undo(folder: &Path, steps: u32) -> Vec<String> {
    let one = |rest: &str, exit: i32| {
        let file = book::made(folder, steps, Kind::Undone, rest);
        let journal = folder.join("journal");
        let _ = std::fs::remove_dir_all(&journal);
        measure::run(&mut bowline(&journal, &["run", word(&file)]), exit)
    };
    let (done, undone) = (one("", 0), one("fail \"to see it undone\"\n", 1));
    let back = undone.wall.saturating_sub(done.wall);
    let each = |wall: Duration| format!("{:.3}", wall.as_secs_f64() * 1000.0 / f64::from(steps));
    let memory = |taken: Taken| format!("{}", taken.peak >> 20);
    vec![format!("{steps} steps"), each(done.wall), memory(done), each(back), memory(undone)]
}

fn crash_and_resume(folder: &Path, steps: u32) -> (Vec<String>, f64) {
    let (place, journal) = (folder.join(format!("crash-{steps}")), folder.join(format!("crashed-{steps}")));
    std::fs::create_dir(&place).unwrap();
    std::fs::write(place.join("last.sh"), LAST).unwrap();
    let last = "step \"last\" idempotent {\n  run sh last.sh\n  rollback none \"nothing\"\n}\n";
    let file = book::made(&place, steps, Kind::Plain, last);
    let (_, code) = measure::wait(bowline(&journal, &["run", word(&file)]).current_dir(&place));
    assert_eq!(code, None, "it must have been killed");
    let (run, events) = look(&journal);
    let began = SystemTime::now();
    let resumed = measure::run(bowline(&journal, &["resume", &run]).current_dir(&place), 0);
    let first = std::fs::metadata(place.join("begun")).unwrap().modified().unwrap();
    let first = first.duration_since(began).unwrap().as_secs_f64();
    let row = vec![
        format!("{steps} steps"),
        events.to_string(),
        format!("{first:.3}"),
        format!("{:.3}", resumed.wall.as_secs_f64()),
        format!("{}", resumed.peak >> 20),
    ];
    (row, first)
}

/// The id of the only run of a journal, and how many events it has. Nothing is written, not even to tidy up.
fn look(journal: &Path) -> (String, i64) {
    let flags = rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY;
    let db = rusqlite::Connection::open_with_flags(journal.join("journal.db"), flags).unwrap();
    let select = "SELECT (SELECT id FROM runs), (SELECT count(*) FROM events)";
    db.query_row(select, [], |row| Ok((row.get(0)?, row.get(1)?))).unwrap()
}
