//! The page about stability says what is so: formats, versions, what is deprecated.

use std::collections::BTreeSet;
use std::path::Path;

use bowline::compile::bundled::STDLIB;
use bowline::diag::retired::{Of, RETIRED};

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
    let row = format!("| {major}.{minor} | {major}.{minor} | 1 | 1 | 1 | {rust} | supported |");
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
        assert!(
            has_window(one.of, since, removal, &released(&promised)),
            "{one:?}: both words do not work long enough"
        );
        assert!(since <= now && now < removal, "{one:?}: told too early, or still there");
    }
}

/// The minor versions that the matrix lists.
fn released(page: &str) -> Vec<(u32, u32)> {
    let rows = page.lines().skip_while(|line| !line.starts_with("| bowline |")).skip(2);
    let rows = rows.take_while(|line| line.starts_with("| "));
    rows.map(|row| release(row.trim_start_matches("| ").split(' ').next().unwrap())).collect()
}

/// Whether so many minor versions have both words as the page promises: two, or one where `check --fix` renames an option of
/// a statement. Within a major version they follow each other; how many the last major version had, the matrix says.
fn has_window(of: Of, since: (u32, u32), removal: (u32, u32), released: &[(u32, u32)]) -> bool {
    let wanted = if matches!(of, Of::Option(_)) { 1 } else { 2 };
    let both = if since.0 == removal.0 {
        removal.1.saturating_sub(since.1) as usize
    } else {
        let listed = released.iter().filter(|version| since < **version && **version < removal);
        let begins = (0..removal.1).map(|minor| (removal.0, minor));
        listed.copied().chain(begins).chain([since]).collect::<BTreeSet<_>>().len()
    };
    since < removal && both >= wanted
}

#[test]
fn a_window_is_two_minor_versions_or_one_for_an_option() {
    let option = Of::Option("check");
    let windows =
        [(Of::Keyword, 2, false), (Of::Keyword, 3, true), (Of::Key("a target"), 2, false), (option, 2, true)];
    for (of, removal, enough) in windows {
        assert_eq!(has_window(of, (0, 1), (0, removal), &[]), enough, "{of:?} until 0.{removal}");
    }
    assert!(!has_window(option, (0, 1), (0, 1), &[]));
    assert!(!has_window(option, (1, 0), (0, 9), &[]));
}

#[test]
fn a_new_major_version_shortens_no_window() {
    let listed =
        "| bowline | language |\n|---|---|\n| 0.8 | 0.8 |\n| 0.9 | 0.9 |\n| 1.0 | 1.0 |\n\n| 7.7 |\n";
    assert_eq!(released(listed), [(0, 8), (0, 9), (1, 0)]);
    let after = |removal, more: &[(u32, u32)]| {
        let all = [released(listed), more.to_vec()].concat();
        has_window(Of::Keyword, (0, 9), removal, &all)
    };
    assert!(!after((1, 0), &[]), "0.9 alone has both");
    assert!(after((1, 0), &[(0, 10)]));
    assert!(after((1, 1), &[]), "0.9 and 1.0 have both");
    assert!(has_window(Of::Option("check"), (0, 9), (1, 0), &released(listed)));
    assert!(released(&page("docs/stability.md")).contains(&(0, 1)), "the matrix is read");
}

/// What may stand in a section of the changelog, in this order.
const SECTIONS: &[&str] = &["Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"];

/// What is wrong with the form of a changelog.
fn misshapen(text: &str) -> Vec<String> {
    let (mut wrong, mut versions, mut sections): (Vec<String>, Vec<&str>, Vec<usize>) =
        (vec![], vec![], vec![]);
    let dated = regex::Regex::new(r"^\d+\.\d+\.\d+ \(\d{4}-\d\d-\d\d\)$").unwrap();
    for line in text.lines() {
        if let Some(version) = line.strip_prefix("## ") {
            if !dated.is_match(version) && (version != "Unreleased" || !versions.is_empty()) {
                wrong.push(format!("{version} is neither `1.2.3 (2030-03-01)` nor the first, Unreleased"));
            }
            versions.push(version);
            sections.clear();
        } else if let Some(section) = line.strip_prefix("### ") {
            match SECTIONS.iter().position(|one| *one == section) {
                Some(at) if sections.last().is_none_or(|last| *last < at) => sections.push(at),
                _ => wrong.push(format!("`{section}` is no section, or out of order")),
            }
        } else if let Some(entry) = line.strip_prefix("- ")
            && sections.last() == Some(&2)
            && !(entry.contains("instead") && entry.contains("gone in"))
        {
            wrong.push(format!("what is deprecated needs `instead` and `gone in`: {entry}"));
        }
    }
    if versions.is_empty() {
        wrong.push("there is no version".to_owned());
    }
    wrong
}

#[test]
fn the_changelog_has_its_form() {
    assert_eq!(misshapen(&page("CHANGELOG.md")), Vec::<String>::new());
    let wrong = "# Changelog\n\n## 1.2\n\n### Fixed\n\n### Added\n\n### Deprecated\n\n- `milestone`\n";
    assert_eq!(misshapen(wrong).len(), 3, "{:?}", misshapen(wrong));
}
