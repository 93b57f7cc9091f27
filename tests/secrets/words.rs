//! Words of people, messages and errors.

use std::io::{Read, Write};
use std::net::TcpListener;

use crate::site::Site;

const TOKEN: &str = "T0kenS3cret\"x'-Zq8vKw2m";

fn site(body: &str) -> Site {
    let site = Site::new(&format!("input token: secret from env \"MYTOK\"\n{body}"));
    site.set("MYTOK", TOKEN);
    site
}

fn clean(site: &Site) {
    assert_eq!(site.leaks(&[TOKEN]), Vec::<String>::new());
}

/// A text of TOML.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

#[test]
fn what_people_write_is_masked() {
    let site = site(
        "confirm \"Ready\"\njudge \"Same\" showing \"x\"\nlet _go = choose \"Which way\" {\n  answer \"Stay\" { log \"stays\" }\n  answer \"Go\" { log \"goes\" }\n}\nstep \"A\" {\n  ask notes: text \"Notes\"\n  log \"{notes}\"\n  run false\n  rollback none \"x\"\n}\napproval \"Ok\" need 1 from \"ops\"\nmanual \"M\" rollback none \"x\" {\n  \"\"\"\n  Do it\n  \"\"\"\n}\n"
            .replace("let _go = ", "")
            .replace(" rollback none \"x\" {\n  \"\"\"\n  Do it\n  \"\"\"", " {\n  \"\"\"\n  Do it\n  \"\"\"\n  rollback none \"x\"")
            .as_str(),
    );
    let note = quoted(&format!("note {TOKEN} note"));
    site.write("bowline.toml", "approvals = \"unsigned\"\n[groups]\nops = [\"ana\"]\n");
    site.write(
        "answers.toml",
        &format!(
            "[Ready]\nanswer = true\nnote = {note}\nby = {note}\n[Same]\nanswer = \"pass\"\nnote = {note}\n[\"Which way\"]\nanswer = \"Stay\"\nnote = {note}\n[A.notes]\nanswer = {note}\n[A]\non_failure = [\"retry\", \"go on\"]\nnote = {note}\n[Ok]\nreject = {note}\n[M]\nanswer = \"done\"\n[{note}.x]\nanswer = true\n"
        ),
    );
    let (code, said) = site.run(&["--answers", "answers.toml"]);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("answer not used"), "{said}");
    assert!(site.events().contains("note *** note"), "{}", site.events());
    clean(&site);
}

#[test]
fn answers_that_do_not_fit_are_told_masked() {
    let site = site("confirm \"Ready\"\n");
    site.write(
        "answers.toml",
        &format!("[Ready]\nanswer = true\nby = \"x\"\n[[Ready]]\n{} = 1\n", quoted(TOKEN)),
    );
    assert_eq!(site.run(&["--answers", "answers.toml"]).0, Some(2));
    let site = self::site("approval \"Ok\" need 1 from \"ops\"\n");
    site.write("bowline.toml", "approvals = \"unsigned\"\n[groups]\nops = [\"ana\"]\n");
    site.write("answers.toml", &format!("[Ok]\napprove = [{}]\n", quoted(TOKEN)));
    let (code, said) = site.run(&["--answers", "answers.toml"]);
    assert_eq!((code, said.contains("*** is not in ops")), (Some(5), true), "{said}");
    clean(&site);
}

#[test]
fn messages_titles_and_errors_hold_no_secret() {
    let site = site(
        "let secret_text = \"got {token}\"\nlog \"{secret_text}\"\nnotify \"ops\" \"about {token}\"\nevidence { t: secret_text, u: [token] }\nfor x in [token, \"b\"] {\n  step \"Title {x}\" {\n    run ./fails {\n      env T = x\n      expect exit in [0, 3]\n      expect stdout contains \"ok\" \"printed {stdout}\"\n    }\n    hint /T0ken/ \"look at it\"\n    rollback none \"x\"\n  }\n}\nbefore rollback { evidence secret_text }\nafter run { log \"end {token}\" }\n",
    );
    site.program("fails", "#!/bin/sh\necho \"not well: $T\"\necho \"$T\" | base64 >&2\nprintf '%s' \"$T\" | od -c | head -0\nexit 3\n");
    let (code, said) = site.run(&[]);
    assert_eq!(code, Some(1), "{said}");
    clean(&site);
    let (code, said) = {
        let site = self::site("input n: int\nlog \"{n} {token}\"\n");
        let ran = site.run(&["-i", &format!("n={TOKEN}")]);
        (ran.0, ran.1.contains("is not"))
    };
    assert_eq!(code, Some(2), "{said}");
}

/// Answers each connection with what it was asked, or sends it elsewhere.
fn server() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for stream in listener.incoming().take(8) {
            let mut stream = stream.unwrap();
            stream.set_read_timeout(Some(std::time::Duration::from_millis(300))).unwrap();
            let mut asked = vec![];
            let mut piece = [0; 4096];
            while let Ok(count @ 1..) = stream.read(&mut piece) {
                asked.extend_from_slice(&piece[..count]);
            }
            let asked = String::from_utf8_lossy(&asked).into_owned();
            let body = serde_json::json!({ "asked": asked, "n": 1 }).to_string();
            let target = asked.split(' ').nth(1).unwrap_or("/").to_owned();
            let answer = if target.starts_with("/moved") {
                format!(
                    "HTTP/1.1 302 Found\r\nLocation: /to?{}\r\nContent-Length: 0\r\n\r\n",
                    target.replace('?', "&")
                )
            } else if target.starts_with("/drop") {
                String::new()
            } else if target.starts_with("/away") {
                "HTTP/1.1 302 Found\r\nLocation: http://nowhere.invalid/\r\nContent-Length: 0\r\n\r\n"
                    .to_owned()
            } else {
                let status = if target.starts_with("/bad") { "400 Bad" } else { "200 OK" };
                format!(
                    "HTTP/1.1 {status}\r\nX-Echo: {}\r\nContent-Length: {}\r\n\r\n{body}",
                    target,
                    body.len()
                )
            };
            let _ = stream.write_all(answer.as_bytes());
        }
    });
    port
}

#[test]
fn nothing_of_http_holds_a_secret() {
    let site = site(
        "input api: url\nstep \"A\" {\n  http POST \"{api}/moved\" {\n    bearer token\n    query \"t\" token\n    json { k: token, \"l\": [token] }\n    let all: json = body\n    let head = headers\n  }\n  log \"{all} {head} {all.n}\"\n  look http GET \"{api}/drop\" {\n    query \"t\" token\n  }\n  rollback none \"x\"\n}\n",
    );
    let api = format!("api=http://127.0.0.1:{}", server());
    let (code, said) = site.run(&["-i", &api]);
    assert!(code.is_some_and(|code| code != 3 && code != 2), "{said}");
    assert!(site.events().contains("$secret"), "{}", site.events());
    let told = format!("POST {}/moved?t=***", api.trim_start_matches("api="));
    assert!(site.events().contains(&told), "{told}: {}", site.events());
    clean(&site);
    for path in ["bad", "away", "drop"] {
        let site = self::site(&format!(
            "input api: url\nstep \"A\" {{\n  http POST \"{{api}}/{path}/{{token}}\" {{\n    basic \"me\" token\n    form {{ a: token }}\n    expect status == 200 \"said {{body}}\"\n  }}\n  rollback none \"x\"\n}}\n"
        ));
        let (code, said) = site.run(&["-i", &api]);
        assert!(code.is_some_and(|code| code != 3 && code != 2), "{path}: {said}");
        let told = format!("POST {}/{path}/***", api.trim_start_matches("api="));
        assert!(said.contains(&told), "whom it was sent to is told: {said}");
        clean(&site);
    }
}

#[test]
fn a_plan_shows_no_secret() {
    let site = site(
        "input note: text\nlet x = \"{note} {token}\"\nlog \"{x}\"\nstep \"A {note}\" {\n  run echo {x} {token}\n  rollback none \"x\"\n}\n",
    );
    let note = format!("note=as {TOKEN} says");
    for format in ["text", "json"] {
        let output = site.bowline(&[
            "plan",
            "a.runbook",
            "--format",
            format,
            "-i",
            &format!("token={TOKEN}"),
            "-i",
            &note,
        ]);
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    }
    let (code, said) = site.run(&["-i", &note]);
    assert_eq!(code, Some(0), "{said}");
    clean(&site);
}
