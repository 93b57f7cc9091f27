//! What is no text is no value, of no type; the kept output has its bytes as they are.

use crate::server::{Server, response};
use crate::site::Site;

/// `p` prints these bytes in octal; the runbook runs it in a step with this statement.
fn site(bytes: &str, statement: &str) -> Site {
    let site = Site::new(
        0,
        &format!("step \"S\" {{\n  {statement}\n  run touch after\n  rollback none \"x\"\n}}\n"),
    );
    site.write("p", &format!("printf '{bytes}'\n"));
    site
}

fn said(site: &Site, code: i32) -> String {
    let output = site.bowline(&["run", "a.runbook"]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(code), "{said}");
    assert_eq!(site.path("after").exists(), code == 0, "{said}");
    said
}

#[test]
fn bound_by_every_type_it_fails_its_step() {
    let types = ["text", "lines", "json", "int", "list of text", "path", "secret", "one of [\"a\"]"];
    for ty in types.map(|ty| format!(": {ty}")).into_iter().chain([String::new()]) {
        let site = site(r"[1,2,3\303(]", &format!("let x{ty} = run sh p"));
        let told = said(&site, 1);
        let why = "its standard output is not UTF-8 text: byte 6 begins no character; have it written to a file and take that with `artifact`";
        assert!(told.contains(why), "{ty}: {told}");
    }
}

#[test]
fn a_piece_of_a_character_at_the_end_is_none() {
    let told = said(&site(r"ab\303", "let x = run sh p"), 1);
    assert!(told.contains("byte 2 begins no character"), "{told}");
}

#[test]
fn an_expectation_of_it_fails_too_and_the_exit_code_is_told_first() {
    let told = said(&site(r"\377", "run sh p {\n    expect stdout contains \"a\"\n  }"), 1);
    assert!(told.contains("its standard output is not UTF-8 text"), "{told}");
    let told = said(&site(r"\377", "let x = run sh -c \"sh p; exit 7\""), 1);
    assert!(told.contains("exit code 7") && !told.contains("UTF-8"), "{told}");
}

#[test]
fn the_log_keeps_the_bytes() {
    let site = site(r"a\377\300b\n", "let x = run sh p");
    said(&site, 1);
    let kept = site.bowline(&["logs"]).stdout;
    assert!(kept.ends_with(b"a\xff\xc0b\n"), "{}", kept.escape_ascii());
}

#[test]
fn a_file_takes_them() {
    let site = site(
        r"a\377b",
        "run sh -c \"sh p > out.bin\"\n  let out = artifact \"out.bin\"\n  run cp {out} copy.bin",
    );
    said(&site, 0);
    assert_eq!(site.read("copy.bin"), b"a\xffb");
}

#[test]
fn a_compressed_body_is_told_as_that_and_nobody_asked_for_it() {
    let packed = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff";
    let server = Server::start(move |_, _| response(200, "Content-Encoding: gzip\r\n", packed));
    let body = |header: &str| {
        format!("http GET \"{}\" {{\n    {header}\n    expect body contains \"a\"\n  }}", server.url())
    };
    for (header, asked) in [("timeout 30s", "identity"), ("header \"Accept-Encoding\" \"gzip\"", "gzip")] {
        let told = said(&site("", &body(header)), 1);
        let told: Vec<&str> = told.split_whitespace().collect();
        let why = "the body of the response is compressed (Content-Encoding: gzip) and bowline unpacks none";
        assert!(told.join(" ").contains(why), "{told:?}");
        assert_eq!(server.requests().pop().unwrap().header("accept-encoding").as_deref(), Some(asked));
    }
}

#[test]
fn the_body_of_a_response_is_no_value_either_where_it_is_read() {
    let server = Server::start(|_, _| response(200, "", b"a\xffb"));
    for (clause, code) in
        [("let x = body", 1), ("expect body contains \"a\"", 1), ("expect status == 200", 0)]
    {
        let site = site("", &format!("http POST \"{}/\" {{ {clause} }}", server.url()));
        let told = said(&site, code);
        let why = "the body of the response is not UTF-8 text: byte 1 begins no character";
        assert_eq!(told.contains(why), code == 1, "{clause}: {told}");
    }
}
