//! Links of the documents lead somewhere, and the index of the decisions has them all.

use std::path::{Path, PathBuf};

use crate::site::page;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Every page of Markdown below a folder.
fn pages(folder: &Path) -> Vec<PathBuf> {
    let mut found = vec![];
    for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let path = entry.path();
        if path.is_dir() {
            found.extend(pages(&path));
        } else if path.extension().is_some_and(|ending| ending == "md") {
            found.push(path);
        }
    }
    found
}

#[test]
fn every_link_to_a_file_leads_to_one() {
    let link = regex::Regex::new(r"\]\(([^)\s]+)\)").unwrap();
    let mut lost = vec![];
    for file in pages(&root().join("docs")).into_iter().chain([root().join("README.md")]) {
        let text = std::fs::read_to_string(&file).unwrap();
        for found in link.captures_iter(&text) {
            let to = found[1].split('#').next().unwrap();
            let elsewhere = to.is_empty() || to.contains("://") || to.starts_with("mailto:");
            if !elsewhere && !file.parent().unwrap().join(to).exists() {
                lost.push(format!("{}: {to}", file.display()));
            }
        }
    }
    assert_eq!(lost, Vec::<String>::new());
}

#[test]
fn the_book_has_every_page() {
    let book = page("docs/SUMMARY.md");
    let folder = root().join("docs");
    let all = pages(&folder).into_iter().chain(pages(&folder.join("decisions")));
    let names = all.map(|path| path.strip_prefix(&folder).unwrap().to_string_lossy().into_owned());
    let mut missing: Vec<_> =
        names.filter(|name| name != "SUMMARY.md" && !book.contains(&format!("]({name})"))).collect();
    missing.sort();
    missing.dedup();
    assert_eq!(missing, Vec::<String>::new(), "a page in docs/ has its line in docs/SUMMARY.md");
}

#[test]
fn the_index_of_the_decisions_has_them_all() {
    let index = page("docs/decisions/README.md");
    let all = pages(&root().join("docs/decisions"));
    let names = all.iter().map(|path| path.file_name().unwrap().to_string_lossy().into_owned());
    let missing: Vec<_> =
        names.filter(|name| name != "README.md" && !index.contains(&format!("({name})"))).collect();
    assert_eq!(missing, Vec::<String>::new());
}

#[test]
fn the_readme_names_every_page_for_its_readers() {
    let readme = page("README.md");
    let all = [
        "authoring",
        "language",
        "statements",
        "stdlib",
        "codes",
        "ci",
        "answers",
        "secrets",
        "bowline-toml",
    ];
    let all = all.iter().chain(&["targets", "inject", "exit-codes", "architecture", "glossary", "seeds"]);
    let missing: Vec<_> = all.filter(|name| !readme.contains(&format!("(docs/{name}.md)"))).collect();
    assert_eq!(missing, Vec::<&&str>::new());
}
