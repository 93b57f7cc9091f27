//! Tables that read well on a terminal and in Markdown.

use std::sync::atomic::{AtomicBool, Ordering};

/// Prints a table; the first row is its head, the first column is words, the others are numbers.
pub(crate) fn print(title: &str, rows: &[Vec<String>]) {
    let columns = rows.iter().map(Vec::len).max().unwrap_or_default();
    let cell = |row: &Vec<String>, at: usize| row.get(at).cloned().unwrap_or_default();
    let width = |at: usize| rows.iter().map(|row| cell(row, at).chars().count()).max().unwrap_or_default();
    let widths: Vec<usize> = (0..columns).map(width).collect();
    println!("\n{title}\n");
    for (number, row) in rows.iter().enumerate() {
        println!(
            "|{}",
            widths
                .iter()
                .enumerate()
                .map(|(at, width)| padded(&cell(row, at), *width, at))
                .collect::<String>()
        );
        if number == 0 {
            println!(
                "|{}",
                widths.iter().enumerate().map(|(at, width)| rule(*width, at)).collect::<String>()
            );
        }
    }
}

fn padded(text: &str, width: usize, column: usize) -> String {
    if column == 0 { format!(" {text:<width$} |") } else { format!(" {text:>width$} |") }
}

fn rule(width: usize, column: usize) -> String {
    if column == 0 { format!("-{:-<width$}-|", "") } else { format!("-{:-<width$}:|", "") }
}

/// Whether any bound was missed so far.
static MISSED: AtomicBool = AtomicBool::new(false);

pub(crate) fn has_missed() -> bool {
    MISSED.load(Ordering::Relaxed)
}

/// Says whether what has a bound kept it.
pub(crate) fn verdict(what: &str, measured: f64, bound: f64, unit: &str) {
    MISSED.fetch_or(measured > bound, Ordering::Relaxed);
    let missed = if measured > bound { ": MISSED" } else { "" };
    println!("\n{what}: {measured:.2} {unit}; it must be at most {bound} {unit}{missed}");
}

/// A row of a table.
pub(crate) fn row<const N: usize>(cells: [&str; N]) -> Vec<String> {
    cells.map(str::to_owned).to_vec()
}
