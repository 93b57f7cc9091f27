//! `docs/testing.md` says of every double what it is.

use std::path::{Path, PathBuf};

/// A file that calls itself a double, in its first lines, is in a place that the table names as one of doubles.
#[test]
fn each_double_is_told_in_the_table() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = std::fs::read_to_string(root.join("docs/testing.md")).unwrap();
    let rows: Vec<&str> =
        page.lines().filter(|line| line.starts_with("| ") && line.contains("double")).collect();
    let mut found = vec![];
    ["examples", "tests/doubles"].iter().for_each(|folder| doubles(&root.join(folder), &mut found));
    assert!(found.len() > 15, "{found:?}");
    let told = |file: &&PathBuf| {
        let file = file.strip_prefix(root).unwrap();
        let places: Vec<String> =
            file.ancestors().take(4).map(|place| format!("`{}`", place.display())).collect();
        rows.iter().any(|row| places.iter().any(|place| row.contains(place.as_str())))
    };
    let untold: Vec<_> = found.iter().filter(|file| !told(file)).collect();
    assert_eq!(untold, Vec::<&PathBuf>::new());
}

fn doubles(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let (path, name) = (entry.path(), entry.file_name());
        if path.is_dir() && name != "tests" && name != "__pycache__" {
            doubles(&path, found);
        } else if std::fs::read_to_string(&path).is_ok_and(|text| is_double(&text)) {
            found.push(path);
        }
    }
}

/// A program whose first words say so.
fn is_double(text: &str) -> bool {
    let (head, python) = (text.lines().take(6), text.starts_with("#!") || text.starts_with("\"\"\""));
    python && head.into_iter().any(|line| line.to_lowercase().contains("double"))
}
