//! Rust source as the rules of the house see it: files, lists, imports. Formatted source is what is read here, so
//! lines and indentation can be relied on.

use std::path::{Path, PathBuf};

pub(crate) fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Every Rust file below a folder.
pub(crate) fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut found = vec![];
    for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let path = entry.path();
        if path.is_dir() {
            found.extend(rust_files(&path));
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// Whether a file holds a module's own tests: these may take what they need to speak of it.
pub(crate) fn is_test(file: &Path) -> bool {
    let inside = file.strip_prefix(root().join("src")).unwrap_or(file);
    inside.components().any(|part| part.as_os_str().to_string_lossy().trim_end_matches(".rs") == "tests")
}

/// The code of a text, without comments and the tests at its end.
pub(crate) fn code(text: &str) -> String {
    let ending = text.find("\n#[cfg(test)]\nmod tests {").unwrap_or(text.len());
    let lines = text[..ending].lines().filter(|line| !line.trim_start().starts_with("//"));
    lines.collect::<Vec<_>>().join("\n")
}

/// A list at its outermost commas.
pub(crate) fn split(list: &str) -> Vec<&str> {
    let (mut parts, mut depth, mut start, mut before) = (vec![], 0, 0, ' ');
    for (at, c) in list.char_indices() {
        match c {
            '(' | '[' | '{' | '<' => depth += 1,
            ')' | ']' | '}' => depth -= 1,
            '>' if before != '-' && before != '=' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(&list[start..at]);
                start = at + 1;
            }
            _ => {}
        }
        before = c;
    }
    parts.push(&list[start..]);
    parts
}

/// Each path that a `use` names, its braces taken apart: `a::{b, c::d}` gives `a::b` and `a::c::d`.
pub(crate) fn expanded(tree: &str) -> Vec<String> {
    let tree = tree.trim();
    let Some((before, rest)) = tree.split_once('{') else {
        let path = tree.split(" as ").next().unwrap_or_default().trim();
        return if path.is_empty() { vec![] } else { vec![path.to_owned()] };
    };
    let body = rest.rsplit_once('}').map_or(rest, |(body, _)| body);
    split(body).into_iter().flat_map(expanded).map(|path| format!("{before}{path}")).collect()
}
