//! The conversation itself: its order, its errors, its end.

use serde_json::{Value, json};

use crate::client::Client;

const RUNBOOK: &str = "runbook \"t\" 1.0.0\n";

#[test]
fn it_begins_serves_and_ends_as_the_protocol_says() {
    let mut client = Client::silent();
    let early = client.ask("textDocument/hover", &json!({})).unwrap_err();
    assert_eq!(early["code"], -32002, "before `initialize`");
    let said = client.ask("initialize", &json!({ "capabilities": {} })).unwrap();
    assert_eq!(said["serverInfo"]["name"], "bowline");
    assert_eq!(said["capabilities"]["positionEncoding"], "utf-16");
    assert_eq!(client.ask("initialize", &json!({})).unwrap_err()["code"], -32600, "twice");
    assert!(client.open("a.runbook", RUNBOOK).is_empty());
    assert_eq!(client.ask("shutdown", &Value::Null).unwrap(), Value::Null);
    let late = client.ask("textDocument/hover", &json!({})).unwrap_err();
    assert_eq!(late["code"], -32600, "after `shutdown`");
    client.tell("exit", &Value::Null);
    assert_eq!(client.ended().code(), Some(0));
}

#[test]
fn an_end_without_shutdown_is_told_by_the_exit_code() {
    let mut client = Client::new();
    client.tell("exit", &Value::Null);
    assert_eq!(client.ended().code(), Some(1));
    let mut client = Client::new();
    client.hang_up();
    assert_eq!(client.ended().code(), Some(1));
}

#[test]
fn what_cannot_be_answered_is_said_and_the_next_is_answered() {
    let mut client = Client::new();
    let code = |answer: Result<Value, Value>| answer.unwrap_err()["code"].clone();
    assert_eq!(code(client.ask("textDocument/moonPhase", &json!({}))), -32601);
    assert_eq!(code(client.ask("$/unknown", &json!({}))), -32601);
    for params in
        [Value::Null, json!([]), json!({ "textDocument": 3 }), json!({ "textDocument": { "uri": ":" } })]
    {
        assert_eq!(code(client.ask("textDocument/hover", &params)), -32602, "{params}");
    }
    let unopened = client.place("never.runbook", "");
    assert_eq!(code(client.ask("textDocument/hover", &unopened)), -32602);
    for broken in ["{", "[]", "1", "{\"id\":{},\"method\":3}", ""] {
        client.write_frame(broken.as_bytes());
        assert!(client.message()["error"]["code"].is_number(), "{broken}");
    }
    client.write_frame(b"\xff\xfe");
    assert_eq!(client.message()["error"]["code"], -32700);
    client.write_raw(b"Content-Type: x\r\n\r\nNonsense\r\n\r\n");
    for _ in 0..2 {
        assert_eq!(client.message()["error"]["code"], -32700, "a header without a length");
    }
    for told in ["textDocument/didChange", "textDocument/didClose", "textDocument/didOpen", "nothing/known"] {
        client.tell(told, &json!({ "textDocument": { "uri": "x" } }));
    }
    client.write_frame(br#"{"jsonrpc":"2.0","id":"text","method":"textDocument/documentSymbol"}"#);
    assert_eq!(client.message()["id"], "text", "an id comes back as it is");
    client.write_frame(br#"{"jsonrpc":"2.0","id":99999999999,"result":null}"#);
    assert!(client.open("a.runbook", RUNBOOK).is_empty());
    client.finish();
}

#[test]
fn a_frame_that_is_wrong_is_answered_and_the_next_is_read() {
    let mut client = Client::new();
    let asked = json!({ "id": 7, "method": "nothing/known", "params": {} }).to_string();
    let frame = |length: usize| format!("Content-Length: {length}\r\n\r\n{asked}");
    let cases = [
        frame(5),
        frame(asked.len()).replace("Content-Length: ", "Content-Length: +-"),
        frame(asked.len()).replace("Content-Length", "Content-Langth"),
        frame(asked.len()).replace("\r\n\r\n", "\r\nContent-Type: x; charset=latin1\r\n\r\n"),
        "Content-Length: 2\r\n\r\n{]".to_owned(),
        "Content-Length: 0\r\n\r\n".to_owned(),
    ];
    for wrong in cases {
        client.write_raw(wrong.as_bytes());
        let next = client.request("nothing/known", &json!({}));
        let said = client.message();
        assert_eq!(
            (said["id"].clone(), said["error"]["code"].clone()),
            (Value::Null, json!(-32700)),
            "{wrong}"
        );
        assert_eq!(said["jsonrpc"], "2.0");
        assert_eq!(client.answer(next).unwrap_err()["code"], -32601, "after {wrong}");
    }
    client.write_frame(br#"[{"jsonrpc":"2.0","id":1,"method":"shutdown"}]"#);
    assert_eq!(client.message()["error"]["code"], -32600, "the protocol has no batches");
    client.finish();
}

#[test]
fn a_frame_that_is_cut_short_ends_the_conversation_and_is_said() {
    let mut client = Client::new();
    client.write_raw(b"Content-Length: 1000\r\n\r\n{\"jsonrpc\":");
    client.hang_up();
    assert_eq!(client.message()["error"]["code"], -32700);
    assert_eq!(client.ended().code(), Some(1));
}

#[test]
fn what_is_cancelled_before_its_turn_is_not_done() {
    let mut client = Client::new();
    client.open("a.runbook", RUNBOOK);
    let mut frames = vec![];
    let params = client.place("a.runbook", "");
    let messages = [
        json!({ "id": 1001, "method": "textDocument/documentSymbol", "params": params }),
        json!({ "method": "$/cancelRequest", "params": { "id": 1002 } }),
        json!({ "id": 1002, "method": "textDocument/documentSymbol", "params": params }),
        json!({ "id": 1003, "method": "textDocument/documentSymbol", "params": params }),
        json!({ "method": "$/cancelRequest", "params": { "id": 1001 } }),
        json!({ "method": "$/cancelRequest", "params": {} }),
    ];
    for message in &messages {
        let body = message.to_string();
        frames.extend_from_slice(format!("Content-Length: {}\r\n\r\n{body}", body.len()).as_bytes());
    }
    client.write_raw(&frames);
    // The first may be done before the word that cancels it is read; the others are certain.
    let first = client.message();
    assert_eq!(first["id"], 1001);
    assert_eq!(client.message()["error"]["code"], -32800);
    assert!(client.message()["result"].is_array());
    client.finish();
}

#[test]
fn diagnostics_follow_the_text() {
    let mut client = Client::new();
    let wrong =
        client.open("a.runbook", &format!("{RUNBOOK}step \"s\" irreversible {{\n  run true {{nme}}\n}}\n"));
    assert_eq!(wrong[0]["code"], "E0201");
    assert_eq!(wrong[0]["severity"], 1);
    assert_eq!(
        wrong[0]["range"],
        json!({ "start": { "line": 2, "character": 12 }, "end": { "line": 2, "character": 15 } })
    );
    let range = json!({ "start": { "line": 2, "character": 10 }, "end": { "line": 2, "character": 16 } });
    let right = client.change("a.runbook", 2, &json!([{ "range": range, "text": "now" }]));
    assert!(right.is_empty(), "{right:?}");
    let whole = client.change("a.runbook", 3, &json!([{ "text": "runbook" }]));
    assert!(!whole.is_empty());
    let address = client.address("a.runbook");
    client.tell("textDocument/didClose", &json!({ "textDocument": { "uri": address } }));
    assert!(client.told_of("a.runbook").is_empty(), "a closed text has no reports");
    client.finish();
}

#[test]
fn a_change_of_a_module_is_told_where_it_is_used() {
    let mut client = Client::new();
    let module = |name: &str| {
        format!("module m 1.0.0\ncheck {name}(): int {{\n  let n: int = run cat n\n  return n\n}}\n")
    };
    let text = format!("{RUNBOOK}use \"./m\"\ncheck \"c\" {{ expect m.count() == 1 }}\n");
    client.write("m.runbook", &module("count"));
    assert!(client.open("a.runbook", &text).is_empty());
    assert!(client.open("m.runbook", &module("count")).is_empty());
    let renamed = json!([{ "text": module("number") }]);
    let address = client.address("m.runbook");
    let document = json!({ "uri": address, "version": 2 });
    client.tell("textDocument/didChange", &json!({ "textDocument": document, "contentChanges": renamed }));
    assert_eq!(client.told_of("a.runbook")[0]["code"], "E0201", "as it stands in the editor");
    client.tell("textDocument/didClose", &json!({ "textDocument": { "uri": address } }));
    loop {
        if client.told_of("a.runbook").is_empty() {
            break;
        }
    }
    client.finish();
}

#[test]
fn bowline_toml_is_heeded() {
    let mut client = Client::new();
    let text = format!("{RUNBOOK}input unused: text\n");
    assert_eq!(client.open("a.runbook", &text)[0]["severity"], 2);
    client.write("bowline.toml", "[lints]\nW0201 = \"deny\"\n");
    client.tell("workspace/didChangeWatchedFiles", &json!({ "changes": [] }));
    assert_eq!(client.told_of("a.runbook")[0]["severity"], 1);
    client.finish();
}
