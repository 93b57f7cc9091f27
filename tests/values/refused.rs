//! What cannot arrive as itself is refused, and nothing is started: a NUL, a line end in a header, a dot for a path.

use crate::server::Server;
use crate::site::{Site, empty};

/// Runs one step with that value; it must fail without having done anything. What it said.
fn refused(effect: &str, value: &str) -> String {
    let site = Site::new(1, &format!("step \"S\" {{\n  {effect}\n  rollback none \"x\"\n}}\n"));
    site.write("inputs.json", &serde_json::json!({ "v0": value }).to_string());
    let output = site.bowline(&["run", "a.runbook", "--inputs", "inputs.json"]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{effect} {value:?}: {said}");
    assert!(said.contains("nothing was changed"), "{effect} {value:?}: {said}");
    assert!(!site.path("touched").exists(), "{effect}");
    said
}

#[test]
fn a_nul_reaches_no_program() {
    for effect in [
        "run touch touched {v0}",
        "run touch touched {\n    env V = v0\n  }",
        "```sh (v0)\n  touch touched\n  ```",
        "run touch touched {\n    dir v0\n  }",
    ] {
        let said = refused(effect, "a\0b");
        assert!(said.contains("NUL"), "{effect}: {said}");
    }
}

#[test]
fn a_header_takes_one_line() {
    let server = Server::start(empty);
    for value in ["a\nX-Other: b", "a\r\n\r\nGET / HTTP/1.1", "a\0b"] {
        refused(&format!("http GET \"{}/x\" {{ header \"X-V\" v0 }}", server.url()), value);
        refused(&format!("http GET \"{}/x\" {{ bearer v0 }}", server.url()), value);
    }
    assert_eq!(server.requests().len(), 0);
}

/// They would be taken for the folder above, even encoded.
#[test]
fn a_path_takes_no_dots_for_a_value() {
    let server = Server::start(empty);
    for (path, value) in [("a/{v0}/b", ".."), ("a/{v0}", "."), ("a/.{v0}/b", "."), ("a/{v0}?q=1", "..")] {
        let said = refused(&format!("http GET \"{}/{path}\"", server.url()), value);
        assert!(said.contains("`.`") || said.contains("`..`"), "{said}");
    }
    assert_eq!(server.requests().len(), 0);
}
