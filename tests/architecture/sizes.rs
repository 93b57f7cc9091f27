//! How large files and functions may grow, and how much may be handed to a function.

use std::path::Path;

use super::functions::{Function, functions};
use super::source::{code, is_test, root, rust_files};

/// How large things may be.
struct Limits {
    /// Lines of a file.
    file: usize,
    /// Lines of a function, its signature included.
    function: usize,
    /// Parameters of a function beside `self`; more are a struct with names.
    parameters: usize,
}

const CODE: Limits = Limits { file: 400, function: 60, parameters: 4 };
/// Tests are lists of cases: they are looked up, not read from end to end.
const TESTS: Limits = Limits { file: 600, function: 60, parameters: 5 };

/// What may be larger, and why: a file by its name, a function behind it.
const EXCEPTIONS: &[(&str, &str)] = &[];

struct Source {
    name: String,
    text: String,
    limits: &'static Limits,
}

impl Source {
    fn read(file: &Path) -> Self {
        let name = file.strip_prefix(root()).unwrap().display().to_string();
        let limits = if name.starts_with("src") && !is_test(file) { &CODE } else { &TESTS };
        Self { name, text: std::fs::read_to_string(file).unwrap(), limits }
    }

    /// What is too large in it: a place as exceptions name it, and by how much.
    fn large(&self) -> Vec<(String, String)> {
        let Limits { file, function, parameters } = self.limits;
        let lines = self.text.lines().count();
        let mut large = vec![];
        if lines > *file {
            large.push((self.name.clone(), format!("{lines} lines, at most {file}; split it by concept")));
        }
        for Function { name, lines: long, parameters: takes } in functions(&self.text) {
            let place = format!("{} {name}", self.name);
            if long > *function {
                large.push((place.clone(), format!("{long} lines, at most {function}")));
            }
            if takes > *parameters {
                large.push((place, format!("{takes} parameters, at most {parameters}")));
            }
        }
        large
    }
}

fn sources() -> Vec<Source> {
    let files = ["src", "tests", "benches"].iter().flat_map(|folder| rust_files(&root().join(folder)));
    files.map(|file| Source::read(&file)).collect()
}

#[test]
fn files_functions_and_lists_of_parameters_stay_small() {
    let large = sources().into_iter().flat_map(|source| source.large());
    let large = large.filter(|(place, _)| EXCEPTIONS.iter().all(|(known, _)| known != place));
    let told: Vec<_> = large.map(|(place, why)| format!("{place}: {why}")).collect();
    assert!(told.is_empty(), "too large:\n{}", told.join("\n"));
}

#[test]
fn every_exception_is_still_needed() {
    let large: Vec<_> = sources().into_iter().flat_map(|source| source.large()).collect();
    for (known, why) in EXCEPTIONS {
        let needed = large.iter().any(|(place, _)| place == known);
        assert!(needed && !why.is_empty(), "`{known}` is no exception any more");
    }
}

#[test]
fn functions_are_found_with_their_sizes() {
    let text = "impl X {\n    pub(super) async fn one<F: Fn(&str) -> bool>(\n        &mut self,\n        a: (u8, u8),\n        b: F,\n    ) {\n        a;\n    }\n\n    fn two(self) {}\n}\nfn three(a: Map<u8, u8>, b: &[u8], c: u8, d: u8, e: u8) -> u8 {\n    0\n}\n";
    let found: Vec<_> =
        functions(&code(text)).into_iter().map(|one| (one.name, one.lines, one.parameters)).collect();
    let expected = [("one", 7, 2), ("two", 1, 0), ("three", 3, 5)];
    assert_eq!(found, expected.map(|(name, lines, parameters)| (name.to_owned(), lines, parameters)));
}
