//! Pages with runbooks on them: every fenced one checks without a word and is laid out as `bowline fmt` does.
//!
//! Behind the backticks stands `runbook`, and a file name where others of the page take it in. What does not begin with
//! `runbook` or `module` stands behind a first line of its own.

use bowline::diag::explain::Blocks;
use bowline::forms::SCHEMAS;

use crate::site::{Site, page};

/// The pages, as they must at least be; others with a fenced runbook are found.
const PAGES: &[&str] =
    &["docs/language.md", "docs/authoring.md", "docs/author.md", "docs/introduction.md", "docs/stability.md"];
/// Pages whose examples have tests of their own: what is wrong on them is meant.
const ELSEWHERE: &[&str] = &["docs/codes.md", "docs/statements.md"];

/// Every page with a fenced runbook.
fn pages() -> Vec<String> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/docs");
    let entries = std::fs::read_dir(folder).unwrap();
    let names = entries.map(|entry| format!("docs/{}", entry.unwrap().file_name().to_string_lossy()));
    let mut names: Vec<_> = names.filter(|name| name.strip_suffix(".md").is_some()).collect();
    names.retain(|name| !ELSEWHERE.contains(&name.as_str()) && !fenced(&page(name)).is_empty());
    names.sort();
    let missing: Vec<_> = PAGES.iter().filter(|name| !names.iter().any(|found| found == *name)).collect();
    assert!(missing.is_empty(), "without a runbook: {missing:?}");
    names
}

/// A fenced runbook of a page.
struct Fenced<'p> {
    name: &'p str,
    text: String,
}

fn fenced(page: &str) -> Vec<Fenced<'_>> {
    let blocks = Blocks::of(page).filter_map(|(info, text)| {
        let name = info.strip_prefix("runbook")?.trim();
        let whole = text.starts_with("runbook ") || text.starts_with("module ");
        let text = if whole { text.to_owned() } else { format!("runbook \"Example\" 1.0.0\n\n{text}") };
        Some(Fenced { name: if name.is_empty() { "main.runbook" } else { name }, text })
    });
    blocks.collect()
}

/// A place with every file of a page that has a name; of several versions of one the last before `at`.
fn placed(page: &str, all: &[Fenced<'_>], at: usize) -> Site {
    let site = Site::new();
    all.iter().for_each(|one| drop(site.write(one.name, &one.text)));
    all.iter().take(at + 1).for_each(|one| drop(site.write(one.name, &one.text)));
    let beside = Blocks::of(page).filter_map(|(info, text)| Some((info.strip_prefix("toml ")?, text)));
    beside.for_each(|(name, text)| drop(site.write(name.trim(), text)));
    site
}

#[test]
fn every_runbook_of_the_pages_checks_and_is_laid_out() {
    let mut wrong = vec![];
    for name in pages() {
        let page = page(&name);
        let all = fenced(&page);
        for (at, one) in all.iter().enumerate() {
            let site = placed(&page, &all, at);
            let said = site.check(one.name);
            // The guide begins with a step that gives no answer about undo, and says so.
            let warned = name == "docs/authoring.md" && at == 0;
            if !said.is_empty() && !warned {
                wrong.push(format!("{name}, {}:\n{}\n{said}", one.name, one.text));
            }
            if !site.is_formatted(one.name) {
                wrong.push(format!("{name}, {}: laid out otherwise\n{}", one.name, one.text));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What a fence is named that no test compiles because nothing in it is bowline; what has no name might be.
#[test]
fn every_fence_says_what_stands_in_it() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/docs");
    let names = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name());
    let names = names.map(|name| format!("docs/{}", name.to_string_lossy()));
    // The signatures of the standard library are made from its modules.
    let names = names.filter(|name| name.strip_suffix(".md").is_some() && name != "docs/stdlib.md");
    let bare: Vec<_> =
        names.filter(|name| Blocks::of(&page(name)).any(|(info, _)| info.is_empty())).collect();
    assert_eq!(bare, Vec::<String>::new(), "a fence without a name: `runbook`, `text`, `sh` …");
}

#[test]
fn the_step_of_the_readme_is_that_of_the_bundled_runbook() {
    let readme = page("README.md");
    let shown = readme.lines().skip_while(|line| !line.starts_with("    step "));
    let shown: Vec<_> = shown.map_while(|line| line.strip_prefix("    ")).collect();
    assert!(shown.len() > 10, "{shown:?}");
    let bundled = page("runbooks/memoria/self-managed-ga.runbook");
    assert!(bundled.contains(&shown.join("\n")), "the README shows another step than the runbook has");
}

/// Whether a line of some runbook has a statement that begins with that word.
fn is_shown(all: &[Fenced<'_>], word: &str) -> bool {
    let begins =
        regex::Regex::new(&format!(r"(?m)(^|[{{;])\s*(let \w+(: [\w ]+)? = )?(look )?{word}\b")).unwrap();
    all.iter().any(|one| begins.is_match(&one.text))
}

#[test]
fn the_language_page_shows_every_kind_of_statement() {
    let page = page("docs/language.md");
    let all = fenced(&page);
    let plain = |word: &&str| !["fence", "prose", "module.step"].contains(word);
    let missing: Vec<_> =
        SCHEMAS.iter().map(|schema| schema.word).filter(plain).filter(|word| !is_shown(&all, word)).collect();
    assert_eq!(missing, Vec::<&str>::new(), "shown by no example");
}
