//! What is inside the binary, from outside: listed, checked, planned, run and resumed by name from any folder; and
//! what every file of `stdlib/` and `runbooks/` must be.
#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "tests drive the real binary over real files"
)]

#[path = "support/binary.rs"]
mod binary;

use std::path::{Path, PathBuf};
use std::sync::Mutex;

use serde_json::Value;

/// A folder without a runbook in it.
struct Elsewhere(tempfile::TempDir);

/// What a command said.
struct Said {
    code: Option<i32>,
    out: String,
    err: String,
}

impl Elsewhere {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn write(&self, name: &str, text: &str) {
        let file = self.path().join(name);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, text).unwrap();
    }

    fn bowline(&self, args: &[&str]) -> Said {
        let output = binary::bowline(self.path(), args);
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Said { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
    }

    fn json(&self, args: &[&str]) -> Value {
        serde_json::from_str(&self.bowline(args).out).unwrap()
    }
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Every file below a folder of the repository, as the name that the binary has for it, with its text.
fn files(folder: &str) -> Vec<(String, String)> {
    let (mut open, mut found) = (vec![root().join(folder)], vec![]);
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
            let path = entry.path();
            if path.is_dir() {
                open.push(path);
            } else {
                assert!(path.extension().is_some_and(|ending| ending == "runbook"), "{}", path.display());
                let below = path.strip_prefix(root()).unwrap().with_extension("");
                let name = below.to_str().unwrap().replacen("stdlib/", "std/", 1);
                found.push((name.replacen("runbooks/", "", 1), std::fs::read_to_string(path).unwrap()));
            }
        }
    }
    found.sort();
    found
}

fn names(list: &Value) -> Vec<&str> {
    list.as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap()).collect()
}

const GA: &str = "memoria/self-managed-ga";

#[test]
fn every_file_of_the_two_folders_is_listed() {
    let elsewhere = Elsewhere::new();
    let (runbooks, modules) = (
        elsewhere.json(&["list", "--format", "json"]),
        elsewhere.json(&["list", "--stdlib", "--format", "json"]),
    );
    let bundled = files("runbooks");
    let wanted: Vec<_> = bundled.iter().filter(|(_, text)| text.starts_with("runbook ")).collect();
    assert_eq!(
        names(&runbooks["runbooks"]),
        wanted.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>()
    );
    let wanted = files("stdlib");
    assert_eq!(names(&modules["modules"]), wanted.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>());
}

#[test]
fn every_file_checks_without_a_word_and_is_formatted() {
    let (elsewhere, files) = (Elsewhere::new(), [files("stdlib"), files("runbooks")].concat());
    let names: Vec<_> = files.iter().map(|(name, _)| name.as_str()).collect();
    let checked = elsewhere.bowline(&[&["check"], names.as_slice()].concat());
    assert_eq!((checked.code, checked.err.as_str(), checked.out.as_str()), (Some(0), "", ""));
    let formatted = elsewhere.bowline(&[&["fmt", "--check"], names.as_slice()].concat());
    assert_eq!((formatted.code, formatted.err.as_str(), formatted.out.as_str()), (Some(0), "", ""));
}

#[test]
fn every_runbook_plans_where_there_is_no_network() {
    let elsewhere = Elsewhere::new();
    let (mut compiler, mut schemas) = (boon::Compiler::new(), boon::Schemas::new());
    let schema = root().join("docs/schemas/bowline-plan-1.json");
    let schema = compiler.compile(schema.to_str().unwrap(), &mut schemas).unwrap();
    for (name, text) in files("runbooks") {
        if text.starts_with("runbook ") {
            // A proxy that is not there would break any request.
            let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_bowline"));
            command
                .args(["plan", &name, "--format", "json"])
                .current_dir(elsewhere.path())
                .env("ALL_PROXY", "http://127.0.0.1:9");
            let planned = command.output().unwrap();
            assert_eq!(
                planned.status.code(),
                Some(0),
                "{name}: {}",
                String::from_utf8_lossy(&planned.stderr)
            );
            let plan: Value = serde_json::from_slice(&planned.stdout).unwrap();
            schemas.validate(&plan, schema).unwrap_or_else(|error| panic!("{name}: {error:#}"));
        }
    }
}

#[test]
fn every_module_says_what_it_is_and_what_each_check_and_step_is() {
    let elsewhere = Elsewhere::new();
    for (name, text) in [files("stdlib"), files("runbooks")].concat() {
        if !text.starts_with("module ") {
            continue;
        }
        let list = elsewhere.json(&["list", &name, "--format", "json"]);
        let module = &list["modules"][0];
        assert!(!module["prose"].as_str().unwrap().is_empty(), "{name} says nothing of itself");
        let exports = module["exports"].as_array().unwrap();
        assert!(!exports.is_empty(), "{name} exports nothing");
        for export in exports {
            assert!(!export["doc"].as_str().unwrap().is_empty(), "{name}: {} has no comment", export["name"]);
        }
    }
}

/// `BOWLINE_WRITE_DOCS=1` writes the page.
#[test]
fn the_page_of_the_standard_library_is_made_from_it() {
    let page = bowline::view::catalog::stdlib_markdown(&bowline::catalog::stdlib());
    let file = root().join("docs/stdlib.md");
    if std::env::var("BOWLINE_WRITE_DOCS").is_ok() {
        std::fs::write(&file, &page).unwrap();
    }
    let written = std::fs::read_to_string(file).unwrap();
    assert!(
        page == written,
        "docs/stdlib.md is behind: BOWLINE_WRITE_DOCS=1 cargo test --test bundled the_page"
    );
}

#[test]
fn lists_read_well() {
    let elsewhere = Elsewhere::new();
    let ga = elsewhere.bowline(&["list", GA]).out;
    insta::assert_snapshot!("one_runbook", ga);
    insta::assert_snapshot!("one_module", elsewhere.bowline(&["list", "cohort"]).out);
    let all = elsewhere.bowline(&["list"]).out;
    let first = all.lines().skip_while(|line| !line.starts_with(GA)).take_while(|line| !line.is_empty());
    insta::assert_snapshot!("a_runbook_among_all", first.collect::<Vec<_>>().join("\n"));
    let stdlib = elsewhere.bowline(&["list", "--stdlib"]).out;
    for module in elsewhere.json(&["list", "--stdlib", "--format", "json"])["modules"].as_array().unwrap() {
        assert!(stdlib.contains(&format!(
            "{}  {}\n",
            module["name"].as_str().unwrap(),
            module["version"].as_str().unwrap()
        )));
        for export in module["exports"].as_array().unwrap() {
            let line = format!(
                "    {} {}\n",
                export["kind"].as_str().unwrap(),
                export["signature"].as_str().unwrap()
            );
            assert!(stdlib.contains(&line), "{line}{stdlib}");
        }
    }
}

#[test]
fn lists_fit_their_schema() {
    let text = std::fs::read_to_string(root().join("docs/schemas/bowline-list-1.json")).unwrap();
    let (mut compiler, mut schemas) = (boon::Compiler::new(), boon::Schemas::new());
    compiler.add_resource("https://bowline.invalid/list.json", serde_json::from_str(&text).unwrap()).unwrap();
    let schema = compiler.compile("https://bowline.invalid/list.json", &mut schemas).unwrap();
    let elsewhere = Elsewhere::new();
    for words in [vec!["list"], vec!["list", "--stdlib"], vec!["list", GA], vec!["list", "std/prometheus"]] {
        let list = elsewhere.json(&[words.as_slice(), &["--format", "json"]].concat());
        schemas.validate(&list, schema).unwrap();
    }
}

#[test]
fn a_bundled_runbook_is_named_with_its_ending_or_without() {
    let elsewhere = Elsewhere::new();
    let plans = [GA, "memoria/self-managed-ga.runbook", "runbooks/memoria/self-managed-ga"]
        .map(|name| elsewhere.json(&["plan", "--format", "json", name])["digest"].clone());
    assert_eq!((&plans[0], &plans[0]), (&plans[1], &plans[2]));
    let file = root().join("runbooks/memoria/self-managed-ga.runbook");
    let on_disk = elsewhere.json(&["plan", "--format", "json", file.to_str().unwrap()]);
    assert_eq!(plans[0], on_disk["digest"], "the plan of the file itself");
    let printed = elsewhere.bowline(&["fmt", GA]);
    assert_eq!(printed.out, std::fs::read_to_string(file).unwrap());
}

#[test]
fn a_file_on_disk_wins() {
    let elsewhere = Elsewhere::new();
    elsewhere.write("memoria/self-managed-ga.runbook", "runbook \"Mine\" 1.0.0\nlog \"mine\"\n");
    let named = elsewhere.json(&["plan", "--format", "json", "memoria/self-managed-ga.runbook"]);
    assert_eq!(named["title"], "Mine");
    let without = elsewhere.json(&["plan", "--format", "json", GA]);
    assert_ne!(without["title"], "Mine", "no file has that very path");
    elsewhere.write("fresh/memoria/self-managed-ga", "runbook \"No ending\" 1.0.0\nlog \"mine\"\n");
    let output = binary::bowline(&elsewhere.path().join("fresh"), &["plan", "--format", "json", GA]);
    let plan: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(plan["title"], "No ending");
}

#[test]
fn a_name_that_nothing_has_gets_the_nearest() {
    let elsewhere = Elsewhere::new();
    let near = ["memoria/self-manged-ga", "self-managed-ga", "memoria/self-managed.runbook"];
    for (word, code) in [("check", 3), ("plan", 3), ("run", 3), ("fmt", 3), ("list", 2)] {
        for name in near {
            let said = elsewhere.bowline(&[word, name]);
            assert_eq!(said.code, Some(code), "{word} {name}: {}", said.err);
            assert!(said.err.contains("memoria/self-managed-ga"), "{word} {name}: {}", said.err);
        }
        let said = elsewhere.bowline(&[word, "something/else"]);
        assert_eq!(said.code, Some(code), "{}", said.err);
        assert!(!said.err.contains("did you mean"), "{}", said.err);
    }
    assert!(elsewhere.bowline(&["list", "promtheus"]).err.contains("did you mean std/prometheus?"));
}

#[test]
fn bowline_toml_is_the_one_of_the_working_folder() {
    let elsewhere = Elsewhere::new();
    elsewhere.write("bowline.toml", "[grups]\n");
    elsewhere.write("memoria/bowline.toml", "");
    let said = elsewhere.bowline(&["check", GA]);
    assert_eq!(said.code, Some(3), "{}", said.err);
    assert!(said.err.contains("grups"), "{}", said.err);
    let below = elsewhere.path().join("a/b");
    std::fs::create_dir_all(&below).unwrap();
    assert_eq!(binary::bowline(&below, &["check", GA]).status.code(), Some(3), "and above it");
}

#[test]
fn what_is_wrong_with_the_use_of_a_module_is_said_with_the_nearest_spelling() {
    let elsewhere = Elsewhere::new();
    let wrong = |text: &str| {
        elsewhere.write("a.runbook", &format!("runbook \"t\" 1.0.0\n{text}"));
        let said = elsewhere.bowline(&["check", "a.runbook"]);
        assert_eq!(said.code, Some(3), "{}", said.err);
        said.err
    };
    assert!(wrong("use \"std/promtheus\"\n").contains("did you mean \"std/prometheus\"?"));
    let check =
        |call: &str| format!("use \"std/prometheus\"\ninput api: url\ncheck \"c\" {{\n  {call}\n}}\n");
    let said = wrong(&check("prometheus.bellow(api, \"up\", 1)"));
    assert!(said.contains("did you mean `prometheus.below`?"), "{said}");
    let said = wrong(&check("prometheus.below(api, \"up\", limt: 1)"));
    assert!(said.contains("`limit`"), "{said}");
    let said = wrong(&check("prometheus.below(api, \"up\", \"high\")"));
    assert!(said.contains("number"), "{said}");
    let said = wrong(&check("prometheus.below(api)"));
    assert!(said.contains("`query`"), "{said}");
}

#[test]
fn a_run_of_a_bundled_runbook_resumes_without_its_file() {
    let elsewhere = Elsewhere::new();
    let files = ["announcement=a.md", "messages=m.md", "distribution=dist"];
    let inputs = [["release=2.0.0", "restart=true", "running=true"], files].concat();
    let given: Vec<_> = inputs.iter().flat_map(|input| ["-i", *input]).collect();
    let said = elsewhere.bowline(&[&["run", GA], given.as_slice()].concat());
    assert_eq!(said.code, Some(5), "{}", said.err);
    let runs = elsewhere.bowline(&["runs", "--format", "json"]).out;
    let run: Value = serde_json::from_str(runs.lines().next().unwrap()).unwrap();
    let said = elsewhere.bowline(&["resume", run["id"].as_str().unwrap()]);
    assert_eq!(said.code, Some(5), "{}", said.err);
    assert!(!said.err.contains("changed") && !said.err.contains("cannot be read"), "{}", said.err);
}

#[test]
fn a_package_holds_what_the_build_needs() {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let mut command = std::process::Command::new(cargo);
    command.args(["package", "--list", "--allow-dirty", "--offline"]).current_dir(root());
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let listed = String::from_utf8(output.stdout).unwrap();
    let packed: Vec<_> = listed.lines().collect();
    for (name, _) in files("stdlib") {
        let file = format!("{}.runbook", name.replacen("std/", "stdlib/", 1));
        assert!(packed.contains(&file.as_str()), "{file} is not packed: commit it, or mend `include`");
    }
    for (name, _) in files("runbooks") {
        assert!(packed.contains(&format!("runbooks/{name}.runbook").as_str()), "{name}");
    }
    for file in ["build.rs", "grammar/bowline.pest", "src/main.rs", "benches/speed/main.rs"] {
        assert!(packed.contains(&file), "{file}");
    }
}

/// In every way to fail; two at a time, each that comes next.
#[test]
fn every_bundled_runbook_drills_clean() {
    let elsewhere = Elsewhere::new();
    let names = elsewhere.bowline(&["list", "--names"]).out;
    let left: Mutex<Vec<&str>> = Mutex::new(names.lines().collect());
    let next = || left.lock().unwrap().pop();
    let drill = || {
        while let Some(name) = next() {
            let said = elsewhere.bowline(&["drill", "--format", "junit", name]);
            let wrong: Vec<&str> = said.out.lines().filter(|line| line.contains("<failure")).collect();
            assert_eq!((said.code, wrong), (Some(0), vec![]), "{name}: {}", said.err);
        }
    };
    std::thread::scope(|scope| {
        scope.spawn(drill);
        drill();
    });
}

/// What a rollback takes is looked up before the first effect that it undoes.
#[test]
fn no_step_of_a_bundled_runbook_lacks_a_value_of_its_rollback() {
    let elsewhere = Elsewhere::new();
    let names = elsewhere.bowline(&["list", "--names"]).out;
    for name in names.lines() {
        let said = elsewhere.bowline(&["plan", "--format", "json", name]);
        let plan: Value = serde_json::from_str(&said.out).unwrap();
        let failures = plan.get("failures").unwrap().as_array().unwrap().iter();
        for point in failures.flat_map(|failure| failure.get("points").unwrap().as_array().unwrap()) {
            assert_eq!(point.get("stuck_without"), None, "{name}: {point}");
        }
    }
}

#[test]
fn every_bundled_runbook_has_a_scenario_that_holds() {
    let elsewhere = Elsewhere::new();
    let names = elsewhere.bowline(&["list", "--names"]).out;
    let args: Vec<&str> = ["test", "--format", "json"].into_iter().chain(names.lines()).collect();
    let said = elsewhere.bowline(&args);
    assert_eq!(said.code, Some(0), "{}{}", said.out, said.err);
    let json: Value = serde_json::from_str(&said.out).unwrap();
    for runbook in json.get("runbooks").unwrap().as_array().unwrap() {
        let scenarios = runbook.get("scenarios").unwrap().as_array().unwrap();
        assert!(!scenarios.is_empty(), "{} has no scenario", runbook.get("title").unwrap());
    }
}
