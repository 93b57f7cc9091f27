//! The page about stability says what is so: formats, versions, what is deprecated.

use std::path::Path;

use bowline::compile::bundled::STDLIB;
use bowline::program::retired::RETIRED;

use crate::site::page;

#[test]
fn every_published_format_is_promised() {
    let promised = page("docs/stability.md");
    let schemas = std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/schemas")).unwrap();
    let names = schemas.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned());
    let mut missing: Vec<_> = names.filter(|name| !promised.contains(&format!("(schemas/{name})"))).collect();
    missing.sort();
    assert_eq!(missing, Vec::<String>::new());
}

#[test]
fn the_matrix_has_a_row_for_this_version() {
    let [major, minor] = [env!("CARGO_PKG_VERSION_MAJOR"), env!("CARGO_PKG_VERSION_MINOR")];
    let rust = env!("CARGO_PKG_RUST_VERSION");
    let row = format!("| {major}.{minor} | {major}.{minor} | 1 | 1 | 1 | {rust} |");
    assert!(page("docs/stability.md").contains(&row), "no row {row}");
}

#[test]
fn what_is_deprecated_in_the_standard_library_is_listed() {
    let promised = page("docs/stability.md");
    let old = STDLIB.iter().flat_map(|module| {
        let lines = module.text.lines().filter(|line| line.contains(" deprecated by \""));
        lines.filter_map(|line| {
            Some(format!("{}.{}", module.name().strip_prefix("std/")?, line.split([' ', '(']).nth(1)?))
        })
    });
    let old: Vec<_> = old.collect();
    let missing: Vec<_> = old.iter().filter(|name| !promised.contains(name.as_str())).collect();
    assert_eq!(missing, Vec::<&String>::new());
    let nothing = old.is_empty() && RETIRED.is_empty();
    assert_eq!(nothing, promised.contains("Deprecated at this time: nothing."));
}

/// Major and minor of a version.
fn release(version: &str) -> (u32, u32) {
    let mut parts = version.split('.').map(|part| part.parse().unwrap());
    (parts.next().unwrap(), parts.next().unwrap())
}

#[test]
fn what_is_deprecated_in_the_language_is_listed_has_its_window_and_is_not_gone_yet() {
    let promised = page("docs/stability.md");
    let now = release(env!("CARGO_PKG_VERSION"));
    for one in RETIRED {
        let row = format!("| `{}` | `{}` | {} | {} |", one.word, one.by, one.since, one.removal);
        assert!(promised.contains(&row), "no row {row}");
        let (since, removal) = (release(one.since), release(one.removal));
        assert!(removal.0 > since.0 || removal.1 > since.1, "{one:?}: there is no version with both");
        assert!(since <= now && now < removal, "{one:?}: told too early, or still there");
    }
}
