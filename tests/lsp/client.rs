//! An editor of a few lines: what it sends, what it waits for.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use serde_json::{Value, json};

use crate::scratch;

/// Longer than this nobody waits; the machine may be busy.
const PATIENCE: Duration = Duration::from_secs(30);

/// A server, and a folder with the files that it is about.
pub(crate) struct Client {
    child: Child,
    input: Option<ChildStdin>,
    output: Receiver<Value>,
    next: i64,
    pub(crate) folder: tempfile::TempDir,
}

impl Client {
    /// A server that nobody has spoken to.
    pub(crate) fn silent() -> Self {
        let folder = scratch::folder();
        let mut command = Command::new(env!("CARGO_BIN_EXE_bowline"));
        command.env("XDG_CACHE_HOME", folder.path().join(".cache"));
        command.arg("lsp").current_dir(folder.path()).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.stderr(Stdio::inherit()).spawn().unwrap();
        let (input, output) = (child.stdin.take(), child.stdout.take().unwrap());
        Self { child, input, output: listen(BufReader::new(output)), next: 0, folder }
    }

    /// A server that was initialized with its folder.
    pub(crate) fn new() -> Self {
        let mut client = Self::silent();
        let folder = client.address("").trim_end_matches('/').to_owned();
        let folders = json!([{ "uri": folder, "name": "here" }]);
        client.ask("initialize", &json!({ "capabilities": {}, "workspaceFolders": folders })).unwrap();
        client.tell("initialized", &json!({}));
        client
    }

    /// The address of a file in the folder.
    pub(crate) fn address(&self, name: &str) -> String {
        format!("file://{}/{name}", self.folder.path().display())
    }

    /// Writes a file.
    pub(crate) fn write(&self, name: &str, text: &str) {
        std::fs::write(self.folder.path().join(name), text).unwrap();
    }

    /// Opens a text; what is wrong in it.
    pub(crate) fn open(&mut self, name: &str, text: &str) -> Vec<Value> {
        let item = json!({ "uri": self.address(name), "languageId": "bowline", "version": 1, "text": text });
        self.tell("textDocument/didOpen", &json!({ "textDocument": item }));
        self.told_of(name)
    }

    /// Changes a text; what is wrong in it then.
    pub(crate) fn change(&mut self, name: &str, version: i32, changes: &Value) -> Vec<Value> {
        let document = json!({ "uri": self.address(name), "version": version });
        self.tell("textDocument/didChange", &json!({ "textDocument": document, "contentChanges": changes }));
        loop {
            let published = self.wait("textDocument/publishDiagnostics");
            if published["uri"] == *self.address(name) && published["version"] == version {
                return published["diagnostics"].as_array().unwrap().clone();
            }
        }
    }

    /// What the server says next of a text.
    pub(crate) fn told_of(&mut self, name: &str) -> Vec<Value> {
        loop {
            let published = self.wait("textDocument/publishDiagnostics");
            if published["uri"] == *self.address(name) {
                return published["diagnostics"].as_array().unwrap().clone();
            }
        }
    }

    fn wait(&mut self, method: &str) -> Value {
        loop {
            let message = self.message();
            if message["method"] == method {
                return message["params"].clone();
            }
        }
    }

    /// The next message of the server.
    pub(crate) fn message(&mut self) -> Value {
        self.output.recv_timeout(PATIENCE).expect("the server says nothing more")
    }

    /// Asks; the result, or the error.
    pub(crate) fn ask(&mut self, method: &str, params: &Value) -> Result<Value, Value> {
        let id = self.request(method, params);
        self.answer(id)
    }

    /// Asks without waiting.
    pub(crate) fn request(&mut self, method: &str, params: &Value) -> i64 {
        self.next += 1;
        self.send(&json!({ "jsonrpc": "2.0", "id": self.next, "method": method, "params": params }));
        self.next
    }

    /// The answer to what was asked.
    pub(crate) fn answer(&mut self, id: i64) -> Result<Value, Value> {
        loop {
            let message = self.message();
            if message["id"] == id {
                return message.get("result").cloned().ok_or_else(|| message["error"].clone());
            }
        }
    }

    /// Asks about a place: the first `|` of a text that is opened without it.
    pub(crate) fn ask_at(&mut self, method: &str, name: &str, marked: &str) -> Value {
        let (before, after) = marked.split_once('|').expect("a text with its place marked by |");
        self.open(name, &format!("{before}{after}"));
        let params = self.place(name, before);
        self.ask(method, &params).unwrap()
    }

    /// The place behind a text.
    pub(crate) fn place(&self, name: &str, before: &str) -> Value {
        let (line, column) = (before.matches('\n').count(), before.rsplit('\n').next().unwrap());
        let position = json!({ "line": line, "character": column.encode_utf16().count() });
        json!({ "textDocument": { "uri": self.address(name) }, "position": position })
    }

    pub(crate) fn tell(&mut self, method: &str, params: &Value) {
        self.send(&json!({ "jsonrpc": "2.0", "method": method, "params": params }));
    }

    fn send(&mut self, message: &Value) {
        self.write_frame(message.to_string().as_bytes());
    }

    /// Sends a frame, whatever it holds.
    pub(crate) fn write_frame(&mut self, body: &[u8]) {
        let mut frame = format!("Content-Length: {}\r\n\r\n", body.len()).into_bytes();
        frame.extend_from_slice(body);
        self.write_raw(&frame);
    }

    pub(crate) fn write_raw(&mut self, bytes: &[u8]) {
        self.input.as_mut().unwrap().write_all(bytes).unwrap();
    }

    /// Says goodbye as the protocol wants it.
    pub(crate) fn finish(mut self) {
        self.ask("shutdown", &Value::Null).unwrap();
        self.tell("exit", &Value::Null);
        assert_eq!(self.ended().code(), Some(0));
    }

    /// Hangs up.
    pub(crate) fn hang_up(&mut self) {
        self.input = None;
    }

    /// How it ended.
    pub(crate) fn ended(&mut self) -> ExitStatus {
        let began = std::time::Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            assert!(began.elapsed() < PATIENCE, "the server does not end");
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn listen(mut output: BufReader<impl Read + Send + 'static>) -> Receiver<Value> {
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        loop {
            let mut length = 0;
            loop {
                let mut line = String::new();
                if output.read_line(&mut line).unwrap_or(0) == 0 {
                    return;
                }
                if line == "\r\n" {
                    break;
                }
                length = line.trim().strip_prefix("Content-Length: ").unwrap().parse().unwrap();
            }
            let mut body = vec![0; length];
            if output.read_exact(&mut body).is_err()
                || sender.send(serde_json::from_slice(&body).unwrap()).is_err()
            {
                return;
            }
        }
    });
    receiver
}
