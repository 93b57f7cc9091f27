//! What the specs cover: no file is unlisted, every statement kind and option has its spec.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::TOPICS;
use crate::header::{root, specs_of};

/// Every spec.
fn all() -> Vec<PathBuf> {
    TOPICS.iter().flat_map(|topic| specs_of(&root().join(topic))).collect()
}

fn names(folder: &Path) -> BTreeSet<String> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().map(Result::unwrap);
    entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
}

#[test]
fn every_file_belongs_to_a_spec() {
    let folders = names(&root()).into_iter().filter(|name| root().join(name).is_dir());
    assert_eq!(folders.collect::<BTreeSet<_>>(), TOPICS.iter().map(|topic| (*topic).to_owned()).collect());
    let specs: BTreeSet<PathBuf> = all().into_iter().collect();
    let mut strays = vec![];
    for topic in TOPICS {
        let folder = root().join(topic);
        let known = |stem: &str| specs.contains(&folder.join(format!("{stem}.runbook")));
        for name in names(&folder) {
            let stem = name.split('.').next().unwrap();
            if !(known(stem) || name == "snapshots" || name == "with") {
                strays.push(folder.join(name));
            }
        }
        let shots = names(&folder.join("snapshots")).into_iter();
        strays.extend(
            shots.filter(|name| !known(name.trim_end_matches(".snap"))).map(|name| folder.join(name)),
        );
        let texts =
            specs_of(&folder).iter().map(|path| std::fs::read_to_string(path).unwrap()).collect::<String>();
        let unused = names(&folder.join("with"))
            .into_iter()
            .filter(|name| !texts.contains(name.trim_end_matches(".runbook")));
        strays.extend(unused.map(|name| folder.join("with").join(name)));
    }
    assert_eq!(strays, Vec::<PathBuf>::new(), "belongs to no spec");
}
