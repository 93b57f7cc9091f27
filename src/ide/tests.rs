//! Old names, which only the table of the tests has: what is said of them, and that nobody renames them.

use super::{View, hover, renamable};
use crate::compile::{Checked, Entry, LoadError, Loader, Memory, Setting};

const TEXT: &str = r#"runbook "Old" 1.0.0
use "std/images"

input span: text
let names = ["a"]
milestone "M" {
  check "All" patience 5m {
    expect tally(names) == 1
    expect span("5m") == 5m
  }
}
step "Build" {
  run make
  artifact out = "a.tar"
  log "{out.checksum} {span} {images.media}"
  rollback none "only a file"
}
"#;

struct One;

impl Loader for One {
    fn read(&self, path: &str) -> Result<Vec<u8>, LoadError> {
        let found = (path == "a.runbook").then(|| TEXT.as_bytes().to_vec());
        found.ok_or_else(|| LoadError::Unreadable("not there".to_owned()))
    }
}

fn with<R>(words: &str, look: impl FnOnce(&View<'_>, u32) -> R) -> R {
    let (mut memory, setting) = (Memory::default(), Setting::default());
    let checked: Checked = memory.resolve(&One, Entry::File("a.runbook"), &setting);
    let trees: Vec<_> = checked.trees(&memory).cloned().collect();
    let view = View { sources: &checked.sources, trees: &trees, index: &checked.index };
    let at = TEXT.find(words).unwrap() + words.len() - 1;
    look(&view, u32::try_from(at).unwrap())
}

#[test]
fn an_old_name_says_what_stands_in_its_place() {
    let told = [
        ("milest", "milestone", "phase"),
        ("pati", "patience", "within"),
        ("expect tal", "tally", "count"),
        ("expect sp", "span", "duration"),
        ("out.check", "checksum", "sha256"),
        ("images.med", "media", "kinds"),
        ("use \"std/ima", "std/images", "std/registry"),
        ("{images.", "std/images", "std/registry"),
    ];
    for (words, old, new) in told {
        let said = format!(
            "`{old}` is deprecated since bowline 0.1.0, and 1.0.0 no longer has it; `{new}` stands in its place"
        );
        let hover = with(words, hover).unwrap_or_else(|| panic!("{words}")).text;
        assert!(hover.contains(&said), "{words}: {hover}");
        let refused = with(words, |view, at| renamable(view, at).err()).unwrap_or_else(|| panic!("{words}"));
        assert!(refused.contains(&said), "{words}: {refused}");
    }
}

#[test]
fn behind_it_stands_what_is_said_of_the_new_name() {
    for (old, new) in
        [("expect tal", "count("), ("milest", "phase"), ("pati", "within"), ("expect sp", "A type")]
    {
        let hover = with(old, hover).unwrap().text;
        let behind = hover.split_once("\n\n").unwrap_or_else(|| panic!("{hover}")).1;
        assert!(behind.contains(new), "{old}: {hover}");
    }
}

#[test]
fn a_name_of_the_files_own_is_not_old() {
    for words in ["input sp", "checksum} {sp"] {
        assert!(!with(words, hover).unwrap().text.contains("eprecated"), "{words}");
        assert!(with(words, |view, at| renamable(view, at).is_ok()), "{words}");
    }
}
