//! Out to HTTPS: a server gets a request only where the authority of its certificate is known here.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use crate::folder::Folder;

const SAY: &str = "input server: url\nstep \"Say\" {\n  http POST \"{server}/x\" {\n    json { a: 1 }\n    \
                   expect status == 201\n    expect body == \"hello\"\n  }\n  rollback { run touch undone }\n}\n";

fn file(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/values/tls").join(name)
}

/// The server of `tls/serve.py`, in a folder, for two minutes at most.
struct Server(Child, String);

impl Server {
    fn start(folder: &Folder) -> Self {
        let mut command = Command::new("timeout");
        command.args(["120", "python3"]).arg(file("serve.py")).current_dir(folder.path(""));
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().unwrap();
        let mut port = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut port).unwrap();
        Self(child, format!("server=https://127.0.0.1:{}", port.trim()))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It passes the signal on.
        let _ = Command::new("kill").arg(self.0.id().to_string()).status();
        let _ = self.0.wait();
    }
}

/// Runs it where that authority is known, or none but those of the system; exit code and talk.
fn says(folder: &Folder, server: &Server, authority: Option<PathBuf>) -> (Option<i32>, String) {
    let mut command = folder.command(&["run", "a.runbook", "-i", &server.1]);
    command.env_remove("SSL_CERT_DIR").env_remove("SSL_CERT_FILE");
    let output = command.envs(authority.map(|file| ("SSL_CERT_FILE", file))).output().unwrap();
    (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
}

#[test]
fn a_server_with_a_known_authority_is_asked() {
    let folder = Folder::with("t", SAY);
    let server = Server::start(&folder);
    let (code, said) = says(&folder, &server, Some(file("authority.pem")));
    assert_eq!(code, Some(0), "{said}");
    assert_eq!(std::fs::read_to_string(folder.path("asked")).unwrap(), "{\"a\":1}\n");
}

#[test]
fn a_server_that_anybody_could_be_is_sent_nothing() {
    let folder = Folder::with("t", SAY);
    let server = Server::start(&folder);
    let (code, said) = says(&folder, &server, None);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("nothing was changed: "), "{said}");
    let why =
        "its certificate is of no authority that is known here; name a file with that one by `SSL_CERT_FILE`";
    assert!(said.split_whitespace().collect::<Vec<_>>().join(" ").contains(why), "{said}");
    assert!(!folder.path("asked").exists() && !folder.path("undone").exists(), "{said}");
}
