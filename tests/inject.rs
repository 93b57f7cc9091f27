//! `--inject` from outside: each failure is really made, struck once, told, and refused where it is not clear what is meant.
#![expect(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "tests drive the real binary over real files"
)]

#[path = "support/folder.rs"]
mod folder;
#[path = "support/wait.rs"]
mod wait;

use std::ops::Deref;
use std::os::unix::process::ExitStatusExt;
use std::process::{Output, Stdio};
use std::time::{Duration, Instant};

use folder::Folder;
use wait::until;

/// A folder with `a.runbook`, whose steps write to `log`.
struct Site(Folder);

impl Deref for Site {
    type Target = Folder;

    fn deref(&self) -> &Folder {
        &self.0
    }
}

impl Site {
    fn new(runbook: &str) -> Self {
        Self(Folder::with("A", runbook))
    }

    fn bowline(&self, words: &[&str]) -> Output {
        self.command(words).output().unwrap()
    }

    /// Runs it with these failures.
    fn run(&self, injected: &[&str]) -> Output {
        let injected = injected.iter().flat_map(|one| ["--inject", one]);
        self.bowline(&["run", "a.runbook"].into_iter().chain(injected).collect::<Vec<_>>())
    }

    fn shown(&self) -> serde_json::Value {
        serde_json::from_slice(&self.bowline(&["show", "--format", "json"]).stdout).unwrap()
    }

    fn id(&self) -> String {
        self.shown()["id"].as_str().unwrap().to_owned()
    }

    /// The names of the facts of the journal, and their fields.
    fn facts(&self, kind: &str) -> Vec<serde_json::Value> {
        let events = self.bowline(&["show", "--format", "events"]).stdout;
        let lines = String::from_utf8(events).unwrap();
        let facts = lines.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
        facts.filter_map(|event| event["fact"].get(kind).cloned()).collect()
    }

    fn log(&self) -> String {
        let text = std::fs::read_to_string(self.path("log")).unwrap_or_default();
        text.lines().collect::<Vec<_>>().join(" ")
    }
}

fn told(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// A step that writes its name, and `-name` when it is undone.
fn step(name: &str, head: &str) -> String {
    let say = |what: &str| format!("run sh -c \"echo {what} >> log\"");
    format!(
        "step \"{name}\" {head} {{\n {}\n rollback {{\n {}\n }}\n}}\n",
        say(name),
        say(&format!("-{name}"))
    )
}

fn three() -> Site {
    Site::new(&[step("a", ""), format!("phase \"P\" {{\n{}}}\n", step("b", "")), step("c", "")].concat())
}

#[test]
fn a_failure_is_one_of_something_that_was_done() {
    let site = three();
    let output = site.run(&["b=failure"]);
    assert_eq!(output.status.code(), Some(1), "{}", told(&output));
    assert_eq!(site.log(), "a b -b -a");
    assert!(
        told(&output).contains("injected failure: done, and reported as failed (exit code 0)"),
        "{}",
        told(&output)
    );
}

#[test]
fn a_clean_failure_did_nothing_and_owes_nothing() {
    let site = three();
    let output = site.run(&["P / b=clean"]);
    assert_eq!(output.status.code(), Some(1), "{}", told(&output));
    assert_eq!(site.log(), "a -a");
}

#[test]
fn an_unknown_outcome_is_stuck_until_somebody_says() {
    let site = three();
    let output = site.run(&["b=unknown"]);
    assert_eq!(output.status.code(), Some(4), "{}", told(&output));
    assert!(told(&output).contains("--at \"P / b\""), "{}", told(&output));
    assert_eq!(site.log(), "a b");
    let settled = site.bowline(&["settle", &site.id(), "--done", "looked"]);
    assert_eq!(settled.status.code(), Some(0), "{}", told(&settled));
    assert_eq!(site.log(), "a b c");
}

#[test]
fn what_hangs_is_unknown_when_its_time_is_over() {
    let site = Site::new(&[step("a", ""), step("b", "timeout 1s")].concat());
    let began = Instant::now();
    let output = site.run(&["b=hang"]);
    assert_eq!(output.status.code(), Some(4), "{}", told(&output));
    assert!(began.elapsed() >= Duration::from_millis(900), "{:?}", began.elapsed());
    assert_eq!(site.log(), "a b");
}

#[test]
fn what_hangs_without_a_limit_ends_when_the_run_is_asked_to_stop_once() {
    let site = three();
    let mut command = site.command(&["run", "a.runbook", "--inject", "b=hang"]);
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let pid = rustix::process::Pid::from_raw(i32::try_from(child.id()).unwrap()).unwrap();
    until("the step that hangs", || site.path("journal").exists() && site.log() == "a b");
    std::thread::sleep(Duration::from_millis(500));
    assert_eq!(child.try_wait().unwrap(), None, "it hangs");
    rustix::process::kill_process(pid, rustix::process::Signal::TERM).unwrap();
    let code = child.wait().unwrap().code();
    let shown = site.shown();
    assert_eq!(code, Some(1), "{shown:#}");
    assert_eq!(site.log(), "a b -b -a", "stopped on the way it may have done its work, and is undone");
}

#[test]
fn a_crash_kills_the_process_and_the_resumed_run_is_not_struck() {
    let site = Site::new(&[step("a", ""), step("b", "idempotent"), step("c", "")].concat());
    let output = site.run(&["b=crash"]);
    assert_eq!(output.status.signal(), Some(9), "{}", told(&output));
    assert_eq!(site.log(), "a b");
    let ended: Vec<_> = site.facts("ended").iter().map(|ended| ended["effect"].clone()).collect();
    assert_eq!(ended, [0], "its outcome was never recorded");
    let resumed = site.bowline(&["resume", &site.id()]);
    assert_eq!(resumed.status.code(), Some(0), "{}", told(&resumed));
    assert_eq!(site.log(), "a b b c");
    assert!(told(&resumed).contains("injected"), "the end says it: {}", told(&resumed));
}

#[test]
fn it_is_recorded_and_said_first_and_last() {
    let site = three();
    let output = site.run(&["b=failure"]);
    let told = told(&output);
    assert_eq!(told.matches("\"b\" failure: done, and reported as failed").count(), 3, "{told}");
    assert!(told.contains("injected at \"b\""), "{told}");
    let [injected] = &site.facts("injected")[..] else { panic!("{:?}", site.facts("injected")) };
    assert_eq!((&injected["place"], &injected["kind"]), (&"b".into(), &"failure".into()));
    assert_eq!(site.shown()["summary"]["injected"][0], "\"b\" failure: done, and reported as failed");
    let shown = String::from_utf8(site.bowline(&["show"]).stdout).unwrap();
    assert!(shown.contains("injected: \"b\" failure"), "{shown}");
}

#[test]
fn a_retry_is_not_struck_unless_it_is_asked_for() {
    let site = Site::new(&[step("a", ""), step("b", "retry 2")].concat());
    let output = site.run(&["b=failure"]);
    assert_eq!(output.status.code(), Some(0), "{}", told(&output));
    assert_eq!(site.log(), "a b b");
    let site = Site::new(&[step("a", ""), step("b", "retry 2")].concat());
    let output = site.run(&["b=failure", "b=failure", "b=clean"]);
    assert_eq!(output.status.code(), Some(1), "{}", told(&output));
    assert_eq!(site.log(), "a b b -b -a");
}

#[test]
fn a_rollback_is_struck_where_it_is_named() {
    let patient = step("b", "").replace("rollback {", "rollback retry 3 every 10ms {");
    let site = Site::new(&[step("a", ""), format!("phase \"P\" {{\n{patient}}}\n"), step("c", "")].concat());
    let words = ["c=failure", "undo:b=failure", "undo:b=failure", "undo:b=clean", "undo:b=unknown"];
    let output = site.run(&words);
    assert_eq!(output.status.code(), Some(4), "{}", told(&output));
    assert_eq!(site.log(), "a b c -c -b -b -b", "the clean one did nothing");
    let settled = site.bowline(&["settle", &site.id(), "--again"]);
    assert_eq!(settled.status.code(), Some(1), "{}", told(&settled));
    assert_eq!(site.log(), "a b c -c -b -b -b -b -a");
}

#[test]
fn the_last_changing_effect_is_struck_or_the_one_of_a_number() {
    let body = "step \"a\" {\n run sh -c \"echo 1 >> log\"\n look run sh -c \"echo 2 >> log\"\n run sh -c \"echo 3 >> log\"\n look run sh -c \"echo 4 >> log\"\n rollback { run sh -c \"echo back >> log\" }\n}\n";
    for (place, log) in
        [("a=failure", "1 2 3 back"), ("a#1=failure", "1 back"), ("a#4=failure", "1 2 3 4 back")]
    {
        let site = Site::new(body);
        let output = site.run(&[place]);
        assert_eq!(output.status.code(), Some(1), "{}", told(&output));
        assert_eq!(site.log(), log);
    }
    let output = Site::new(body).run(&["a#5=failure"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(told(&output).contains("#4 run sh -c 'echo 4 >> log'"), "{}", told(&output));
}

#[test]
fn a_turn_of_a_loop_is_named_by_its_item() {
    let site = Site::new(&format!("for host in [\"web1\", \"web2\"] {{\n{}}}\n", step("up", "")));
    let output = site.run(&["web2 / up=failure"]);
    assert_eq!(output.status.code(), Some(1), "{}", told(&output));
    assert_eq!(site.log(), "up up -up -up");
    let output = site.run(&["up=failure"]);
    assert_eq!(output.status.code(), Some(1), "{}", told(&output));
    assert_eq!(site.log(), "up up -up -up up -up");
    let output = site.run(&["web3 / up=failure"]);
    assert_eq!(output.status.code(), Some(2), "{}", told(&output));
}

#[test]
fn a_title_in_either_arm_is_one_place() {
    let body = format!("input way: int\nif way == 1 {{\n{}}} else {{\n{}}}\n", step("a", ""), step("a", ""));
    for way in ["way=1", "way=2"] {
        let site = Site::new(&body);
        let output = site.bowline(&["run", "a.runbook", "-i", way, "--inject", "a=failure"]);
        assert_eq!(output.status.code(), Some(1), "{}", told(&output));
        assert_eq!(site.log(), "a -a");
    }
}

#[test]
fn a_title_with_a_value_is_named_as_it_will_be_read() {
    let site = Site::new("input to: text\nstep \"Move to {to}\" { run true; rollback { run true } }\n");
    let output = site.bowline(&["run", "a.runbook", "-i", "to=2.0", "--inject", "Move to 2.0=failure"]);
    assert_eq!(output.status.code(), Some(1), "{}", told(&output));
}

#[test]
fn checks_and_questions_can_be_struck() {
    let site = Site::new(&[step("a", "").as_str(), "check \"Healthy\" {\n run true\n}\n"].concat());
    let output = site.run(&["Healthy=failure"]);
    assert_eq!(output.status.code(), Some(1), "{}", told(&output));
    assert_eq!(site.log(), "a -a");
    let site = Site::new(&[step("a", "").as_str(), "confirm \"Go on\"\n"].concat());
    std::fs::write(site.path("answers.toml"), "[\"Go on\"]\nanswer = true\n").unwrap();
    let output =
        site.bowline(&["run", "a.runbook", "--answers", "answers.toml", "--inject", "Go on=failure"]);
    assert_eq!(output.status.code(), Some(1), "{}", told(&output));
    assert_eq!(site.log(), "a -a");
}

#[test]
fn what_is_not_clear_is_refused_before_anything_runs() {
    let two = format!("phase \"P\" {{\n{}}}\nphase \"Q\" {{\n{}}}\n", step("a", ""), step("a", ""));
    let cases = [
        ("a=failure", "more than one place ends in that; say which is meant:\n  P / a\n  Q / a"),
        ("P / b=failure", "did you mean `P / a`?"),
        ("Q /=failure", "did you mean `Q / a`?"),
        ("P / a=failur", "did you mean `failure`?"),
        ("P / a", "write STEP=failure|clean|unknown|hang|crash"),
        ("=crash", "write STEP="),
        ("P / a#7=crash", "has no effect #7; it has:\n  #1 run sh -c 'echo a >> log'"),
        ("nothing like it=crash", "`bowline plan` shows what there is"),
    ];
    for (option, words) in cases {
        let site = Site::new(&two);
        let output = site.run(&[option]);
        assert_eq!(output.status.code(), Some(2), "{option}: {}", told(&output));
        assert!(told(&output).contains(words), "{option}: {}", told(&output));
        assert!(!site.path("journal").exists(), "{option}: nothing was recorded");
        assert_eq!(site.log(), "", "{option}");
    }
    let site = Site::new(
        "step \"w\" { wait 1ms; rollback none \"x\" }\nstep \"n\" { run true; rollback none \"x\" }\n",
    );
    for (option, words) in
        [("w=crash", "asks nothing of the world"), ("undo:n=failure", "neither rollback nor restore")]
    {
        let output = site.run(&[option]);
        assert_eq!(output.status.code(), Some(2), "{option}: {}", told(&output));
        assert!(told(&output).contains(words), "{option}: {}", told(&output));
    }
}

#[test]
fn what_is_never_reached_is_said() {
    let site = Site::new(&[step("a", ""), step("b", "if 1 == 2")].concat());
    let output = site.run(&["b=crash"]);
    assert_eq!(output.status.code(), Some(0), "{}", told(&output));
    assert!(told(&output).contains("not injected: \"b\" crash: that was never reached"), "{}", told(&output));
}

#[test]
fn a_resumed_run_can_be_struck_too() {
    let site = Site::new(&[step("a", "").as_str(), "confirm \"Go on\"\n", &step("b", "")].concat());
    let waiting = site.run(&["b=failure"]);
    assert_eq!(waiting.status.code(), Some(5), "{}", told(&waiting));
    std::fs::write(site.path("answers.toml"), "[\"Go on\"]\nanswer = true\n").unwrap();
    let words = ["resume", &site.id(), "--answers", "answers.toml", "--inject", "b=failure"];
    let output = site.bowline(&words);
    assert_eq!(output.status.code(), Some(1), "{}", told(&output));
    assert_eq!(site.log(), "a b -b -a");
    assert_eq!(site.facts("injected").len(), 2);
}
