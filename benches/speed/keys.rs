//! What a keystroke costs in an editor: a large text is open in `bowline lsp`, and one letter of it changes.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdin, ChildStdout, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::book::{self, Kind};
use crate::table::{print, row, verdict};
use crate::{Setting, bowline};

/// Lines of a made step.
const STEP: u32 = 4;
const ADDRESS: &str = "file:///bench/a.runbook";

pub(crate) fn measure(setting: &Setting) {
    let (lines, rounds) = if setting.quick { (400, 3) } else { (10_000, 101) };
    let file = setting.folder.join("a.runbook");
    book::write(&file, lines / STEP, Kind::Undone, "");
    let text = std::fs::read_to_string(&file).unwrap();
    let mut editor = Editor::start(setting);
    let opened = editor.open(&text);
    let mut rows = vec![row([
        &format!("{lines} lines, {rounds} keystrokes"),
        "reports, ms",
        "answer, ms",
        "most",
        "plan, ms",
    ])];
    let mut worst = 0.0_f64;
    for (name, line) in
        [("in the first step", 1), ("in the middle", lines / 2 - 3), ("in the last step", lines - 3)]
    {
        let taken = editor.keys(line, rounds);
        worst = worst.max(taken.answer);
        rows.push(row([name, &ms(taken.reports), &ms(taken.answer), &ms(taken.most), &ms(taken.plan)]));
    }
    rows.push(row(["opened", &ms(opened), "", "", ""]));
    print("Keystrokes in an editor, the time to what they change", &rows);
    verdict("a keystroke, median at the worst place", worst * 1000.0, 16.0, "ms");
    editor.end();
}

fn ms(seconds: f64) -> String {
    format!("{:.2}", seconds * 1000.0)
}

/// Seconds, medians.
struct Taken {
    /// Until the reports come, with those about the plan as they were.
    reports: f64,
    /// Until what is asked of the new text is answered as well.
    answer: f64,
    /// The most that took.
    most: f64,
    /// Until a question is answered for which the plan has to be looked at.
    plan: f64,
}

/// An editor with one text.
struct Editor {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    version: i32,
}

impl Editor {
    fn start(setting: &Setting) -> Self {
        let mut command = bowline(&setting.folder.join("journal"), &["lsp"]);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let (input, output) = (child.stdin.take().unwrap(), BufReader::new(child.stdout.take().unwrap()));
        let mut editor = Self { child, input, output, version: 1 };
        editor.ask("initialize", &json!({ "capabilities": {} }));
        editor
    }

    fn open(&mut self, text: &str) -> f64 {
        let began = Instant::now();
        let item = json!({ "uri": ADDRESS, "languageId": "bowline", "version": 1, "text": text });
        self.send(&json!({ "method": "textDocument/didOpen", "params": { "textDocument": item } }));
        let reports = self.reports();
        assert!(reports.as_array().unwrap().is_empty(), "{reports}");
        began.elapsed().as_secs_f64()
    }

    /// Types letters into the title on a line, and takes them back.
    fn keys(&mut self, line: u32, rounds: usize) -> Taken {
        let mut taken: Vec<[f64; 3]> = (0..rounds).map(|round| self.key(line, round % 2 == 0)).collect();
        let most = taken.iter().map(|[_, answer, _]| *answer).fold(0.0, f64::max);
        let mut middle = |of: fn(&[f64; 3]) -> f64| {
            taken.sort_by(|a, b| of(a).total_cmp(&of(b)));
            of(taken.get(rounds / 2).unwrap())
        };
        Taken {
            reports: middle(|one| one[0]),
            answer: middle(|one| one[1]),
            most,
            plan: middle(|one| one[2]),
        }
    }

    /// One keystroke; seconds until the reports, until an answer, and until the plan has been looked at.
    fn key(&mut self, line: u32, typed: bool) -> [f64; 3] {
        self.version += 1;
        // Nobody types faster; what is no longer needed is freed meanwhile.
        std::thread::sleep(Duration::from_millis(30));
        let end = if typed { 6 } else { 7 };
        let place = |character| json!({ "line": line, "character": character });
        let change = json!({ "range": { "start": place(6), "end": place(end) }, "text": if typed { "x" } else { "" } });
        let document = json!({ "uri": ADDRESS, "version": self.version });
        let began = Instant::now();
        let params = json!({ "textDocument": document, "contentChanges": [change] });
        let asked = json!({ "textDocument": document, "position": place(0) });
        self.send(&json!({ "method": "textDocument/didChange", "params": params }));
        self.send(&json!({ "id": "answer", "method": "textDocument/hover", "params": asked }));
        let reports = self.reports();
        let first = began.elapsed().as_secs_f64();
        assert!(reports.as_array().unwrap().is_empty(), "{reports}");
        self.answered("answer");
        let answer = began.elapsed().as_secs_f64();
        // What can be mended is answered once all is known.
        let range = json!({ "start": place(0), "end": place(0) });
        let context = json!({ "diagnostics": [] });
        self.ask(
            "textDocument/codeAction",
            &json!({ "textDocument": document, "range": range, "context": context }),
        );
        [first, answer, began.elapsed().as_secs_f64()]
    }

    fn reports(&mut self) -> Value {
        loop {
            let message = self.receive();
            if message.get("method").is_some_and(|method| method == "textDocument/publishDiagnostics") {
                return message.pointer("/params/diagnostics").unwrap().clone();
            }
        }
    }

    fn ask(&mut self, method: &str, params: &Value) {
        self.send(&json!({ "id": method, "method": method, "params": params }));
        self.answered(method);
    }

    fn answered(&mut self, id: &str) {
        while self.receive().get("id").is_none_or(|one| one != id) {}
    }

    fn send(&mut self, message: &Value) {
        let body = message.to_string();
        write!(self.input, "Content-Length: {}\r\n\r\n{body}", body.len()).unwrap();
        self.input.flush().unwrap();
    }

    fn receive(&mut self) -> Value {
        let mut length = 0;
        loop {
            let mut line = String::new();
            self.output.read_line(&mut line).unwrap();
            match line.trim().strip_prefix("Content-Length: ") {
                Some(said) => length = said.parse().unwrap(),
                None => break,
            }
        }
        let mut body = vec![0; length];
        self.output.read_exact(&mut body).unwrap();
        serde_json::from_slice(&body).unwrap()
    }

    fn end(mut self) {
        self.ask("shutdown", &Value::Null);
        self.send(&json!({ "method": "exit" }));
        assert!(self.child.wait().unwrap().success());
    }
}
