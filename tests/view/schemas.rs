//! What programs read, against the published schemas.

use serde_json::Value;

use super::site::Site;

fn schema(name: &str) -> Value {
    let file = format!("{}/docs/schemas/bowline-{name}-1.json", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap()
}

/// The schema, with no field allowed that it does not describe: readers need not know more, but we must tell all.
fn strict(mut schema: Value) -> Value {
    fn close(schema: &mut Value) {
        match schema {
            Value::Object(fields) => {
                fields.values_mut().for_each(close);
                if fields.contains_key("properties") {
                    fields.entry("additionalProperties").or_insert(false.into());
                }
            }
            Value::Array(items) => items.iter_mut().for_each(close),
            _ => {}
        }
    }
    close(&mut schema);
    schema
}

fn check(schema: Value, value: &Value) -> Result<(), String> {
    let (mut compiler, mut schemas) = (boon::Compiler::new(), boon::Schemas::new());
    compiler.enable_format_assertions();
    compiler.add_resource("https://bowline.invalid/schema.json", schema).unwrap();
    let index = compiler.compile("https://bowline.invalid/schema.json", &mut schemas).unwrap();
    schemas.validate(value, index).map_err(|error| format!("{error:#}\n{value:#}"))
}

fn show(site: &Site) -> Value {
    serde_json::from_str(&site.bowline(&["show", "--format", "json"]).out).unwrap()
}

fn lines(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

const TRIES: &str = r#"input token: secret from env "TOKEN"
input place: text = "blue"

phase "Prepare" {
  step "Freeze" {
    run true
    restore {
      run true
    }
  }
  step "Copy" {
    run echo {place}
    rollback {
      run true
    }
  }
}

step "Tell" irreversible {
  run true {
    env TOKEN = token
  }
}

confirm "Go on"

step "Switch" {
  run false
  rollback once {
    run sh -c "exit $(cat code)"
  }
}
"#;

/// One run in all its states: waiting, stuck, ended.
#[test]
fn a_run_fits_its_schema_however_it_stands() {
    let site = Site::new(TRIES);
    site.write("code", "3");
    site.write("answers.toml", "[\"Go on\"]\nanswer = true\n");
    let run = |args: &[&str]| site.command(args).env("TOKEN", "swordfish").output().unwrap().status.code();
    let mut seen = vec![];
    let mut look = || {
        let told = show(&site);
        check(strict(schema("run")), &told).unwrap();
        assert!(!told.to_string().contains("swordfish"));
        seen.push(told["status"].as_str().unwrap().to_owned());
        told
    };
    assert_eq!(run(&["run", "a.runbook"]), Some(5));
    let waiting = look();
    assert_eq!((&waiting["waiting"]["until"], &waiting["summary"]["done"]), (&Value::Null, &3.into()));
    assert_eq!(waiting["inputs"][0], serde_json::json!({ "name": "token", "value": null }));
    let id = site.latest();
    assert_eq!(run(&["resume", &id, "--answers", "answers.toml"]), Some(4));
    let stuck = look();
    assert_eq!(stuck["stuck"].as_array().unwrap().len(), 1, "{stuck:#}");
    site.write("code", "0");
    assert_eq!(run(&["settle", &id, "--again"]), Some(6));
    let ended = look();
    assert_eq!(ended["summary"]["undone"], serde_json::json!(["Switch", "Copy"]));
    assert_eq!(ended["summary"]["restored"], serde_json::json!(["Freeze"]));
    assert_eq!(
        ended["summary"]["stays"],
        serde_json::json!([{ "title": "Tell", "why": "cannot be undone" }])
    );
    assert_eq!(seen, ["waiting", "stuck", "failed, kept"]);
}

#[test]
fn a_run_that_is_driven_tells_what_is_on() {
    let site = Site::new("step \"Copy\" {\n  run sh -c \"touch begun; sleep 20\"\n  rollback none \"x\"\n}");
    let mut run = site.start();
    site.await_file("begun");
    let told = show(&site);
    let text = site.bowline(&["show"]).out;
    let listed = lines(&site.bowline(&["runs", "--format", "json"]).out);
    assert_eq!(site.bowline(&["cancel", &site.latest()]).code, Some(0));
    assert_eq!(site.bowline(&["cancel", &site.latest()]).code, Some(0));
    run.wait().unwrap();
    check(strict(schema("run")), &told).unwrap();
    check(strict(schema("runs")), &listed[0]).unwrap();
    assert_eq!(
        (&told["status"], &told["exit"], &told["next"]),
        (&"running".into(), &Value::Null, &Value::Null)
    );
    assert_eq!(told["now"][0]["title"], "Copy");
    let follow = format!(
        "running, 0 of 1 steps\n  Copy: sh -c 'touch begun; sleep 20'\nfollow it with `bowline logs {} -f`\n",
        site.latest()
    );
    assert!(text.ends_with(&follow), "{text}");
}

#[test]
fn the_lines_of_runs_and_events_fit_theirs() {
    let site = Site::new(TRIES);
    site.write("code", "0");
    site.write("answers.toml", "[\"Go on\"]\nanswer = true\n");
    let words = ["run", "a.runbook", "--answers", "answers.toml", "--format", "json"];
    let output = site.command(&words).env("TOKEN", "swordfish").output().unwrap();
    let live = String::from_utf8(output.stdout).unwrap();
    let stored = site.bowline(&["show", "--format", "events"]).out;
    let spawned = |text: &str| -> Vec<Value> {
        lines(text).into_iter().filter(|event| event["fact"]["spawned"].is_null()).collect()
    };
    assert_eq!(spawned(&live), spawned(&stored), "the same lines, live and stored");
    for event in lines(&stored) {
        check(strict(schema("event")), &event).unwrap();
    }
    for run in lines(&site.bowline(&["runs", "--format", "json"]).out) {
        check(strict(schema("runs")), &run).unwrap();
    }
}

/// The snapshot beside the stored types holds one event of each kind.
#[test]
fn every_kind_of_event_fits_its_schema() {
    let file =
        "src/journal/stored/snapshots/bowline__journal__stored__tests__the_form_of_version_1_stays.snap";
    let text = std::fs::read_to_string(format!("{}/{file}", env!("CARGO_MANIFEST_DIR"))).unwrap();
    let events = lines(text.splitn(3, "---\n").nth(2).unwrap());
    let schema = strict(schema("event"));
    let mut kinds = std::collections::BTreeSet::new();
    for event in &events {
        check(schema.clone(), event).unwrap();
        kinds.extend(event["fact"].as_object().unwrap().keys().cloned());
    }
    let described: Vec<_> =
        schema["properties"]["fact"]["properties"].as_object().unwrap().keys().cloned().collect();
    assert_eq!(kinds.into_iter().collect::<Vec<_>>(), {
        let mut all = described;
        all.sort();
        all
    });
}

#[test]
fn another_form_is_refused() {
    let site = Site::new("log \"x\"");
    assert_eq!(site.run().code, Some(0));
    let mut told = show(&site);
    check(schema("run"), &told).unwrap();
    told["status"] = "fine".into();
    assert!(check(schema("run"), &told).is_err());
    let mut event = lines(&site.bowline(&["show", "--format", "events"]).out).remove(0);
    event["fact"]["started"]["salt"] = 3.into();
    assert!(check(schema("event"), &event).is_err());
}

#[test]
fn what_a_check_finds_fits_its_schema() {
    let site = Site::new("input a: text = 3\nstep \"s\" {\n  rnu true\n}\nstep \"s\" {\n  run rm x\n}\n");
    site.write("good.runbook", "runbook \"Good\" 1.0.0\nlog \"x\"\n");
    site.write("bowline.toml", "alow-as = true\n");
    let found = site.bowline(&["check", "a.runbook", "good.runbook", "--format", "json"]);
    assert_eq!(found.code, Some(3), "{}", found.out);
    let found: Value = serde_json::from_str(&found.out).unwrap();
    check(strict(schema("diagnostics")), &found).unwrap();
    let codes: Vec<usize> =
        found.as_array().unwrap().iter().map(|one| one["diagnostics"].as_array().unwrap().len()).collect();
    assert!(codes.len() == 3 && codes[0] > 0 && codes[1] > 2 && codes[2] == 0, "{found:#}");
    let mut other = found.clone();
    other[0]["diagnostics"][0]["code"] = "oops".into();
    assert!(check(schema("diagnostics"), &other).is_err());
}
