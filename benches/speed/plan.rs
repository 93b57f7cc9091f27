//! What it costs to know everything before anything runs.

use std::path::Path;
use std::process::Command;

use crate::book::{self, Kind};
use crate::rounds::{Contender, interleave};
use crate::table::{print, row, verdict};
use crate::{Setting, bowline, measure};

pub(crate) fn measure(setting: &Setting) {
    real(setting);
    made(setting);
}

/// A real runbook with its inputs, and the start of a process that does nothing.
fn real(setting: &Setting) {
    let (root, journal) = (Path::new(env!("CARGO_MANIFEST_DIR")), setting.folder.join("journal"));
    let words =
        ["plan", "runbooks/memoria/self-managed-ga.runbook", "--inputs", "examples/memoria/inputs.toml"];
    let run = |words: &[&str]| {
        measure::run(bowline(&journal, words).current_dir(root), 0);
    };
    let mut contenders = [
        Contender::new("bowline plan self-managed-ga.runbook", || run(&words)),
        Contender::new("bowline --version", || run(&["--version"])),
    ];
    let rounds = if setting.quick { 3 } else { 101 };
    let mut rows = vec![row([&format!("whole process, {rounds} rounds in turn"), "ms", "least"])];
    let timed = interleave(rounds, &mut contenders);
    for one in &timed {
        let ms = |seconds: f64| format!("{:.2}", seconds * 1000.0);
        rows.push(row([&one.name, &ms(one.median()), &ms(one.least())]));
    }
    print("A real runbook", &rows);
    timed.iter().take(1).for_each(|plan| verdict("its plan", plan.median() * 1000.0, 10.0, "ms"));
}

fn made(setting: &Setting) {
    let shrink = if setting.quick { 100 } else { 1 };
    let mut rows = vec![row(["made runbook", "MB", "check s", "MiB", "plan s", "MiB", "µs a step"])];
    let mut largest = measure::Taken::NOTHING;
    for steps in [1_000, 10_000, 100_000].map(|steps| steps / shrink) {
        let (row, taken) = line(setting, steps);
        rows.push(row);
        largest = taken;
    }
    print("Large runbooks, each step with its rollback", &rows);
    verdict("check and plan of the largest, `bowline plan`", largest.wall.as_secs_f64(), 4.0, "s");
    verdict("its memory", largest.mebibytes(), 1024.0, "MiB");
}

fn line(setting: &Setting, steps: u32) -> (Vec<String>, measure::Taken) {
    let file = book::made(&setting.folder, steps, Kind::Undone, "");
    let size = std::fs::metadata(&file).unwrap().len();
    let run = |word: &str| {
        middle_of_three(|| bowline(&setting.folder.join("journal"), &[word, crate::word(&file)]))
    };
    let (check, plan) = (run("check"), run("plan"));
    let seconds = |taken: measure::Taken| format!("{:.3}", taken.wall.as_secs_f64());
    let memory = |taken: measure::Taken| format!("{:.0}", taken.mebibytes());
    let each = (check.wall + plan.wall).as_secs_f64() * 1e6 / f64::from(steps);
    std::fs::remove_file(&file).unwrap();
    let row = vec![
        format!("{steps} steps"),
        format!("{}.{}", size / 1_000_000, size / 100_000 % 10),
        seconds(check),
        memory(check),
        seconds(plan),
        memory(plan),
        format!("{each:.1}"),
    ];
    (row, plan)
}

/// The one in the middle.
fn middle_of_three(command: impl Fn() -> Command) -> measure::Taken {
    let mut taken: Vec<measure::Taken> = (0..3).map(|_| measure::run(&mut command(), 0)).collect();
    taken.sort_by_key(|taken| taken.wall);
    *taken.get(1).unwrap()
}
