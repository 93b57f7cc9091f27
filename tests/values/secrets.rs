//! A secret arrives as itself, and is seen nowhere: not on screens, not in the journal's files, however it is spelled.

use std::path::Path;
use std::process::Output;

use crate::server::Server;
use crate::site::{Site, empty};

const SECRET: &str = "hun'ter \"22\"/ü+x";

/// What of a text must not be seen: it as it is, and as tools spell it.
fn spellings(secret: &str) -> Vec<Vec<u8>> {
    use base64::Engine;
    let json = serde_json::Value::from(secret).to_string();
    let url = percent_encoding::utf8_percent_encode(secret, percent_encoding::NON_ALPHANUMERIC).to_string();
    let base64 = base64::engine::general_purpose::STANDARD.encode(secret);
    [secret.to_owned(), json.trim_matches('"').to_owned(), url, base64].map(String::into_bytes).to_vec()
}

/// Every file below a folder.
fn files(folder: &Path) -> Vec<std::path::PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().map(Result::unwrap);
    entries
        .flat_map(|entry| if entry.path().is_dir() { files(&entry.path()) } else { vec![entry.path()] })
        .collect()
}

fn is_clean(what: &str, bytes: &[u8], secret: &str) {
    for spelling in spellings(secret) {
        let found = memchr::memmem::find(bytes, &spelling);
        let around = found.map(|at| {
            String::from_utf8_lossy(&bytes[at.saturating_sub(200)..(at + 60).min(bytes.len())]).into_owned()
        });
        assert!(found.is_none(), "{what} shows the secret: …{}…", around.unwrap_or_default());
    }
}

/// Nothing that was said, nothing that `show`, `logs` and `runs` tell, and no file of the journal has it.
fn nobody_sees(site: &Site, output: &Output, secret: &str) {
    is_clean("stdout", &output.stdout, secret);
    is_clean("stderr", &output.stderr, secret);
    for args in
        [&["show"][..], &["show", "--format", "json"], &["show", "--format", "events"], &["logs"], &["runs"]]
    {
        let told = site.bowline(args);
        assert!(told.status.success());
        is_clean(args[0], &[told.stdout, told.stderr].concat(), secret);
    }
    let kept = files(&site.path("journal"));
    assert!(!kept.is_empty());
    kept.iter().for_each(|file| is_clean(&file.display().to_string(), &std::fs::read(file).unwrap(), secret));
}

/// Prints what it is given in many spellings, over both streams, and fails.
const BLAB: &str = "
import base64, json, os, shlex, sys, urllib.parse
t = os.environ.get('T') or sys.stdin.read()
for out in (sys.stdout, sys.stderr):
    for text in (t, json.dumps(t), json.dumps(t, ensure_ascii=False), urllib.parse.quote(t, safe=''), urllib.parse.quote_plus(t), shlex.quote(t), base64.b64encode(t.encode()).decode(), base64.b64encode(('user:' + t).encode()).decode()):
        print('it is', text, file=out)
sys.exit(int(sys.argv[1]))
";

#[test]
fn what_programs_and_texts_say_of_it_is_masked() {
    let site = Site::new(
        0,
        "input token: secret from env \"TOKEN\"\nlog \"the token is {token}\"\nlet url = \"https://ada:{token}@example.org/\"\nlog \"at {url}\"\nstep \"Use {token}\" {\n  run python3 blab.py 0 {\n    env T = token\n  }\n  run python3 blab.py 0 {\n    stdin token\n  }\n  let got: text = run python3 blab.py 0 {\n    env T = token\n  }\n  log \"got {got}\"\n  notify \"nowhere\" \"{token}\"\n  evidence \"seen {token}\"\n  rollback {\n    run python3 blab.py 0 {\n      env T = token\n    }\n  }\n}\nstep \"Fail\" {\n  run python3 blab.py 3 {\n    env T = token\n  }\n  rollback none \"x\"\n}\n",
    );
    site.write("blab.py", BLAB);
    let output = site.command(&["run", "a.runbook"]).env("TOKEN", SECRET).output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(String::from_utf8_lossy(&output.stderr).contains("⟨secret token⟩"));
    nobody_sees(&site, &output, SECRET);
}

#[test]
fn it_arrives_over_http_and_stays_out_of_the_record() {
    let server = Server::start(empty);
    let site = Site::new(
        0,
        &format!(
            "input token: secret from env \"TOKEN\"\nstep \"Ask\" {{\n  http POST \"{0}/{{token}}?q={{token}}\" {{\n    basic \"ada\" token\n    json {{ t: token }}\n  }}\n  http PUT \"{0}/x\" {{ body token }}\n  http GET \"http://127.0.0.1:1/{{token}}\" {{ header \"X-T\" \"t {{token}}\" }}\n  rollback none \"x\"\n}}\n",
            server.url()
        ),
    );
    let output = site.command(&["run", "a.runbook"]).env("TOKEN", SECRET).output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
    let requests = server.requests();
    assert_eq!((requests.len(), requests[1].body().as_str()), (2, SECRET));
    assert_eq!(
        serde_json::from_str::<serde_json::Value>(&requests[0].body()).unwrap(),
        serde_json::json!({ "t": SECRET })
    );
    nobody_sees(&site, &output, SECRET);
}

#[test]
fn one_that_a_program_gives_is_not_kept() {
    let site = Site::new(
        0,
        "step \"Fetch\" {\n  let token: secret = run printf %s 'captured-22' \n  run sh -c \"test $T = captured-22 && echo it is $T && echo ok > ok\" {\n    env T = token\n  }\n  log \"it is {token}\"\n  rollback none \"x\"\n}\n",
    );
    site.write("make", "captured-22");
    site.write(
        "a.runbook",
        &String::from_utf8(site.read("a.runbook"))
            .unwrap()
            .replace("run printf %s 'captured-22' ", "run cat make")
            .replace("$T = captured-22", "$T = $(cat make)"),
    );
    let output = site.bowline(&["run", "a.runbook"]);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(site.read("ok"), b"ok\n");
    nobody_sees(&site, &output, "captured-22");
}

#[test]
fn a_file_that_cannot_be_read_shows_none_of_its_lines() {
    let site = Site::new(
        0,
        "input token: secret\ninput count: int = 1\nask code: secret \"Code\"\nlog \"{token} {code} {count}\"\n",
    );
    let broken = [
        "token = hunter22secret\n",
        "token = \"hunter22secret\n",
        "token = \"hunter22secret\" x\n",
        "token = \"hunter22secret\\q\"\n",
        "token = ['hunter22secret'\n",
        "token = \"hunter22secret\"\ntoken = \"hunter22secret\"\n",
        "tokn = \"hunter22secret\"\n",
        "hunter22secret\n",
    ];
    for text in broken {
        for (option, name) in [("--inputs", "i.toml"), ("--inputs", "i.json"), ("--answers", "i.toml")] {
            site.write(name, text);
            let token = ["-i", "token=another-secret"];
            let output = site.bowline(&[&["run", "a.runbook", option, name], &token[..]].concat());
            let said = String::from_utf8_lossy(&output.stderr);
            assert!(said.contains(name), "{option} {text}: {said}");
            assert!(!said.contains("hunter22"), "{option} {text}: {said}");
        }
    }
    for json in [
        "\"hunter22secret\"",
        "{\"token\": \"hunter22secret\" \"x\"}",
        "[\"hunter22secret\"]",
        "{\"token\": hunter22secret}",
    ] {
        site.write("i.json", json);
        let output = site.bowline(&["run", "a.runbook", "--inputs", "i.json"]);
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.code() == Some(2) && !said.contains("hunter22"), "{json}: {said}");
    }
}

#[test]
fn one_that_does_not_fit_is_refused_unseen() {
    let site = Site::new(0, "input token: secret where (token == \"x\")\nlog \"{token}\"\n");
    for given in ["token=hunter22secret", "token=abc"] {
        let output = site.bowline(&["run", "a.runbook", "-i", given]);
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.code() == Some(2) && said.contains("token"), "{said}");
        assert!(!said.contains("hunter22") && !said.contains("abc "), "{said}");
    }
    site.write("i.toml", "token = 123\n");
    let output = site.bowline(&["run", "a.runbook", "--inputs", "i.toml"]);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("at least 4 bytes"), "whatever it is written as: {said}");
}

#[test]
fn plan_and_check_show_none() {
    let site = Site::new(
        0,
        "input token: secret\nstep \"Use {token}\" {\n  run sh -c \"echo $T\" {\n    env T = token\n  }\n  http GET \"https://example.org/{token}\" { bearer token }\n  rollback none \"x\"\n}\n",
    );
    for args in [&["plan"][..], &["plan", "--format", "json"]] {
        let output = site.bowline(&[args, &["a.runbook", "-i", "token=hunter22secret"]].concat());
        assert_eq!(output.status.code(), Some(0), "{output:?}");
        is_clean("plan", &[output.stdout, output.stderr].concat(), "hunter22secret");
    }
}

#[test]
fn several_in_a_list_are_each_masked() {
    let site = Site::new(
        0,
        "input tokens: list of secret\nstep \"Use\" {\n  run sh say.sh {...tokens}\n  rollback none \"x\"\n}\n",
    );
    site.write("say.sh", "echo $1 and $2; test $1 = hunter22secret");
    site.write("i.toml", "tokens = [\"hunter22secret\", \"other22secret\"]\n");
    let output = site.bowline(&["run", "a.runbook", "--inputs", "i.toml"]);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    nobody_sees(&site, &output, "hunter22secret");
    nobody_sees(&site, &output, "other22secret");
}
