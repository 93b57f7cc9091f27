//! The rules of the house, as tests: who may import whom, what may not stand in the source, how large things may grow.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "tests read the repository"
)]

mod circles;
mod functions;
mod sizes;
mod source;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use source::{is_test, root, rust_files};

/// The table of `docs/architecture.md`: module to the modules it may import.
fn table() -> BTreeMap<String, BTreeSet<String>> {
    let text = std::fs::read_to_string(root().join("docs/architecture.md")).unwrap();
    let rows = text.lines().skip_while(|line| !line.starts_with("| module")).skip(1);
    let rows = rows.take_while(|line| line.starts_with('|')).filter(|line| line.starts_with("| "));
    rows.map(|row| {
        let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
        let imports = cells.last().unwrap().split_whitespace().map(str::to_owned).collect();
        (cells.first().unwrap().to_string(), imports)
    })
    .collect()
}

/// The module of `src/` that a file belongs to.
fn module_of(file: &Path) -> String {
    let inside = file.strip_prefix(root().join("src")).unwrap();
    let first = inside.components().next().unwrap().as_os_str().to_string_lossy().into_owned();
    first.trim_end_matches(".rs").to_owned()
}

/// Names of modules that stand after `crate::` in a text.
fn imports(text: &str) -> BTreeSet<String> {
    let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
    let joined = code.collect::<Vec<_>>().join("\n");
    let after = joined.split("crate::").skip(1);
    after
        .map(|rest| rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>())
        .filter(|name| !name.is_empty() && name.chars().next().unwrap().is_lowercase())
        .collect()
}

#[test]
fn imports_follow_the_table() {
    let table = table();
    let mut broken = vec![];
    for file in rust_files(&root().join("src")) {
        let module = module_of(&file);
        if module == "main" || module == "lib" || is_test(&file) {
            continue;
        }
        let allowed = table.get(&module).unwrap_or_else(|| panic!("`{module}` is missing in the table"));
        for import in imports(&std::fs::read_to_string(&file).unwrap()) {
            if import != module && !allowed.contains(&import) {
                broken.push(format!("{} imports {import}", file.display()));
            }
        }
    }
    assert!(broken.is_empty(), "not in the table of docs/architecture.md:\n{}", broken.join("\n"));
}

#[test]
fn the_table_names_every_module_and_no_other() {
    let listed: BTreeSet<String> = table().into_keys().collect();
    let there: BTreeSet<String> = std::fs::read_dir(root().join("src"))
        .unwrap()
        .map(Result::unwrap)
        .filter(|entry| entry.path().is_dir())
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    assert_eq!(listed, there);
}

#[test]
fn only_their_modules_name_pest_and_clap() {
    for (library, home) in [
        ("pest", "syntax"),
        ("clap", "cli"),
        ("rusqlite", "journal"),
        ("reqwest", "host"),
        ("maud", "view"),
        ("lsp_types", "lsp"),
    ] {
        for file in rust_files(&root().join("src")) {
            let text = std::fs::read_to_string(&file).unwrap();
            let names = text.contains(&format!("use {library}")) || text.contains(&format!("{library}::"));
            let home_file = module_of(&file) == home || (library == "clap" && module_of(&file) == "main");
            assert!(!names || home_file, "{} names {library}", file.display());
        }
    }
}

#[test]
fn nothing_is_left_to_do() {
    let words =
        [concat!("to", "do!"), concat!("unimple", "mented!"), concat!("FIX", "ME"), concat!("#[all", "ow(")];
    for folder in ["src", "tests", "benches"] {
        let folder = root().join(folder);
        for file in if folder.exists() { rust_files(&folder) } else { vec![] } {
            let text = std::fs::read_to_string(&file).unwrap();
            for word in words {
                assert!(!text.contains(word), "{} holds {word}", file.display());
            }
        }
    }
}

#[test]
fn every_module_says_what_it_knows() {
    for file in rust_files(&root().join("src")) {
        let text = std::fs::read_to_string(&file).unwrap();
        assert!(text.starts_with("//! "), "{} does not begin with what it is", file.display());
    }
}

#[test]
fn the_grammar_stays_small() {
    let text = std::fs::read_to_string(root().join("grammar/bowline.pest")).unwrap();
    let rules = text.lines().filter(|line| line.contains(" = ") && !line.trim_start().starts_with("//"));
    let count = rules.count();
    assert!(count < 86, "{count} rules; pest expands them all at every build");
}

#[test]
fn the_repository_speaks_of_bowline_alone() {
    let listed = std::process::Command::new("git").args(["ls-files"]).current_dir(root()).output();
    let Ok(listed) = listed else { return };
    let words = [concat!("/wo", "rk/"), concat!("artifac", "tory"), concat!("/ro", "ot/")];
    for name in String::from_utf8_lossy(&listed.stdout).lines().filter(|name| *name != "Cargo.lock") {
        let Ok(text) = std::fs::read_to_string(root().join(name)) else { continue };
        for word in words {
            assert!(!text.contains(word), "{name} holds {word}");
        }
    }
}
