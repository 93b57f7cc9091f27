//! The README from a fresh clone: its two commands, and the run that it shows, which the same answers must show again.
//!
//! In that a line `…` stands for lines that are left out. Times, lengths of time and ids differ from run to run.

use regex::Regex;

use crate::seat::{Seat, Site};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

fn readme() -> String {
    std::fs::read_to_string(format!("{ROOT}/README.md")).unwrap()
}

/// The set-up commands: all that is indented in their section.
fn commands() -> Vec<String> {
    let readme = readme();
    let section = readme.split("\n## ").find(|section| section.starts_with("Two commands")).unwrap();
    section.lines().filter_map(|line| line.strip_prefix("    ")).map(str::to_owned).collect()
}

/// The block of the README that begins with a command in which these words stand, without its indent.
fn recorded(words: &str) -> Vec<String> {
    let readme = readme();
    let from = readme.lines().skip_while(|line| !(line.starts_with("    $ ") && line.contains(words)));
    let block = from.take_while(|line| line.is_empty() || line.starts_with("    "));
    let lines: Vec<String> = block.map(|line| line.get(4..).unwrap_or_default().to_owned()).collect();
    assert!(!lines.is_empty(), "the README shows `{words}`");
    let end = lines.iter().rposition(|line| !line.is_empty()).unwrap();
    lines[..=end].to_vec()
}

/// What differs from run to run is taken out.
fn steady(line: &str) -> String {
    let id = Regex::new(r"(\brun |logs |-ga-|-rollback-)[0-9a-z]{5}\b").unwrap().replace_all(line, "${1}RUN");
    let plan = Regex::new(r"^(  plan +)[0-9a-f]{12}$").unwrap().replace_all(&id, "${1}DIGEST");
    let clock = Regex::new(r"\b\d\d:\d\d:\d\d\b").unwrap().replace_all(&plan, "TIME");
    Regex::new(r"(\d+m )?\d+(\.\d)? m?s\b|\d+m \d+s\b").unwrap().replace_all(&clock, "TOOK").into_owned()
}

/// A folder in which the README's commands find what they name.
fn fresh_clone() -> Site {
    let site = Site::new("");
    for folder in ["examples", "runbooks"] {
        std::os::unix::fs::symlink(format!("{ROOT}/{folder}"), site.path(folder)).unwrap();
    }
    let made = site.other(&["python3", "examples/memoria/practice.py", "target/practice"]);
    assert!(made.status.success(), "{made:?}");
    site
}

/// The arguments of bowline in the first command.
fn arguments(command: &str) -> Vec<&str> {
    command.split_once("cargo run --quiet -- ").unwrap().1.split(' ').collect()
}

/// The command of a line `$ NAME=value bowline …` at a terminal.
fn sits_down(site: &Site, command: &str) -> Seat {
    let words: Vec<&str> = command.strip_prefix("$ ").unwrap().split(' ').collect();
    let at = words.iter().position(|word| *word == "bowline").unwrap();
    for (name, value) in words[..at].iter().filter_map(|word| word.split_once('=')) {
        site.set(name, value);
    }
    site.set("NO_COLOR", "1");
    site.sits_down(&words[at + 1..])
}

/// What was typed at the questions, by what stands before it.
fn typed(recorded: &[String]) -> impl Iterator<Item = (String, &str)> {
    let prompts = recorded.iter().filter_map(|line| line.split_once("a note] "));
    prompts.map(|(before, typed)| (format!("{before}a note] "), typed))
}

/// The lines without those that are left out: each run of lines stands in what was shown, in this order, the first at
/// its beginning and the last at its end.
fn is_shown(recorded: &[String], shown: &[String]) {
    let parts: Vec<&[String]> = recorded.split(|line| line.trim() == "…").collect();
    let mut at = 0;
    for (number, part) in parts.iter().enumerate() {
        let found = (at..shown.len()).find(|from| shown[*from..].starts_with(part));
        let Some(found) = found else {
            panic!("not shown:\n{}\nbut:\n{}", part.join("\n"), shown.join("\n"));
        };
        assert!(number > 0 || found == 0, "it begins otherwise:\n{}", shown.join("\n"));
        at = found + part.len();
    }
    assert_eq!(at, shown.len(), "it goes on:\n{}", shown[at..].join("\n"));
}

#[test]
fn the_readmes_run_is_shown_again() {
    let all = recorded("bowline run memoria/self-managed-ga");
    let end = all.iter().position(|line| line == "$ echo $?").unwrap();
    let (recorded, exit) = (&all[1..end], all[end + 1].parse().unwrap());
    let site = fresh_clone();
    let mut seat = sits_down(&site, &all[0]);
    for (prompt, line) in typed(recorded) {
        seat.answers(&prompt, line);
    }
    assert_eq!(seat.leaves(), Some(exit));
    let told = seat.history();
    let lines = |text: &[String]| text.iter().map(|line| steady(line)).collect::<Vec<_>>();
    is_shown(&lines(recorded), &lines(&told));
}

#[test]
fn there_are_two_commands_and_ci_runs_the_one_that_tests() {
    let commands = commands();
    assert_eq!((commands.len(), commands[1].as_str()), (2, "cargo test"));
    let ci = std::fs::read_to_string(format!("{ROOT}/.ci/run")).unwrap();
    for command in [&commands[1], "cargo fmt --check", "cargo clippy --locked --all-targets -- -D warnings"] {
        assert!(ci.contains(command), "{command}");
    }
}

#[test]
fn the_first_command_comes_to_its_end_unasked() {
    let command = &commands()[0];
    let (made, words) = (command.split(" && ").next().unwrap(), arguments(command));
    let site = fresh_clone();
    assert!(site.other(&made.split(' ').collect::<Vec<_>>()).status.success(), "{made}");
    let ran = site.alone(&words);
    let said = String::from_utf8_lossy(&ran.stderr);
    assert_eq!(ran.status.code(), Some(0), "{said}");
    assert!(said.contains("8 of 8 steps") && said.matches("answer not used").count() == 1, "{said}");
}

#[test]
fn without_the_files_answers_a_person_is_asked_each_question() {
    let command = &commands()[0];
    let site = fresh_clone();
    let words = arguments(command);
    let at = words.iter().position(|word| *word == "--answers").unwrap();
    let mut seat = site.sits_down(&words[..at]);
    seat.answers("? Go on? Nothing has been run yet.\n  [yes / no, and a note] ", "yes");
    seat.answers("? Pre-flight › On-call", "yes, CHG-4711");
    seat.answers("? Validate ingestion › Telemetry dashboards receive events", "pass");
    assert_eq!(seat.leaves(), Some(0), "{}", seat.shown());
    assert!(seat.shown().contains("CHG-4711)"), "{}", seat.shown());
}
