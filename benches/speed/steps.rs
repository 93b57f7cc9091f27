//! What a step costs: a run of `true` after `true` with the journal on, beside two floors and two peers.

use std::path::Path;
use std::process::Command;

use crate::book::{self, Kind};
use crate::rounds::{Contender, Timed, interleave};
use crate::table::{print, row, verdict};
use crate::{Setting, bowline, floors, measure, peers, word};

/// What a step may cost at most, as times the second floor.
const MOST: f64 = 1.25;

pub(crate) fn measure(setting: &Setting) {
    let (steps, rounds) = if setting.quick { (50, 2) } else { (1000, 21) };
    let folder = setting.folder.as_path();
    let runbook = book::made(folder, steps, Kind::Plain, "");
    let peers = [peers::make(folder, steps), peers::just(folder, steps, setting.quick)];
    let mut contenders = vec![
        Contender::new("floor A: spawn, wait, fdatasync of 200 bytes", || floors::file(folder, steps)),
        Contender::new("floor B: captured pipes, one SQLite FULL commit", || floors::sqlite(folder, steps)),
        Contender::new("bowline, with its journal", || {
            measure::run(&mut fresh(folder, &runbook), 0);
        }),
    ];
    let peers = peers.iter().flatten();
    contenders.extend(peers.map(|peer| Contender::new(&format!("{}, no journal", peer.name), || peer.run())));
    let timed = interleave(rounds, &mut contenders);
    show(&timed, steps, rounds);
}

/// A run with a new journal.
fn fresh(folder: &Path, runbook: &Path) -> Command {
    let journal = folder.join("journal");
    let _ = std::fs::remove_dir_all(&journal);
    bowline(&journal, &["run", word(runbook)])
}

fn show(timed: &[Timed], steps: u32, rounds: usize) {
    let [_, floor, bowline, ..] = timed else { unreachable!("there are at least three") };
    let mut rows = vec![row([
        &format!("{steps} steps of `true`, {rounds} rounds in turn"),
        "ms a step",
        "least",
        "times floor B",
    ])];
    let ms = |seconds: f64| format!("{:.3}", seconds * 1000.0 / f64::from(steps));
    for one in timed {
        rows.push(row([&one.name, &ms(one.median()), &ms(one.least()), &format!("{:.2}", one.times(floor))]));
    }
    print("A step", &rows);
    let ratio = bowline.times(floor);
    verdict("bowline", ratio, MOST, "times floor B");
}
