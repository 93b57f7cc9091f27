//! The command line from outside: exit codes, streams, bad input.
#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "tests drive the real binary over real files"
)]

#[path = "support/binary.rs"]
mod binary;
#[path = "cli/streams.rs"]
mod streams;

use std::path::Path;

use binary::bowline;

/// Runs a text as a runbook; exit code and what was said.
fn run(text: &str, args: &[&str]) -> (Option<i32>, String, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("a.runbook"), text).unwrap();
    let args: Vec<&str> = ["run", "a.runbook"].iter().chain(args).copied().collect();
    let output = bowline(folder.path(), &args);
    (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned(), folder)
}

#[test]
fn the_bundled_runbook_checks_without_a_word_and_plans_as_json() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let runbook = root.join("runbooks/memoria/self-managed-ga.runbook");
    let folder = tempfile::tempdir().unwrap();
    let checked = bowline(folder.path(), &["check", runbook.to_str().unwrap()]);
    assert_eq!((checked.status.code(), checked.stderr.as_slice()), (Some(0), &b""[..]));
    let planned = bowline(folder.path(), &["plan", "--format", "json", runbook.to_str().unwrap()]);
    let json: serde_json::Value = serde_json::from_slice(&planned.stdout).unwrap();
    assert_eq!(json.get("format").and_then(|format| format.as_str()), Some("bowline-plan/1"));
    assert!(!folder.path().join("journal").exists(), "a plan starts nothing");
}

#[test]
fn values_arrive_as_they_are() {
    let odd = "-n $(touch pwned) 'q' \"d\" `x` ; | \\";
    let text = "runbook \"t\" 1.0.0\ninput odd: text\nstep \"write\" {\n  let said = run printf %s {odd}\n  rollback none \"t\"\n}\n\
                step \"same\" {\n  expect said == odd\n  rollback none \"t\"\n}\n";
    let (code, said, folder) = run(text, &["-i", &format!("odd={odd}")]);
    assert_eq!(code, Some(0), "{said}");
    assert!(!folder.path().join("pwned").exists());
}

#[test]
fn a_failure_undoes_newest_first_and_exits_1() {
    let step = |name: &str, program: &str| {
        format!(
            "step \"{name}\" {{\n  run sh -c 'echo do-{name} >> log; exec {program}'\n  rollback {{\n    run sh -c 'echo undo-{name} >> log'\n  }}\n}}\n"
        )
    };
    let text = format!(
        "runbook \"t\" 1.0.0\n{}{}{}{}",
        step("a", "true"),
        step("b", "true"),
        step("c", "false"),
        step("d", "true")
    );
    let (code, said, folder) = run(&text, &[]);
    assert_eq!(code, Some(1), "{said}");
    let log = std::fs::read_to_string(folder.path().join("log")).unwrap();
    assert_eq!(log.lines().collect::<Vec<_>>(), ["do-a", "do-b", "do-c", "undo-c", "undo-b", "undo-a"]);
}

#[test]
fn bad_input_is_a_clear_error_and_nothing_runs() {
    let sum = format!("runbook \"t\" 1.0.0\nlet x = 1{}\n", " + 1".repeat(20_000));
    let cases: [(&[u8], &str); 6] = [
        (sum.as_bytes(), "E0004"),
        (b"runbook \"t\" 1.0.0\nrum true\n", "E0"),
        (b"runbook \"t\" 1.0.0\nlog \"\xff\"\n", "E0003"),
        (b"", "E0"),
        (&[b'['; 10_000], "E0004"),
        (b"runbook \"t\" 1.0.0\nstep \"a\" {\n  run echo a | cat\n}\n", "E0105"),
    ];
    for (text, code) in cases {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("a.runbook"), text).unwrap();
        let output = bowline(folder.path(), &["run", "a.runbook"]);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(3), "{said}");
        assert!(said.contains(code), "{said}");
        assert!(!folder.path().join("journal").exists(), "{said}");
    }
}

#[test]
fn answers_that_may_still_be_asked_for_are_not_reported_while_the_run_waits() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    write("a.runbook", "runbook \"t\" 1.0.0\nconfirm \"First\"\nconfirm \"Second\"\n");
    let answers = "[Second]\nanswer = true\n[Never]\nanswer = true\n";
    write("answers.toml", answers);
    let waits = bowline(folder.path(), &["run", "a.runbook", "--answers", "answers.toml"]);
    let said = String::from_utf8_lossy(&waits.stderr).into_owned();
    assert_eq!((waits.status.code(), said.contains("not used")), (Some(5), false), "{said}");
    write("answers.toml", &format!("[First]\nanswer = true\n{answers}"));
    let runs = bowline(folder.path(), &["runs"]);
    let id = String::from_utf8_lossy(&runs.stdout).split_whitespace().next().unwrap().to_owned();
    let ends = bowline(folder.path(), &["resume", &id, "--answers", "answers.toml"]);
    let said = String::from_utf8_lossy(&ends.stderr).into_owned();
    assert_eq!(ends.status.code(), Some(0), "{said}");
    assert_eq!(said.matches("answer not used").count(), 1, "{said}");
    assert!(said.contains("answers.toml:6: Never"), "{said}");
}

#[test]
fn a_broken_file_of_answers_is_told_before_anything_is_recorded() {
    let (code, said, folder) = run("runbook \"t\" 1.0.0\nlog \"x\"\n", &["--answers", "none.toml"]);
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("none.toml"), "{said}");
    assert!(!folder.path().join("journal").exists(), "{said}");
}

#[test]
fn fmt_settles_the_layout_once_and_check_tells() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.runbook");
    std::fs::write(&file, "runbook   \"t\" 1.0.0\n\n\nlog    \"x\"\n").unwrap();
    let told = bowline(folder.path(), &["fmt", "--check", "a.runbook"]);
    assert_eq!((told.status.code(), told.stdout.as_slice()), (Some(1), &b"a.runbook\n"[..]));
    assert_eq!(bowline(folder.path(), &["fmt", "a.runbook"]).status.code(), Some(0));
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "runbook \"t\" 1.0.0\n\nlog \"x\"\n");
    assert_eq!(bowline(folder.path(), &["fmt", "--check", "a.runbook"]).status.code(), Some(0));
    std::fs::write(&file, "runbook   \"t\" 1.0.0\nstep   ???  (\n").unwrap();
    assert_eq!(bowline(folder.path(), &["fmt", "a.runbook"]).status.code(), Some(3));
    assert!(std::fs::read_to_string(&file).unwrap().contains("step   ???  ("), "broken lines stay");
    assert_eq!(bowline(folder.path(), &["fmt", "none.runbook"]).status.code(), Some(3));
    let names: Vec<_> =
        std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names, ["a.runbook"], "nothing is left beside the file");
}

#[test]
fn a_file_that_cannot_be_read_hides_no_other_and_what_is_written_keeps_owner_and_permissions() {
    use std::os::unix::fs::{MetadataExt, PermissionsExt, chown, symlink};
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("b.runbook");
    std::fs::write(folder.path().join("a.runbook"), b"runbook \xff").unwrap();
    std::fs::write(folder.path().join("c.runbook"), b"runbook \xff").unwrap();
    std::fs::write(&file, "runbook   \"t\" 1.0.0\nlog    \"x\"\n").unwrap();
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o640)).unwrap();
    // Only root may give a file away; for others the owner is who runs this, before and after.
    let _ = chown(&file, Some(1234), Some(1234));
    let before = std::fs::metadata(&file).unwrap();
    symlink("b.runbook", folder.path().join("link.runbook")).unwrap();
    let told = bowline(folder.path(), &["fmt", "a.runbook", "link.runbook", "c.runbook"]);
    let said = String::from_utf8(told.stderr).unwrap();
    assert_eq!(told.status.code(), Some(3), "{said}");
    assert!(said.contains("a.runbook is not UTF-8") && said.contains("c.runbook is not UTF-8"), "{said}");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "runbook \"t\" 1.0.0\nlog \"x\"\n");
    let after = std::fs::metadata(&file).unwrap();
    assert_eq!((after.mode(), after.uid(), after.gid()), (before.mode(), before.uid(), before.gid()));
    assert!(folder.path().join("link.runbook").is_symlink(), "a link stays one");
}

#[test]
fn formatting_never_moves_the_digest() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = tempfile::tempdir().unwrap();
    for name in ["self-managed-ga.runbook", "memoria.runbook"] {
        let text = std::fs::read_to_string(root.join("runbooks/memoria").join(name)).unwrap();
        let loose = text.replace("  ", "     ").replace("\n\n", "\n\n\n");
        std::fs::write(folder.path().join(name), loose).unwrap();
    }
    let digest = |folder: &Path| {
        let planned = bowline(folder, &["plan", "--format", "json", "self-managed-ga.runbook"]);
        let json: serde_json::Value = serde_json::from_slice(&planned.stdout).unwrap();
        json.get("digest").unwrap().clone()
    };
    let before = digest(folder.path());
    let done = bowline(folder.path(), &["fmt", "self-managed-ga.runbook", "memoria.runbook"]);
    assert_eq!(done.status.code(), Some(0), "{}", String::from_utf8_lossy(&done.stderr));
    assert_eq!(digest(folder.path()), before);
}

#[test]
fn missing_inputs_are_all_named_and_exit_2() {
    let text = "runbook \"t\" 1.0.0\ninput one: text\ninput two: int\nlog \"{one} {two}\"\n";
    let (code, said, _) = run(text, &[]);
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("one: text") && said.contains("two: int"), "{said}");
    let (code, said, _) = run(text, &["-i", "onne=x", "-i", "two=2"]);
    assert_eq!(code, Some(2));
    assert!(said.contains("did you mean `one`?"), "{said}");
}

#[test]
fn modules_are_checked_by_themselves_and_never_run() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = tempfile::tempdir().unwrap();
    let module = root.join("runbooks/memoria/memoria.runbook");
    let checked = bowline(folder.path(), &["check", module.to_str().unwrap()]);
    assert_eq!((checked.status.code(), checked.stderr.as_slice()), (Some(0), &b""[..]));
    let broken =
        "module m 1.0.0\ncheck a(x: text): int {\n  return y\n}\ncheck b() {\n  run echo a | cat\n}\n";
    std::fs::write(folder.path().join("m.runbook"), broken).unwrap();
    let checked = bowline(folder.path(), &["check", "m.runbook"]);
    let said = String::from_utf8_lossy(&checked.stderr).into_owned();
    assert_eq!(checked.status.code(), Some(3), "{said}");
    assert!(said.contains("E0201") && said.contains("E0105") && !said.contains("E0220"), "{said}");
    for command in ["plan", "run"] {
        let output = bowline(folder.path(), &[command, module.to_str().unwrap()]);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.code() == Some(3) && said.contains("E0220"), "{said}");
    }
}

#[test]
fn a_jq_program_without_end_is_stopped_and_said_so() {
    let text = "runbook \"t\" 1.0.0\ninput n: int = 1\nlet x = jq(n, '[range(infinite)]')\nlog \"{x}\"\n";
    let (code, said, folder) = run(text, &[]);
    assert!(code == Some(1) && said.contains("the jq program does not end"), "{said}");
    let planned = bowline(folder.path(), &["plan", "a.runbook"]);
    assert_eq!(planned.status.code(), Some(0));
    std::fs::write(folder.path().join("a.runbook"), text.replace("[range(infinite)]", "def f: f; f"))
        .unwrap();
    let checked = bowline(folder.path(), &["check", "a.runbook"]);
    assert_eq!(checked.status.code(), Some(3));
}

#[test]
fn a_time_that_has_passed_is_not_waited_for_and_said_so() {
    let text =
        "runbook \"t\" 1.0.0\ninput opens: time\nwait until opens \"The window opens\"\nlog \"open\"\n";
    let (code, said, _folder) = run(text, &["-i", "opens=2020-01-01T00:00:00Z"]);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("has passed") && !said.contains("from now"), "{said}");
}

#[test]
fn what_is_wrong_in_a_module_is_told_once_of_all_the_files_that_use_it() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    write("a.runbook", "runbook \"A\" 1.0.0\nuse \"./m\"\nm.note(\"a\")\n");
    write("m.runbook", "module m 1.0.0\nstep note(x: text) \"Note\" {\n  run note {gone} {x}\n}\n");
    write("z.runbook", "runbook \"Z\" 1.0.0\nuse \"./m\"\nm.note(\"z\")\nrun a {lost}\n");
    let told = |args: &[&str]| {
        let output = bowline(folder.path(), &[&["check"], args].concat());
        assert_eq!(output.status.code(), Some(3), "a file that takes in what is wrong is wrong");
        String::from_utf8_lossy(&output.stderr).into_owned()
    };
    for args in [&["."][..], &["a.runbook", "z.runbook"], &["a.runbook", "./m.runbook", "z.runbook"]] {
        let said = told(args);
        assert_eq!(said.matches("nothing is called `gone`").count(), 1, "{args:?}: {said}");
        assert_eq!(said.matches("nothing is called `lost`").count(), 1, "{args:?}: {said}");
    }
    assert!(
        told(&["a.runbook"]).contains("nothing is called `gone`"),
        "a file alone tells all that it takes in"
    );
}
