//! What the benches share: rounds in turn, medians, and a table.
#![expect(clippy::disallowed_methods, clippy::print_stdout, clippy::unwrap_used, reason = "benches")]

use std::path::{Path, PathBuf};
use std::time::Instant;

/// One of those that are compared.
pub(crate) struct Contender {
    name: String,
    run: Box<dyn FnMut()>,
}

impl Contender {
    /// Something that is timed as a whole.
    pub(crate) fn new(name: &str, run: impl FnMut() + 'static) -> Self {
        Self { name: name.to_owned(), run: Box::new(run) }
    }
}

/// Times all in turn, round after round, after one round to warm up; prints and gives the medians in `unit`,
/// which is `scale` of a second.
pub(crate) fn compare(
    title: &str,
    unit: &str,
    scale: f64,
    rounds: usize,
    mut contenders: Vec<Contender>,
) -> Vec<f64> {
    let mut times = vec![vec![]; contenders.len()];
    for round in 0..=rounds {
        for (contender, times) in contenders.iter_mut().zip(&mut times) {
            let began = Instant::now();
            (contender.run)();
            if round > 0 {
                times.push(began.elapsed().as_secs_f64() * scale);
            }
        }
    }
    let medians: Vec<f64> = times.iter_mut().map(|times| median(times)).collect();
    println!("\n{title}, {rounds} rounds: {unit} (median, least to most)");
    for ((contender, median), times) in contenders.iter().zip(&medians).zip(&times) {
        let (least, most) = (times.first().unwrap(), times.last().unwrap());
        println!("  {:<50} {median:8.3}  ({least:.3} to {most:.3})", contender.name);
    }
    medians
}

fn median(times: &mut [f64]) -> f64 {
    times.sort_by(f64::total_cmp);
    *times.get(times.len() / 2).unwrap()
}

/// Whether only a short run was asked for, to see that the bench works.
pub(crate) fn quick() -> bool {
    std::env::args().any(|arg| arg == "--quick")
}

/// An empty folder on the disk of the build.
pub(crate) fn scratch(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("bench-{name}"));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}
