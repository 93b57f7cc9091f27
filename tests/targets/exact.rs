//! What is written arrives there exactly, and what comes back is what was printed there.

use std::time::Duration;

use crate::hosts::Hosts;
use crate::processes::{all, within};
use crate::site::Site;

/// Texts that shells, quotes and programs take for something else.
const NASTY: &[&str] = &[
    "",
    " ",
    "a b",
    "it's",
    "''",
    "\"",
    "$(touch pwned)",
    "`id`",
    "$HOME",
    "\\",
    "\\n",
    "!",
    "!!",
    "-n",
    "--",
    "*",
    "~",
    "a\nb",
    "\n",
    "tab\there",
    "\r\n",
    "{}",
    "[a-z]",
    ";",
    "&& false",
    "|",
    ">x",
    "#",
    "\u{1}\u{7f}\u{1e}",
    "Á ê ß 日本 \u{10ffff}",
    "%s%n",
    "exit 3",
    "\u{81}\u{88}\u{98}",
];

fn inputs() -> String {
    let quoted: Vec<_> = NASTY.iter().map(|text| serde_json::to_string(text).unwrap()).collect();
    format!("nasty = [{}]\n", quoted.join(", ").replace('\u{7f}', "\\u007f"))
}

#[test]
fn arguments_environment_and_input_arrive_whatever_they_hold() {
    let Some(hosts) = Hosts::start(&["one"]) else { return };
    let site = Site::new(
        &hosts.targets("30s"),
        r#"input nasty: list of text
input seen: path
let all = "{nasty}"
step "Say" on "one" {
  run python3 "{seen}.py" {seen} {...nasty} {
    env ALL = all
    stdin all
  }
  rollback none "only looks"
}
"#,
    );
    site.write("inputs.toml", &inputs());
    site.write(
        "seen.py",
        "import json, os, sys\n\
         read = sys.stdin.buffer.read().decode()\n\
         json.dump([sys.argv[2:], os.environ['ALL'], read], open(sys.argv[1], 'w'))\n",
    );
    let seen = site.path("seen").display().to_string();
    let told = site.run(&["--inputs", "inputs.toml", "-i", &format!("seen={seen}")]);
    assert_eq!(told.exit, Some(0), "{}", told.said);
    let (words, all, input): (Vec<String>, String, String) =
        serde_json::from_str(&site.read("seen")).unwrap();
    assert_eq!(words, NASTY);
    assert!(all.contains("it's") && all.contains("日本") && all.contains("$(touch pwned)"), "{all}");
    assert_eq!(all, input);
    assert!(!site.path("pwned").exists());
}

#[test]
fn exit_codes_streams_and_folders_are_those_of_the_program() {
    let Some(hosts) = Hosts::start(&["one"]) else { return };
    let site = Site::new(
        &hosts.targets("30s"),
        r#"input there: path
let host = "one"
step "Say" on host dir there {
  run sh -c 'exit 255' {
    expect exit == 255
  }
  run sh -c 'kill -TERM $$' {
    expect exit == 143
  }
  run sh -c 'printf "no end"; printf "other" >&2; exit 7' {
    expect exit == 7
    expect stdout == "no end"
    expect stderr == "other"
  }
  let folder = run pwd
  let script = ```sh (folder)
  cat >/dev/null
  test -z "${BOWLINE_INPUT_THERE-}"
  echo "$folder $BOWLINE_STEP $(basename "$0") $#"
  ```
  run test {script} == "{there} Say script 0"
  let left = run sh -c 'ls -d "${TMPDIR:-/tmp}/bowline-$BOWLINE_RUN-"* 2>/dev/null || true'
  run test -z {left}
  rollback none "only looks"
}
"#,
    );
    let there = site.path("there");
    std::fs::create_dir(&there).unwrap();
    let told = site.run(&["-i", &format!("there={}", there.display())]);
    assert_eq!(told.exit, Some(0), "{}", told.said);
    assert_eq!(hosts.logins(), 1, "one connection for all of it");
}

#[test]
fn what_is_not_there_has_not_begun() {
    let Some(hosts) = Hosts::start(&["one"]) else { return };
    for (line, why) in [
        ("run nosuch-program", "there is no program nosuch-program in PATH"),
        ("run true {\n dir \"nowhere\"\n }", "the working folder nowhere cannot be entered"),
        ("run true {\n env UID = \"1\"\n env PATH = \"/nowhere\"\n }", "there is no program true in PATH"),
    ] {
        let body =
            format!("step \"Try\" on \"one\" {{\n {line}\n rollback {{ run touch {{\"undone\"}} }}\n}}\n");
        let site = Site::new(&hosts.targets("30s"), &body);
        let told = site.run(&[]);
        assert_eq!(told.exit, Some(1), "{}", told.said);
        assert!(told.said.contains(why), "{}", told.said);
        assert!(told.said.contains("nothing was changed"), "{}", told.said);
        assert!(!told.said.contains("undoing"), "nothing is owed: {}", told.said);
    }
}

#[test]
fn no_list_of_processes_shows_a_secret() {
    let Some(hosts) = Hosts::start(&["one"]) else { return };
    let mut site = Site::new(
        &hosts.targets("30s"),
        r#"input token: secret from env "SITE_TOKEN"
input seen: path
step "Use it" on "one" {
  ```sh (seen)
  printf '%s' "$TOKEN" | sha256sum >"$seen"
  cat | sha256sum >>"$seen"
  sleep 2
  ``` {
    env TOKEN = token
    stdin token
  }
  rollback none "only looks"
}
"#,
    );
    let secret = "hunter2-and-more-of-it";
    site.set("SITE_TOKEN", secret);
    let seen = site.path("seen").display().to_string();
    let mut run = site.start(&["-i", &format!("seen={seen}")]);
    while run.try_wait().unwrap().is_none() {
        let shown: Vec<_> =
            all().into_iter().map(|one| one.words).filter(|one| one.contains(secret)).collect();
        assert_eq!(shown, Vec::<String>::new());
    }
    assert!(run.wait().unwrap().success(), "{}", site.read("said"));
    let hash = "ba4e9e1d";
    let lines = site.read("seen");
    let hashes: Vec<_> = lines.lines().map(|line| line.split(' ').next().unwrap()).collect();
    assert!(hashes.len() == 2 && hashes.first() == hashes.last(), "{hash} {lines}");
    assert!(!site.read("said").contains(secret) && !site.events().contains(secret));
}

#[test]
fn a_hundred_megabytes_come_in_bounded_memory() {
    let Some(hosts) = Hosts::start(&["one"]) else { return };
    let site = Site::new(
        &hosts.targets("30s"),
        "step \"Print\" on \"one\" {\n run sh -c 'yes 0123456789abcde | head -c 104857600'\n rollback none \"prints\"\n}\n",
    );
    let mut run = site.start(&[]);
    let (mut most, status) = (0, format!("/proc/{}/status", run.id()));
    while run.try_wait().unwrap().is_none() {
        let text = std::fs::read_to_string(&status).unwrap_or_default();
        let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or_default();
        most = most.max(line.trim().trim_end_matches(" kB").parse().unwrap_or(0));
        std::thread::sleep(Duration::from_millis(50));
    }
    assert!(run.wait().unwrap().success(), "{}", site.read("said"));
    assert!(most > 0 && most < 96 * 1024, "{most} kB");
    assert!(site.events().contains("\"bytes\":104857600"));
}

#[test]
fn connections_are_closed_when_the_run_is_over() {
    let Some(hosts) = Hosts::start(&["one"]) else { return };
    let site = Site::new(
        &hosts.targets("30s"),
        "step \"Look\" on \"one\" {\n run true\n run true\n rollback none \"looks\"\n}\n",
    );
    assert_eq!(site.run(&[]).exit, Some(0));
    let config = hosts.config().display().to_string();
    let left = || all().into_iter().filter(|one| one.name == "ssh" && one.words.contains(&config)).count();
    assert!(within(Duration::from_secs(30), || left() == 0));
}
