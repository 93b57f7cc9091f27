//! `bowline.toml` from outside: found, checked, and what stands on it.
#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::print_stderr,
    reason = "tests drive the real binary over real files"
)]

use std::io::{Read, Write};
use std::path::Path;
use std::process::{Command, Output, Stdio};

/// A folder with a `bowline.toml` and `ops/a.runbook` in it.
struct Site(tempfile::TempDir);

const HEAD: &str = "runbook \"t\" 1.0.0\n";

impl Site {
    fn new(config: &str, body: &str) -> Self {
        let site = Self(tempfile::tempdir().unwrap());
        std::fs::create_dir(site.path().join("ops")).unwrap();
        site.write("ops/a.runbook", &format!("{HEAD}{body}"));
        site.write("bowline.toml", config);
        site
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn write(&self, name: &str, text: &str) {
        std::fs::write(self.path().join(name), text).unwrap();
    }

    fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path().join(name)).unwrap_or_default()
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_bowline"));
        command.args(args).current_dir(self.path()).stdin(Stdio::null());
        command.env_remove("BOWLINE_JOURNAL").env("XDG_STATE_HOME", self.path().join("state"));
        command.env("USER", "olga");
        command
    }

    /// Exit code and what was said.
    fn bowline(&self, args: &[&str]) -> (Option<i32>, String) {
        said(&self.command(args).output().unwrap())
    }

    /// Runs `ops/a.runbook`.
    fn run(&self, args: &[&str]) -> (Option<i32>, String) {
        self.bowline(&[&["run", "ops/a.runbook"], args].concat())
    }
}

fn said(output: &Output) -> (Option<i32>, String) {
    (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
}

#[test]
fn what_does_not_check_is_exit_3_with_its_lines_and_nothing_runs() {
    let site = Site::new("jurnal = \"j\"\n[groups]\na = 3\n", "step \"s\" {\n  run touch ran\n}\n");
    for command in ["check", "plan", "run"] {
        let (code, said) = site.bowline(&[command, "ops/a.runbook"]);
        assert_eq!(code, Some(3), "{said}");
        assert!(said.contains("bowline.toml:1:1") && said.contains("did you mean `journal`?"), "{said}");
        assert!(said.contains("bowline.toml:3:5") && said.contains("E0503"), "{said}");
        assert!(said.contains("W0401"), "the runbook is checked as well: {said}");
    }
    assert!(!site.path().join("ran").exists() && !site.path().join("state").exists());
    let (code, said) = site.bowline(&["runs"]);
    assert_eq!(code, Some(3), "{said}");
}

#[test]
fn reports_as_data_name_the_file() {
    let site = Site::new("jurnal = \"j\"\n", "log \"x\"\n");
    let output = site.command(&["check", "--format", "json", "ops/a.runbook"]).output().unwrap();
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let file = json.pointer("/0/diagnostics/0/at/file").and_then(|file| file.as_str());
    assert_eq!((output.status.code(), file), (Some(3), Some("bowline.toml")));
}

#[test]
fn the_nearest_file_counts_or_the_one_that_is_named() {
    let site = Site::new("[lints]\nW0401 = \"deny\"\n", "step \"s\" {\n  run true\n}\n");
    assert_eq!(site.bowline(&["check", "ops/a.runbook"]).0, Some(3));
    site.write("ops/bowline.toml", "");
    assert_eq!(site.bowline(&["check", "ops/a.runbook"]).0, Some(0));
    let (code, said) = site.bowline(&["check", "--config", "bowline.toml", "ops/a.runbook"]);
    assert_eq!(code, Some(3), "{said}");
    for command in [&["check", "ops/a.runbook"][..], &["run", "ops/a.runbook"], &["runs"]] {
        let (code, said) = site.bowline(&[command, &["--config", "none.toml"]].concat());
        assert_eq!(code, Some(2), "{said}");
        assert!(said.contains("none.toml"), "{said}");
    }
}

#[test]
fn a_file_that_cannot_be_read_is_exit_3() {
    let site = Site::new("", "log \"x\"\n");
    std::fs::write(site.path().join("bowline.toml"), b"journal = \"\xff\"").unwrap();
    let (code, said) = site.run(&[]);
    assert_eq!(code, Some(3), "{said}");
    assert!(said.contains("E0003"), "{said}");
    std::fs::write(site.path().join("bowline.toml"), vec![b'#'; (1 << 20) + 1]).unwrap();
    let (code, said) = site.run(&[]);
    assert!(code == Some(3) && said.contains("larger than 1 MiB"), "{said}");
    std::fs::remove_file(site.path().join("bowline.toml")).unwrap();
    std::fs::create_dir(site.path().join("bowline.toml")).unwrap();
    let (code, said) = site.run(&[]);
    assert!(code == Some(3) && said.contains("it is a folder"), "{said}");
}

#[test]
fn a_file_of_somebody_else_is_refused() {
    let site = Site::new("", "log \"x\"\n");
    if std::os::unix::fs::chown(site.path().join("bowline.toml"), Some(65_534), None).is_err() {
        eprintln!("skipped: only root can give a file away");
        return;
    }
    let (code, said) = site.run(&[]);
    assert!(code == Some(3) && said.contains("E0507") && said.contains("--config"), "{said}");
    let (code, said) = site.run(&["--config", "bowline.toml"]);
    assert_eq!(code, Some(0), "{said}");
}

#[test]
fn a_secret_is_refused_and_not_shown() {
    let site = Site::new("[channels]\nx = { url = \"https://bot:hunter2@example.org\" }\n", "log \"x\"\n");
    let (code, said) = site.run(&[]);
    assert!(code == Some(3) && said.contains("E0505") && !said.contains("hunter2"), "{said}");
}

#[test]
fn lints_are_as_loud_as_the_file_says() {
    let body = "step \"s\" {\n  run true\n}\n";
    for (level, exit, word) in [("allow", 0, ""), ("warn", 0, "warning[W0401]"), ("deny", 3, "error[W0401]")]
    {
        let site = Site::new(&format!("[lints]\nW0401 = \"{level}\"\n"), body);
        for command in ["check", "plan", "run"] {
            let (code, said) = site.bowline(&[command, "ops/a.runbook"]);
            assert_eq!(code, Some(exit), "{level}: {said}");
            assert!(said.contains(word) && (level != "allow" || !said.contains("W0401")), "{level}: {said}");
        }
    }
}

#[test]
fn the_journal_stands_where_it_is_said_option_before_file_before_default() {
    let site = Site::new("", "log \"x\"\n");
    assert_eq!(site.run(&[]).0, Some(0));
    assert!(site.path().join("state/bowline/journal.db").exists());
    site.write("bowline.toml", "journal = \"kept\"\n");
    let (code, said) = site.run(&[]);
    assert!(code == Some(0) && !said.contains("--journal"), "{said}");
    assert!(site.path().join("kept/journal.db").exists(), "beside the file, not the runbook");
    let listed = site.command(&["runs"]).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&listed.stdout).lines().count(), 1, "found again from here");
    let (code, said) = site.run(&["--journal", "given"]);
    assert!(code == Some(0) && said.contains("given'"), "the next command says where: {said}");
    assert!(site.path().join("given/journal.db").exists());
}

const CHANNELS: &str = "[channels]\nrelease = { run = [\"./tell\", \"to us\"] }\n";

fn with_tell(config: &str, body: &str, script: &str) -> Site {
    use std::os::unix::fs::PermissionsExt;
    let site = Site::new(config, body);
    site.write("tell", &format!("#!/bin/sh\n{script}\n"));
    let mode = std::fs::Permissions::from_mode(0o755);
    std::fs::set_permissions(site.path().join("tell"), mode).unwrap();
    site
}

#[test]
fn a_notice_goes_to_the_program_of_its_channel() {
    let body = "let what = \"1.0 $(touch pwned)\"\nnotify \"release\" \"{what} is out\"\nlog \"on\"\n";
    let script = "{ cat; echo; echo \"$1|$BOWLINE_CHANNEL|${BOWLINE_RUN:+run}\"; } > told";
    let site = with_tell(CHANNELS, body, script);
    let (code, said) = site.run(&[]);
    assert_eq!(code, Some(0), "{said}");
    assert_eq!(site.read("told"), "1.0 $(touch pwned) is out\nto us|release|run\n");
    assert!(!site.path().join("pwned").exists());
}

#[test]
fn a_notice_that_fails_is_reported_and_changes_nothing_else() {
    let body = "notify \"release\" \"out\"\nstep \"s\" {\n  run touch ran\n  rollback none \"t\"\n}\nafter run {\n  notify \"release\" \"end\"\n}\n";
    let site = with_tell(CHANNELS, body, "echo no server >&2; exit 7");
    let (code, said) = site.run(&[]);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("was not taken: exit 7") && said.contains("no server"), "{said}");
    assert!(site.path().join("ran").exists());
    let shown = site.command(&["show", "--format", "events"]).output().unwrap();
    let events = String::from_utf8_lossy(&shown.stdout).into_owned();
    assert_eq!(events.matches("was not taken").count(), 2, "recorded: {events}");
}

/// Takes one request on a port of its own and gives its head and body.
fn listen(status: &'static str) -> (u16, std::thread::JoinHandle<String>) {
    let server = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = server.local_addr().unwrap().port();
    let taken = std::thread::spawn(move || {
        let (mut stream, _) = server.accept().unwrap();
        stream.set_read_timeout(Some(std::time::Duration::from_secs(10))).unwrap();
        let (mut text, mut piece) = (String::new(), [0; 4096]);
        while !text.contains('}') {
            let read = stream.read(&mut piece).unwrap();
            text.push_str(&String::from_utf8_lossy(piece.get(..read).unwrap()));
        }
        write!(stream, "HTTP/1.1 {status}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n").unwrap();
        text
    });
    (port, taken)
}

#[test]
fn a_notice_is_posted_and_its_url_may_come_from_the_environment() {
    let (port, taken) = listen("200 OK");
    let config = "[channels]\nops = { url = { env = \"OPS_HOOK\" } }\n";
    let body = "notify \"ops\" \"disk \\\"a\\\" is full\"\nstep \"s\" {\n  run sh -c 'echo \"[$OPS_HOOK]\" > env'\n  rollback none \"t\"\n}\n";
    let site = Site::new(config, body);
    let url = format!("http://127.0.0.1:{port}/hooks/very-secret");
    let output = site.command(&["run", "ops/a.runbook"]).env("OPS_HOOK", &url).output().unwrap();
    let (code, said) = said(&output);
    assert_eq!(code, Some(0), "{said}");
    let request = taken.join().unwrap();
    assert!(request.starts_with("POST /hooks/very-secret "), "{request}");
    assert!(request.contains(r#""text":"disk \"a\" is full""#), "{request}");
    assert_eq!(site.read("env"), "[]\n", "no child gets the variable");
    let (code, said) = site.run(&[]);
    assert!(code == Some(0) && said.contains("OPS_HOOK is not set") && said.contains("to copy"), "{said}");
}

#[test]
fn a_channel_that_answers_no_changes_nothing() {
    let (port, taken) = listen("500 no");
    let config = format!("[channels]\nops = {{ url = \"http://127.0.0.1:{port}/\" }}\n");
    let site = Site::new(&config, "notify \"ops\" \"x\"\nlog \"on\"\n");
    let (code, said) = site.run(&[]);
    assert!(code == Some(0) && said.contains("was not taken: status 500"), "{said}");
    taken.join().unwrap();
}

#[test]
fn a_channel_that_is_not_set_up_is_told_and_its_text_shown_to_copy() {
    let site = Site::new(CHANNELS, "notify \"relaese\" \"out\"\n");
    let (code, said) = site.run(&[]);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("warning[W0502]") && said.contains("did you mean \"release\"?"), "{said}");
    assert!(said.contains("to copy: out"), "{said}");
    std::fs::remove_file(site.path().join("bowline.toml")).unwrap();
    let (code, said) = site.run(&[]);
    assert!(code == Some(0) && !said.contains("W0502") && said.contains("to copy: out"), "{said}");
}

const GROUPS: &str =
    "approvals = \"unsigned\"\n[groups]\nmanagers = [\"ana\", \"bo\", \"olga\"]\nnobody = []\n";

#[test]
fn groups_must_exist_and_suffice() {
    let site =
        Site::new(GROUPS, "approval \"Go\" need 2 from \"manager\"\napproval \"On\" need 1 from \"x\"\n");
    let (code, said) = site.bowline(&["check", "ops/a.runbook"]);
    assert_eq!(code, Some(3), "{said}");
    assert!(said.contains("did you mean \"managers\"?") && said.contains("under `[groups]`"), "{said}");
    assert_eq!(said.matches("error[E0511]").count(), 2, "{said}");
    let body = "approval \"Go\" need 1 from \"nobody\"\napproval \"On\" need 4 from \"managers\"\n";
    let site = Site::new(GROUPS, body);
    let (code, said) = site.bowline(&["check", "ops/a.runbook"]);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("\"nobody\" is empty") && said.contains("line 4 of bowline.toml"), "{said}");
    assert!(said.contains("has 3 people, and 4 are needed"), "{said}");
}

#[test]
fn only_members_of_the_group_are_counted() {
    let site = Site::new(GROUPS, "approval \"Go\" need 2 from \"managers\"\nlog \"on\"\n");
    for (who, exit, words) in [
        ("[\"ana\", \"bo\"]", 0, "completed"),
        ("[\"ana\", \"cy\"]", 5, "cy is not in managers"),
        ("[\"ana\", \"olga\"]", 5, "olga operates this run"),
        ("[\"ana\"]", 5, "it names 1 person"),
    ] {
        site.write("answers.toml", &format!("[Go]\napprove = {who}\n"));
        let (code, said) = site.run(&["--answers", "answers.toml"]);
        assert!(code == Some(exit) && said.contains(words), "{who}: {said}");
    }
}

#[test]
fn groups_are_those_that_the_run_was_started_with() {
    let site = Site::new(GROUPS, "approval \"Go\" need 1 from \"managers\"\nlog \"on\"\n");
    assert_eq!(site.run(&[]).0, Some(5));
    site.write("bowline.toml", "approvals = \"unsigned\"\n[groups]\nmanagers = [\"cy\"]\n");
    let resume = |user: &str, who: &str| {
        site.write("answers.toml", &format!("[Go]\napprove = [\"{who}\"]\n"));
        let listed = site.command(&["runs"]).output().unwrap();
        let id: String = String::from_utf8_lossy(&listed.stdout).chars().take(5).collect();
        let mut command = site.command(&["resume", &id, "--answers", "answers.toml", "--on-failure", "hold"]);
        said(&command.env("USER", user).output().unwrap())
    };
    let (_, said) = resume("ana", "cy");
    assert!(said.contains("cy is not in managers"), "{said}");
}

#[test]
fn who_started_a_run_does_not_approve_it_after_another_took_it_up() {
    let site = Site::new(GROUPS, "approval \"Go\" need 1 from \"managers\"\nlog \"on\"\n");
    assert_eq!(site.run(&[]).0, Some(5));
    site.write("answers.toml", "[Go]\napprove = [\"olga\"]\n");
    let listed = site.command(&["runs"]).output().unwrap();
    let id: String = String::from_utf8_lossy(&listed.stdout).chars().take(5).collect();
    let mut command = site.command(&["resume", &id, "--answers", "answers.toml"]);
    let (code, said) = said(&command.env("USER", "ana").output().unwrap());
    assert!(code == Some(5) && said.contains("olga operates this run"), "{said}");
}

const ROLES: &str = "[roles]\ndatabase = \"bo\"\nlead = [\"cy\", \"dan\"]\n";

#[test]
fn roles_are_checked_bound_and_recorded() {
    let site = Site::new(ROLES, "confirm \"A\" by \"databse\"\n");
    let (code, said) = site.bowline(&["check", "ops/a.runbook"]);
    assert!(code == Some(3) && said.contains("E0512") && said.contains("\"database\""), "{said}");
    let body = "confirm \"A\" by \"database\"\nconfirm \"B\" by \"lead\"\nconfirm \"C\" by \"operator\"\n";
    let site = Site::new(ROLES, body);
    site.write("answers.toml", "[A]\nanswer = true\nby = \"bo\"\n[B]\nanswer = true\n[C]\nanswer = true\n");
    let (code, said) = site.run(&["--answers", "answers.toml"]);
    assert!(code == Some(2) && said.contains("--role 'lead=cy|dan'"), "{said}");
    let (code, said) = site.run(&["--answers", "answers.toml", "--role", "lead=eve"]);
    assert!(code == Some(2) && said.contains("cy or dan"), "{said}");
    let (code, said) = site.run(&["--answers", "answers.toml", "--role", "leed=cy"]);
    assert!(code == Some(2) && said.contains("did you mean `lead`?"), "{said}");
    assert!(!site.path().join("state").exists(), "nothing was recorded");
    let (code, said) = site.run(&["--answers", "answers.toml", "--role", "lead=cy"]);
    assert!(code == Some(0) && said.contains("database: bo") && said.contains("lead: cy"), "{said}");
    site.write("answers.toml", "[A]\nanswer = true\nby = \"cy\"\n");
    let (_, said) = site.run(&["--answers", "answers.toml", "--role", "lead=cy"]);
    assert!(said.contains("the role database is held by bo, not by cy"), "{said}");
}

#[test]
fn another_name_only_where_it_is_allowed_and_both_are_recorded() {
    let site = Site::new("", "log \"x\"\n");
    let (code, said) = site.run(&["--as", "ana"]);
    assert!(code == Some(2) && said.contains("write `allow-as = true` into"), "{said}");
    std::fs::remove_file(site.path().join("bowline.toml")).unwrap();
    let (code, said) = site.run(&["--as", "ana"]);
    assert!(code == Some(2) && said.contains("into a bowline.toml beside the runbook"), "{said}");
    assert!(!site.path().join("state").exists());
    let site = Site::new(&format!("allow-as = true\n{GROUPS}"), "approval \"Go\" need 1 from \"managers\"\n");
    let (code, said) = site.run(&["--as", "ana"]);
    assert!(code == Some(5) && said.contains("operator: ana, says olga"), "{said}");
    site.write("answers.toml", "[Go]\napprove = [\"olga\"]\n");
    let (code, said) = site.run(&["--as", "ana", "--answers", "answers.toml"]);
    assert!(code == Some(5) && said.contains("olga operates this run"), "{said}");
}

#[test]
fn the_example_of_the_documentation_checks() {
    use bowline::config::read;
    use bowline::text::{Source, SourceId};
    let page = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/bowline-toml.md")).unwrap();
    let examples: Vec<&str> =
        page.split("```toml\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
    assert_eq!(examples.len(), 1);
    for example in examples {
        let reading = read(SourceId::default(), &Source::new("bowline.toml", example));
        assert_eq!(reading.diagnostics, [], "{example}");
        assert!(!reading.config.targets.is_empty());
    }
}
