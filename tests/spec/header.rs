//! Reads what a spec says of itself: the comment at its beginning and the files beside it.

use std::path::{Path, PathBuf};

/// What must come of a spec.
#[derive(Debug, PartialEq)]
pub(crate) enum Verdict {
    /// It compiles without a word; the snapshot shows the plan.
    Checks,
    /// Exactly these codes are reported, in this order; the snapshot shows the reports.
    Reports(Vec<String>),
    /// The real binary runs it and exits so; the snapshot shows the events and what they left behind.
    Runs(i32),
}

/// A second command on the same journal.
#[derive(Debug)]
pub(crate) struct Then {
    pub(crate) exit: i32,
    pub(crate) words: Vec<String>,
}

/// A spec, read.
#[derive(Debug)]
pub(crate) struct Spec {
    pub(crate) path: PathBuf,
    pub(crate) verdict: Verdict,
    /// More words for `bowline run`.
    pub(crate) args: Vec<String>,
    /// Environment variables, `NAME=value`.
    pub(crate) env: Vec<(String, String)>,
    pub(crate) then: Vec<Then>,
    /// Codes of what is said before it runs.
    pub(crate) warned: Vec<String>,
    /// Words that the screen shows.
    pub(crate) shows: Vec<String>,
    /// Its events come in no certain order.
    pub(crate) unordered: bool,
    /// How often a part of its events comes is not certain: a part that repeats itself is shown once.
    pub(crate) repeats: bool,
    /// This day of the week stands for one that is far from today.
    day: Option<String>,
    /// The input `server` gets the address of the test's server.
    pub(crate) server: bool,
}

impl Spec {
    /// Reads a file; panics, naming it, where its beginning is not as the README says.
    pub(crate) fn read(path: &Path) -> Self {
        let text = std::fs::read_to_string(path).unwrap();
        let mut lines = text.lines().map_while(|line| line.strip_prefix("# "));
        let first = lines.next().unwrap_or_else(|| panic!("{}: no verdict", path.display()));
        let mut spec = Self {
            path: path.to_owned(),
            verdict: verdict(first).unwrap_or_else(|| panic!("{}: `{first}`?", path.display())),
            args: vec![],
            env: vec![],
            then: vec![],
            warned: vec![],
            shows: vec![],
            unordered: false,
            repeats: false,
            day: None,
            server: text.contains("\ninput server: url"),
        };
        for line in lines {
            spec.take(line);
        }
        spec
    }

    /// Takes one line of the header; lines that are no instruction are for the reader.
    fn take(&mut self, line: &str) {
        let (key, said) = line.split_once(": ").unwrap_or((line, ""));
        match key {
            "args" => self.args.extend(words(said)),
            "env" => {
                let (name, value) = said.split_once('=').unwrap();
                self.env.push((name.to_owned(), value.to_owned()));
            }
            "then" => {
                let (exit, said) = said.split_once(": ").unwrap();
                let exit = exit.strip_prefix("exit ").unwrap().parse().unwrap();
                self.then.push(Then { exit, words: words(said) });
            }
            "warns" => self.warned.extend(words(said)),
            "shows" => self.shows.push(said.to_owned()),
            "repeats" => self.repeats = true,
            "another day" => self.day = Some(said.to_owned()),
            "unordered" => self.unordered = true,
            _ => {}
        }
    }

    /// Its text, as it runs today.
    pub(crate) fn dated(&self, text: &str) -> String {
        let later = jiff::Zoned::now().checked_add(jiff::Span::new().days(3)).unwrap();
        let later = later.strftime("%a ").to_string();
        self.day.as_ref().map_or(text.to_owned(), |day| text.replace(&format!("{day} "), &later))
    }

    /// `effects/run_words`.
    pub(crate) fn name(&self) -> String {
        let topic = self.path.parent().unwrap().file_name().unwrap().to_string_lossy().into_owned();
        format!("{topic}/{}", self.path.file_stem().unwrap().to_string_lossy())
    }

    /// A file beside it with the same name and another ending, if it is there.
    pub(crate) fn beside(&self, ending: &str) -> Option<PathBuf> {
        Some(self.path.with_extension(ending)).filter(|path| path.exists())
    }
}

fn verdict(first: &str) -> Option<Verdict> {
    if first == "checks" {
        return Some(Verdict::Checks);
    }
    if let Some(exit) = first.strip_prefix("runs: exit ") {
        return Some(Verdict::Runs(exit.parse().ok()?));
    }
    let codes: Vec<String> = first.split(' ').map(str::to_owned).collect();
    let is_code =
        |code: &String| code.len() == 5 && code.starts_with(['E', 'W']) && code[1..].parse::<u16>().is_ok();
    codes.iter().all(is_code).then_some(Verdict::Reports(codes))
}

/// Words between blanks; `"…"` keeps blanks.
fn words(said: &str) -> Vec<String> {
    let mut words = vec![];
    for (at, part) in said.split('"').enumerate() {
        if at % 2 == 1 {
            words.push(part.to_owned());
        } else {
            words.extend(part.split_whitespace().map(str::to_owned));
        }
    }
    words
}

/// Every spec of a folder, by name.
pub(crate) fn specs_of(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|ending| ending == "runbook"));
    paths.sort();
    paths
}

/// The folder of all specs.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/spec")
}
