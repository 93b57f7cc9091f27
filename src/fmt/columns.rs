//! Inputs that stand together are aligned in columns: name, type, where the value comes from, description.

use super::lines::Laid;

/// Puts lines together; a group of inputs, one a line, in columns.
pub(super) fn align(lines: Vec<Laid>) -> String {
    let mut text = String::new();
    let mut group: Vec<[String; 4]> = vec![];
    for line in lines {
        if let Some(cells) = cells(&line) {
            group.push(cells);
        } else {
            flush(&mut group, &mut text);
            text += &line.text;
            text.push('\n');
        }
    }
    flush(&mut group, &mut text);
    text
}

fn flush(group: &mut Vec<[String; 4]>, text: &mut String) {
    let width = |column: usize| {
        group.iter().filter_map(|cells| cells.get(column)).map(|cell| cell.chars().count()).max()
    };
    let widths: Vec<usize> = (0..4).map(|column| width(column).unwrap_or(0)).collect();
    for cells in group.drain(..) {
        let mut line = String::new();
        for (cell, width) in cells.iter().zip(&widths).filter(|(_, width)| **width > 0) {
            let gap = if line.is_empty() || line.ends_with(' ') { "" } else { " " };
            line += &format!("{gap}{cell:<width$}");
            line.push(' ');
        }
        *text += line.trim_end();
        text.push('\n');
    }
}

/// `input name:`, its type, what follows, and a description at the end; `None` for any other line.
fn cells(line: &Laid) -> Option<[String; 4]> {
    let rest = line.text.strip_prefix("input ").filter(|_| !line.kept)?;
    let plain = !rest.contains(['#', '\\']) && !rest.ends_with(['{', '[', '(']);
    let (name, rest) = rest.split_once(':').filter(|_| plain)?;
    let rest = rest.trim();
    let after_type = [" = ", " from ", " where ", " \""].iter().filter_map(|word| rest.find(word)).min();
    let (kind, rest) = rest.split_at(after_type.unwrap_or(rest.len()));
    if kind.matches('[').count() != kind.matches(']').count() {
        return None;
    }
    let (origin, description) = described(rest.trim());
    if origin.contains('\'') {
        return None;
    }
    let description = if description.is_empty() { String::new() } else { format!(" {description}") };
    Some([format!("input {name}:"), kind.trim_end().to_owned(), origin.to_owned(), description])
}

/// Parts the text at the end from what stands before it. A default or the name of a source is no description.
fn described(rest: &str) -> (&str, &str) {
    let quotes: Vec<usize> = rest.match_indices('"').map(|(at, _)| at).collect();
    let [.., open, close] = quotes.as_slice() else { return (rest, "") };
    let before = rest.get(..*open).unwrap_or("").trim_end();
    let value = before.ends_with('=')
        || ["from env", "from file", "from command"].iter().any(|word| before.ends_with(word));
    if *close + 1 < rest.len()
        || value
        || !quotes.len().is_multiple_of(2)
        || before.ends_with([',', '(', '[', '+'])
    {
        return (rest, "");
    }
    (before, rest.get(*open..).unwrap_or(""))
}
