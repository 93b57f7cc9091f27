//! `run --plan` runs the plan that was looked at, or nothing.

use crate::site::Site;

const COPY: &str = "runbook \"Copy\" 1.0.0\n\ninput to: path\n\nstep \"Copy\" {\n  run cp copy.runbook {to}\n  rollback { run rm {to} }\n}\n";

fn planned() -> Site {
    let site = Site::new();
    site.write("copy.runbook", COPY);
    let plan =
        site.bowline(&["plan", "copy.runbook", "-i", "to=there", "--format", "json", "--out", "plan.json"]);
    assert!(plan.status.success());
    site
}

fn run(site: &Site, to: &str) -> (Option<i32>, String) {
    let input = format!("to={to}");
    let output = site.bowline(&["run", "copy.runbook", "-i", &input, "--plan", "plan.json"]);
    (output.status.code(), String::from_utf8(output.stderr).unwrap())
}

#[test]
fn the_plan_that_was_looked_at_runs() {
    let site = planned();
    let (exit, said) = run(&site, "there");
    assert_eq!(exit, Some(0), "{said}");
    assert!(site.folder().join("there").exists());
}

#[test]
fn another_input_is_refused() {
    let site = planned();
    let (exit, said) = run(&site, "elsewhere");
    assert_eq!(exit, Some(2));
    assert!(
        said.contains("the input to is elsewhere, and plan.json was planned with there; nothing was run"),
        "{said}"
    );
    assert!(!site.folder().join("elsewhere").exists());
}

#[test]
fn a_changed_runbook_is_refused_and_another_layout_is_none() {
    let site = planned();
    site.write("copy.runbook", &COPY.replace("step", "# The one step.\nstep"));
    assert_eq!(run(&site, "there").0, Some(0), "a comment is no part of a plan");
    site.write("copy.runbook", &COPY.replace("run rm", "run rm -f"));
    let (exit, said) = run(&site, "there");
    assert_eq!(exit, Some(2));
    assert!(said.contains("`bowline plan copy.runbook --against plan.json` says what differs"), "{said}");
}

#[test]
fn a_plan_that_was_written_over_is_refused() {
    let site = planned();
    let plan = std::fs::read_to_string(site.folder().join("plan.json")).unwrap();
    for (what, instead) in [
        ("cp copy.runbook there", "ls copy.runbook there"),
        ("rm there", "rm elsewhere"),
        ("\"title\": \"Copy\"", "\"title\": \"Look\""),
    ] {
        assert!(plan.contains(what), "{what}: {plan}");
        site.write("plan.json", &plan.replace(what, instead));
        let (exit, said) = run(&site, "there");
        assert_eq!(exit, Some(2), "{what}: {said}");
        assert!(said.contains("copy.runbook is not what plan.json tells"), "{said}");
        assert!(!site.folder().join("there").exists());
    }
}

#[test]
fn a_changed_module_is_refused_and_a_folded_plan_and_one_with_values_that_came_later_run() {
    let site = Site::new();
    let script = "true\n".repeat(30);
    let parts = |undo: &str| {
        format!(
            "module parts 1.0.0\n\n# Makes it.\nstep make(it: path) \"Make {{it}}\" {{\n  run touch {{it}}\n  rollback {{ run {undo} {{it}} }}\n}}\n"
        )
    };
    site.write("parts.runbook", &parts("rm"));
    site.write("key.txt", "not told anywhere");
    site.write(
        "long.runbook",
        &format!("runbook \"Long\" 1.0.0\n\nuse \"./parts\"\n\ninput to: path\ninput key: secret from file \"key.txt\"\n\nstep \"Script\" {{\n  ```sh (key)\n{script}  ```\n  rollback none \"x\"\n}}\nparts.make(to)\n"),
    );
    for args in [&[][..], &["--full"], &["-i", "to=made"]] {
        let plan = [&["plan", "long.runbook", "--format", "json", "--out", "plan.json"], args].concat();
        assert!(site.bowline(&plan).status.success());
        let ran = || site.bowline(&["run", "long.runbook", "-i", "to=made", "--plan", "plan.json"]);
        let first = ran();
        assert!(first.status.success(), "{args:?}: {}", String::from_utf8_lossy(&first.stderr));
        site.write("parts.runbook", &parts("rm -f"));
        assert_eq!(ran().status.code(), Some(2), "the module undoes otherwise");
        site.write("parts.runbook", &parts("rm"));
    }
}

#[test]
fn what_is_no_plan_is_refused() {
    let site = planned();
    site.write("plan.json", "{}");
    let (exit, said) = run(&site, "there");
    assert_eq!(exit, Some(2));
    assert!(said.contains("--plan plan.json: it is no plan"), "{said}");
}

/// Waits, limits, retries, side by side, and what has none.
#[test]
fn a_plan_tells_how_long_it_lasts() {
    let site = Site::new();
    site.write(
        "long.runbook",
        "runbook \"Long\" 1.0.0\n\nwait 1h \"Freeze\"\nparallel {\n  wait 5m \"One\"\n  wait 10m \"Two\"\n}\nstep \"Try\" retry 2 every 10s {\n  run true {\n    timeout 1m\n  }\n  rollback none \"x\"\n}\nstep \"Limited\" timeout 3m {\n  run true\n  rollback none \"x\"\n}\ncheck \"Well\" within 4m every 10s soak 1m { run true }\nfor one in [\"a\", \"b\", \"c\"] parallel 2 { wait 20s \"{one}\" }\nconfirm \"Well?\"\nstep \"Open\" { run true; rollback none \"x\" }\n",
    );
    let json = site.bowline(&["plan", "long.runbook", "--format", "json"]);
    let plan: serde_json::Value = serde_json::from_slice(&json.stdout).unwrap();
    let lasting = &plan["lasting"];
    // 1 h, the longer of two, 1 m of soak, two rounds of 20 s.
    assert_eq!(lasting["typical_seconds"], 3600 + 600 + 60 + 40);
    // Besides: three tries of a minute with two pauses, the limit of a step, the limit of the check.
    assert_eq!(lasting["worst_seconds"], 3600 + 600 + (180 + 20) + 180 + (60 + 240) + 40);
    assert_eq!(lasting["without_limit"], serde_json::json!({ "people": 1, "programs": 1 }));
}
