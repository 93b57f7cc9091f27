//! Canaries: a secret from every source, in every spelling, through every channel; none is found anywhere.

use std::path::{Path, PathBuf};
use std::process::Command;

use aho_corasick::AhoCorasick;

use crate::seat::{Seat, Site};

/// One for each source: the environment, a file, a program before the run, a prompt, a look, a question.
const CANARIES: [&str; 6] = [
    "Env&1<a>\"b'c d/e+f\\g-Zq8vKw2m",
    "File&2<a>\"b'c d/e+f\\g-Yx7pLmA9",
    "Command-3 Rt5yUi8o Pq2wEr4t",
    "Prompt-4/Gh6jKl9z~Xc3vBn5m",
    "Look-5+As1dFg7h=Jk4lQw6e",
    "Asked-6&Zx9cVb2n Mm8kLp1o",
];

/// So many letters of any spelling in a row are a leak.
const PART: usize = 12;

/// Prints each secret that it finds in its environment in all spellings, in pieces, on both streams; notes the
/// spellings beside.
const SAY: &str = r#"#!/usr/bin/env python3
import base64, html, json, os, shlex, subprocess, sys, time, urllib.parse
def spellings(text):
    raw = text.encode()
    yield from [text, json.dumps(text)[1:-1], json.dumps(json.dumps(text))[3:-3], repr(text)[1:-1]]
    yield from [urllib.parse.quote(text, safe=""), urllib.parse.quote(text), urllib.parse.quote_plus(text)]
    yield from [shlex.quote(text), html.escape(text), html.escape(text, quote=False)]
    yield subprocess.run(["bash", "-c", 'printf %q "$1"', "-", text], capture_output=True, text=True).stdout
    for before in ["", "x", "xy", "xyz", "wxyz"]:
        yield base64.b64encode(before.encode() + raw).decode().rstrip("=")
        yield base64.urlsafe_b64encode(before.encode() + raw).decode().rstrip("=")
        yield base64.b32encode(before.encode() + raw).decode().rstrip("=")
        yield base64.b32encode(before.encode() + raw).decode().rstrip("=").lower()
    yield from [raw.hex(), raw.hex().upper()]
def drawn(form):
    yield "".join(f"\x1b[3{at % 8}m{letter}\x1b[0m" for at, letter in enumerate(form))
    yield "\x1b]0;title\x07".join(form)
    yield "\x1b]8;;file:///x\x1b\\".join(form)
    yield "\r".join(form)
    yield "\x1b(B\x00\x9b1m".join(form)
    yield "".join(f"{letter}\b{letter}" for letter in form)
    yield "".join(f"_\b{letter}" for letter in form)
    for escape in ["\\u001B", "\\x1B", "\\033", "\\E", "\\e", "\\u{1b}", "^["]:
        yield f"{escape}[31m".join(form)
def written(text):
    text = "\x1b[31m".join(text)
    for words in [["bash", "-c", 'printf "%q\n" "$1"; c="$1"; declare -p c', "-", text], ["cat", "-v"]]:
        yield subprocess.run(words, input=text, capture_output=True, text=True).stdout
secrets = [os.environ[name] for name in sorted(os.environ) if name.startswith("CANARY_")]
found = [form for secret in secrets for form in spellings(secret)]
with open("spellings", "a") as file:
    file.writelines(json.dumps(form) + "\n" for form in found)
for form in found:
    for stream in (sys.stdout, sys.stderr):
        half = len(form) // 2
        stream.write("so " + form[:half])
        stream.flush()
        time.sleep(0.002)
        stream.write(form[half:] + " it is\n")
        stream.flush()
for at, form in enumerate(found[::9]):
    for picture in drawn(form):
        (sys.stdout, sys.stderr)[at % 2].write("drawn " + picture + " \x1b[0mit is\n")
for secret in secrets:
    for at, lines in enumerate(written(secret)):
        (sys.stdout, sys.stderr)[at % 2].write("written " + lines + " it is\n")
sys.stdout.write(sys.stdin.read())
sys.exit(int(sys.argv[1]))
"#;

/// Prints a secret with colours between its letters, also as a part of JSON.
const DRAW: &str = r#"#!/usr/bin/env python3
import json, os, sys
text = "\x1b[1m\x1b[0m".join(os.environ["V"])
print(json.dumps({"a": [text]}) if sys.argv[1:] else text)
"#;

const RUNBOOK: &str = r#"
input shell: secret from env "CANARY"
input kept: secret from file "kept.txt"
input given: secret from command "./give"
input typed: secret from prompt "The word"
let looked: secret = look run ./look
let all = "{shell} {kept} {given} {typed} {looked}"
step "Say" {
  run ./say 0 {
    env CANARY_1 = shell
    env CANARY_2 = kept
    env CANARY_3 = given
    env CANARY_4 = typed
    env CANARY_5 = looked
    stdin all
  }
  let back: json = look run ./echo {
    env V = { a: [shell, kept], b: "{given}:{typed}", c: looked }
  }
  let lines: lines = look run ./echo {
    env V = "{shell}\n{kept}\n{looked}"
  }
  let drawn = look run ./draw {
    env V = shell
  }
  let parts: json = look run ./draw json {
    env V = kept
  }
  log "{all} {back} {lines} {drawn} {parts}"
  notify "ops" "about {all} {drawn}"
  evidence { all: all, back: back, drawn: drawn, parts: parts }
  evidence drawn
  evidence all
  rollback {
    run ./say 0 {
      env CANARY_1 = shell
      env CANARY_4 = typed
    }
  }
}
step "Hold" idempotent {
  run sh hold.sh
  rollback none "waits"
}
step "Ask {typed}" {
  ask word: secret "Another"
  run ./say 0 {
    env CANARY_6 = word
  }
  rollback none "says"
}
step "Fail" {
  run ./say 3 {
    env CANARY_2 = kept
    expect stdout contains "nothing" "it said {stdout} and {stderr}"
  }
  rollback none "says"
}
after run { log "the end of {shell} {typed}" }
"#;

fn site() -> Site {
    let site = Site::new(RUNBOOK);
    for (name, text) in [
        ("say", SAY.to_owned()),
        ("give", format!("#!/bin/sh\ncat <<'E'\n{}\nE\n", CANARIES[2])),
        ("look", format!("#!/bin/sh\ncat <<'E'\n{}\nE\n", CANARIES[4])),
        ("draw", DRAW.to_owned()),
        ("echo", "#!/bin/sh\nprintf '%s\\n' \"$V\"\n".to_owned()),
    ] {
        site.program(name, &text);
    }
    site.write("kept.txt", &format!("{}\n", CANARIES[1]));
    site.write(
        "hold.sh",
        "ps axww -o args > ps.txt\ntouch held\nwhile test -e a.runbook -a ! -e go; do sleep 0.1; done\n",
    );
    site.set("CANARY", CANARIES[0]);
    site
}

/// Pieces by which a secret is found, as the tools of others spell it.
fn pieces(site: &Site) -> AhoCorasick {
    let noted = site.read("spellings");
    let spelled = noted.lines().map(|line| serde_json::from_str::<String>(line).unwrap());
    let mut pieces: Vec<Vec<u8>> = spelled
        .flat_map(|text| text.as_bytes().windows(PART).map(<[u8]>::to_vec).collect::<Vec<_>>())
        .collect();
    pieces.sort_unstable();
    pieces.dedup();
    AhoCorasick::new(pieces).unwrap()
}

/// Fails where one of the pieces stands, as it is or among orders for a terminal.
fn clean(place: &str, bytes: &[u8], pieces: &AhoCorasick) {
    clean_as_it_is(place, bytes, pieces);
    clean_as_it_is(place, &letters(bytes, false), pieces);
    clean_as_it_is(place, &letters(bytes, true), pieces);
}

fn clean_as_it_is(place: &str, bytes: &[u8], pieces: &AhoCorasick) {
    if let Some(found) = pieces.find(bytes) {
        let around = &bytes[found.start().saturating_sub(100)..bytes.len().min(found.end() + 100)];
        panic!("{place}: {}", String::from_utf8_lossy(around));
    }
}

/// How what is drawn begins, as bytes and as JSON has them; some of it goes on up to an end.
const ORDERS: [(&[u8], &[&[u8]]); 22] = [
    (b"\x1b[", &[b"m"]),
    (b"\\u001b[", &[b"m"]),
    (b"\xc2\x9b", &[b"m"]),
    (b"\x1b]", &[b"\x07", b"\x1b\\"]),
    (b"\\u001b]", &[b"\\u0007", b"\\u001b\\\\"]),
    (b"\x1b(B", &[]),
    (b"\\u001b(B", &[]),
    (b"\r", &[]),
    (b"\\r", &[]),
    (b"\0", &[]),
    (b"\\u0000", &[]),
    (b"\\u009b", &[b"m"]),
    (b"\\\\E[", &[b"m"]),
    (b"\\E[", &[b"m"]),
    (b"\\\\e[", &[b"m"]),
    (b"\\e[", &[b"m"]),
    (b"\\\\033[", &[b"m"]),
    (b"\\033[", &[b"m"]),
    (b"\\x1B[", &[b"m"]),
    (b"\\u001B[", &[b"m"]),
    (b"\\u{1b}[", &[b"m"]),
    (b"^[[", &[b"m"]),
];

/// What is left of an output without orders; with `erasing`, also without letters that are gone back over.
fn letters(bytes: &[u8], erasing: bool) -> Vec<u8> {
    let (mut left, mut rest) = (Vec::with_capacity(bytes.len()), bytes);
    while let Some((first, after)) = rest.split_first() {
        let back: [&[u8]; 3] = [b"\x08", b"\\b", b"\\u0008"];
        if !matches!(first, 0x00..0x20 | 0x7f.. | b'\\' | b'^') {
            left.push(*first);
            rest = after;
        } else if let Some(back) = back.iter().find(|back| rest.starts_with(back)) {
            if erasing {
                left.pop();
            }
            rest = &rest[back.len()..];
        } else {
            rest = behind_order(rest).unwrap_or_else(|| {
                left.push(*first);
                after
            });
        }
    }
    left
}

fn behind_order(rest: &[u8]) -> Option<&[u8]> {
    let (begin, ends) = ORDERS.iter().find(|(begin, _)| rest.starts_with(begin))?;
    let inside = &rest[begin.len()..];
    let near = &inside[..inside.len().min(40)];
    let end = |end: &&[u8]| memchr::memmem::find(near, end).map(|at| at + end.len());
    if ends.is_empty() { Some(inside) } else { ends.iter().filter_map(end).min().map(|at| &inside[at..]) }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

/// The journal with its WAL, the kept outputs, the evidence.
fn clean_journal(site: &Site) {
    let pieces = pieces(site);
    assert!(pieces.patterns_len() > 2000, "{}", pieces.patterns_len());
    let files = files(&site.path("journal"));
    assert!(files.len() > 4, "{files:?}");
    for file in files {
        clean(&file.display().to_string(), &std::fs::read(&file).unwrap(), &pieces);
    }
}

/// What every way of looking at the run prints.
fn clean_views(site: &Site) {
    let pieces = pieces(site);
    for words in [
        &["show"][..],
        &["show", "--format", "json"],
        &["show", "--format", "events"],
        &["logs"],
        &["runs"],
        &["plan", "a.runbook"],
        &["plan", "a.runbook", "--format", "json"],
    ] {
        let output = site.alone(words);
        clean(&words.join(" "), &[output.stdout, output.stderr].concat(), &pieces);
    }
}

/// The pack of evidence, and each file in it.
fn clean_pack(site: &Site) {
    let output = site.alone(&["evidence", &site.run_id(), "-o", "run.pack"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    std::fs::create_dir(site.path("pack")).unwrap();
    assert!(site.other(&["tar", "-xf", "run.pack", "-C", "pack"]).status.success());
    let (files, pieces) = (files(&site.path("pack")), pieces(site));
    assert!(files.len() > 8, "{files:?}");
    for file in files {
        clean(&file.display().to_string(), &std::fs::read(&file).unwrap(), &pieces);
    }
}

/// Whatever a process holds in its memory, as a core of it would.
fn core(pid: u32) -> Vec<u8> {
    use std::os::unix::fs::FileExt;
    let maps = std::fs::read_to_string(format!("/proc/{pid}/maps")).unwrap();
    let memory = std::fs::File::open(format!("/proc/{pid}/mem")).unwrap();
    let mut all = vec![];
    for line in maps.lines().filter(|line| line.contains(" rw") || line.contains("-rw")) {
        let (from, to) = line.split_once(' ').unwrap().0.split_once('-').unwrap();
        let [from, to] = [from, to].map(|at| u64::from_str_radix(at, 16).unwrap());
        let mut bytes = vec![0; usize::try_from(to - from).unwrap()];
        if memory.read_exact_at(&mut bytes, from).is_ok() {
            all.extend(bytes);
        }
    }
    all
}

/// The process list while everything runs: ours, and what we started.
fn clean_processes(site: &Site, seat: &Seat) {
    let pieces = pieces(site);
    clean("ps", site.read("ps.txt").as_bytes(), &pieces);
    assert!(site.read("ps.txt").contains("bowline"), "{}", site.read("ps.txt"));
    let cmdline = std::fs::read(format!("/proc/{}/cmdline", seat.pid())).unwrap();
    clean("the command line of bowline", &cmdline, &pieces);
}

/// What reads the journal of somebody else's run has no secret to lose.
fn clean_reader(site: &Site) {
    let mut reader = site.starts_alone(&["logs", "-f"]);
    site.opens(reader.id(), "journal.db");
    let held = core(reader.id());
    reader.kill().unwrap();
    reader.wait().unwrap();
    let word = "hold.sh";
    assert!(memchr::memmem::find(&held, word.as_bytes()).is_some(), "the memory was read");
    clean_as_it_is("the memory of `logs`", &held, &pieces(site));
}

fn answers_prompt(seat: &mut Seat, question: &str, canary: &str) {
    seat.sees(question);
    seat.waits_for_echo(false);
    seat.types(canary);
}

#[test]
fn what_is_drawn_is_looked_through() {
    for drawn in ["\u{1b}[31ma\u{1b}[0mb\rc\u{9b}1md", "a\u{1b}]0;t\u{7}b\u{1b}]8;;x\u{1b}\\c\u{1b}(B\0d"] {
        assert_eq!(letters(drawn.as_bytes(), false), b"abcd");
        let json = serde_json::to_string(drawn).unwrap();
        assert_eq!(letters(json.as_bytes(), false), b"\"abcd\"", "{json}");
    }
    for spelled in [r"a\E[1mb\\E[0mc\e[31md", r"a\033[1mb\\033[0mc^[[31md", r"a\x1B[1mb\u001B[0mc\u{1b}[31md"]
    {
        assert_eq!(letters(spelled.as_bytes(), false), b"abcd", "{spelled}");
    }
    assert_eq!(letters(b"a\x08a_\x08bc\\bcd", true), b"abcd");
}

#[test]
fn no_canary_sings() {
    let site = site();
    let mut seat = site.sits(&["run", "a.runbook"]);
    answers_prompt(&mut seat, "The word", CANARIES[3]);
    seat.awaits(&site, "held");
    clean_processes(&site, &seat);
    clean_journal(&site);
    site.unset("CANARY");
    clean_reader(&site);
    seat.signal(rustix::process::Signal::KILL);
    seat.leaves();
    assert!(site.path("journal/journal.db-wal").exists(), "{:?}", files(&site.path("journal")));
    clean_journal(&site);
    clean_views(&site);
    clean("the screen", seat.shown().as_bytes(), &pieces(&site));
    site.set("CANARY", CANARIES[0]);
    site.write("go", "");
    let mut seat = site.sits(&["resume", &site.run_id()]);
    answers_prompt(&mut seat, "The word", CANARIES[3]);
    answers_prompt(&mut seat, "word (not shown): ", CANARIES[5]);
    let note = format!("roll back {} it was", CANARIES[1]);
    seat.answers("and a note] ", &note);
    assert_eq!(seat.leaves(), Some(1), "{}", seat.shown());
    // What a person types where typing is seen, the terminal itself shows.
    clean("the screen", seat.shown().replacen(&note, "", 1).as_bytes(), &pieces(&site));
    assert!(seat.shown().contains("*** it was"), "the note is kept without it: {}", seat.shown());
    clean_journal(&site);
    clean_views(&site);
    assert!(seat.shown().contains("it is"), "what is no secret is shown: {}", seat.shown());
    clean_pack(&site);
    let said = String::from_utf8_lossy(&site.alone(&["logs"]).stdout).into_owned();
    assert!(said.matches("so *** it is").count() > 100, "{said}");
}

/// The programs that values come from get no variable that a secret came from, and nobody finds one in `/proc`.
#[test]
fn a_program_gets_only_what_it_is_given() {
    let site = Site::new(
        "input shell: secret from env \"CANARY\"\nstep \"A\" {\n  run sh -c \"env > env.txt; cat /proc/$PPID/cmdline >> env.txt\"\n  rollback none \"x\"\n}\nlog \"{shell}\"\n",
    );
    site.set("CANARY", CANARIES[0]);
    assert_eq!(site.alone(&["run", "a.runbook"]).status.code(), Some(0));
    let env = site.read("env.txt");
    assert!(env.contains("BOWLINE_RUN=") && !env.contains("CANARY") && !env.contains(CANARIES[0]), "{env}");
}

/// A secret in an option of ours is in the process list, too: that is said, without it.
#[test]
fn a_secret_in_an_option_is_a_warning() {
    let site = Site::new("input shell: secret from env \"CANARY\"\nlog \"{shell}\"\n");
    for words in [&["run", "a.runbook"][..], &["plan", "a.runbook"]] {
        let output = site.alone(&[words, &["-i", &format!("shell={}", CANARIES[0])]].concat());
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        let why = "the secret `shell` stands on the command line, where `ps` shows it";
        assert_eq!((output.status.code(), said.contains(why)), (Some(0), true), "{said}");
        assert!(!said.contains(CANARIES[0]), "{said}");
    }
    let output = site.alone(&["run", "a.runbook", "-i", "shell=abc"]);
    assert_eq!(output.status.code(), Some(2), "{output:?}");
}

/// A secret in an argument is in the process list: the author is told where it stands.
#[test]
fn a_secret_in_an_argument_is_a_warning() {
    let site = Site::new(
        "input shell: secret from env \"CANARY\"\nstep \"A\" {\n  run echo {shell}\n  rollback none \"x\"\n}\n",
    );
    let output =
        Command::new(env!("CARGO_BIN_EXE_bowline")).args(["check"]).arg(site.path("a.runbook")).output();
    let said = String::from_utf8(output.unwrap().stderr).unwrap();
    assert!(said.contains("W0203") && said.contains("run echo {shell}"), "{said}");
}
