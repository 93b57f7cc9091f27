//! No circles between the files of a module: each can be read once those that it imports are known.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::LazyLock;

use regex::Regex;

use super::source::{code, expanded, is_test, root, rust_files};

/// The files of the crate, by their modules.
struct Crate(BTreeMap<Vec<String>, Code>);

/// What a file names.
struct Code {
    uses: Vec<Use>,
    /// Paths that stand in the code itself.
    inline: Vec<String>,
}

impl Code {
    fn read(file: &Path) -> Self {
        let text = code(&std::fs::read_to_string(file).unwrap());
        Self { uses: uses(&text), inline: inline(&text) }
    }

    /// Where it has a name from that it shows as its own.
    fn reexported(&self, name: &str) -> Option<&str> {
        let shown = self.uses.iter().filter(|one| one.shown).map(|one| one.path.trim_start_matches("self::"));
        let own = |path: &&str| !path.starts_with("super::") && !path.starts_with("crate::");
        shown.filter(own).find(|path| path.rsplit("::").next() == Some(name))
    }
}

impl Crate {
    fn read() -> Self {
        let files = rust_files(&root().join("src")).into_iter().filter(|file| !is_test(file));
        Self(files.map(|file| (module_of(&file), Code::read(&file))).collect())
    }

    /// Every import of a file, as the module that it leads to.
    fn imports(&self, module: &[String], code: &Code) -> BTreeSet<Vec<String>> {
        let paths = code.uses.iter().map(|one| &one.path).chain(&code.inline);
        paths.filter_map(|path| self.resolve(module, path, 0)).filter(|found| found != module).collect()
    }

    /// The module that a path from some module leads to; through `pub use` to where the thing stands.
    fn resolve(&self, from: &[String], path: &str, depth: usize) -> Option<Vec<String>> {
        let mut parts = path.split("::").peekable();
        let mut at = from.to_vec();
        match parts.peek() {
            Some(&"crate") => (at, _) = (vec![], parts.next()),
            Some(&"self") => _ = parts.next(),
            Some(&"super") => {
                while parts.next_if_eq(&"super").is_some() {
                    at.pop();
                }
            }
            Some(first) if self.0.contains_key(&below(from, first)) => {}
            _ => return None,
        }
        for part in parts {
            let next = below(&at, part);
            if self.0.contains_key(&next) {
                at = next;
                continue;
            }
            let shown = self.0.get(&at).and_then(|code| code.reexported(part)).filter(|_| depth < 5);
            return Some(shown.and_then(|path| self.resolve(&at, path, depth + 1)).unwrap_or(at));
        }
        Some(at)
    }

    /// For each module, which of its parts imports which.
    fn edges(&self) -> BTreeMap<Vec<String>, Edges> {
        let mut edges: BTreeMap<_, Edges> = BTreeMap::new();
        for (module, code) in &self.0 {
            for found in self.imports(module, code) {
                let common = module.iter().zip(&found).take_while(|(a, b)| a == b).count();
                // What stands above both is no sibling of either.
                if let (Some(one), Some(other)) = (module.get(common), found.get(common)) {
                    let pair = (one.clone(), other.clone());
                    edges.entry(module[..common].to_vec()).or_default().insert(pair);
                }
            }
        }
        edges
    }
}

fn module_of(file: &Path) -> Vec<String> {
    let inside = file.strip_prefix(root().join("src")).unwrap().with_extension("");
    let mut parts: Vec<String> =
        inside.components().map(|part| part.as_os_str().to_string_lossy().into_owned()).collect();
    if parts.last().is_some_and(|last| ["mod", "lib", "main"].contains(&last.as_str())) {
        parts.pop();
    }
    parts
}

fn below(module: &[String], part: &str) -> Vec<String> {
    module.iter().cloned().chain([part.to_owned()]).collect()
}

static USE_LINE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?m)^\s*(pub(?:\([^)]*\))? )?use ([^;]+);").unwrap());
static PATH: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\b(?:super|crate|self)(?:::\w+)+").unwrap());

/// A `use` line, taken apart.
struct Use {
    path: String,
    /// Whether it shows the thing to others as the module's own.
    shown: bool,
}

fn uses(text: &str) -> Vec<Use> {
    let each = USE_LINE.captures_iter(text).flat_map(|found| {
        let shown = found.get(1).is_some();
        expanded(&found[2]).into_iter().map(move |path| Use { path, shown })
    });
    each.collect()
}

fn inline(text: &str) -> Vec<String> {
    PATH.find_iter(text).map(|found| found.as_str().to_owned()).collect()
}

type Edges = BTreeSet<(String, String)>;

/// The parts of a module that import each other, in a shortest round; empty where there is no circle.
fn circle(edges: &Edges) -> Vec<String> {
    let parts: BTreeSet<&String> = edges.iter().map(|(one, _)| one).collect();
    parts.into_iter().find_map(|start| round(edges, start)).unwrap_or_default()
}

/// From a part along imports back to itself.
fn round(edges: &Edges, start: &str) -> Option<Vec<String>> {
    let mut came_from: BTreeMap<&str, &str> = BTreeMap::new();
    let mut next = vec![start];
    while !next.is_empty() {
        let mut found = vec![];
        for (one, other) in edges.iter().filter(|(one, _)| next.contains(&one.as_str())) {
            if other == start {
                let mut way: Vec<&str> =
                    std::iter::successors(Some(one.as_str()), |at| came_from.get(at).copied()).collect();
                way.reverse();
                return Some(way.into_iter().map(str::to_owned).collect());
            }
            if !came_from.contains_key(other.as_str()) {
                came_from.insert(other, one);
                found.push(other.as_str());
            }
        }
        next = found;
    }
    None
}

#[test]
fn the_files_of_a_module_import_each_other_in_one_direction() {
    let mut circles = vec![];
    for (module, edges) in Crate::read().edges() {
        let found = circle(&edges);
        if !found.is_empty() {
            circles.push(format!("{}: {}", module.join("::"), found.join(" → ")));
        }
    }
    assert!(circles.is_empty(), "circles; move what both need to where neither is:\n{}", circles.join("\n"));
}

#[test]
fn a_circle_is_found() {
    let edges = |pairs: &[(&str, &str)]| -> Edges {
        pairs.iter().map(|(one, other)| ((*one).to_owned(), (*other).to_owned())).collect()
    };
    assert!(circle(&edges(&[("a", "b"), ("a", "c"), ("b", "c")])).is_empty());
    assert_eq!(circle(&edges(&[("a", "b"), ("b", "c"), ("c", "b")])), ["b", "c"]);
    let found = uses("use super::{a, b::{c, d as e}};\npub(super) use self::f::G;\n");
    let found: Vec<_> = found.into_iter().map(|one| (one.path, one.shown)).collect();
    let expected =
        [("super::a", false), ("super::b::c", false), ("super::b::d", false), ("self::f::G", true)];
    assert_eq!(found, expected.map(|(path, shown)| (path.to_owned(), shown)));
}
