//! From a name to its definition, its other places, and another name; across files.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::client::Client;

const MODULE: &str = "module tools 1.0.0\n\n# How long it is.\ncheck depth(queue: text): int {\n  let n: int = run wc {queue}\n  return n\n}\nlet limit = 3\n";
const RUNBOOK: &str = "runbook \"😀\" 1.0.0\nuse \"./tools\"\ninput queue: text \"q\"\ncheck \"😀 {queue}\" {\n  expect tools.depth(queue: queue) < tools.limit\n}\n";
const OTHER: &str = "runbook \"o\" 1.0.0\nuse \"./tools\"\ncheck \"c\" { expect tools.depth(\"x\") == 0 }\n";

fn client() -> Client {
    let mut client = Client::new();
    client.write("tools.runbook", MODULE);
    client.write("other.runbook", OTHER);
    client.write("unrelated.runbook", "runbook \"u\" 1.0.0\nlet depth = 3\nlog \"{depth}\"\n");
    assert!(client.open("a.runbook", RUNBOOK).is_empty());
    client
}

/// `file:line:column` of each place.
fn places(client: &Client, locations: &Value) -> Vec<String> {
    let folder = client.address("");
    let place = |one: &Value| {
        let (file, start) =
            (one["uri"].as_str().unwrap().strip_prefix(&folder).unwrap(), &one["range"]["start"]);
        format!("{file}:{}:{}", start["line"], start["character"])
    };
    locations.as_array().unwrap().iter().map(place).collect()
}

fn at(client: &Client, before: &str) -> Value {
    assert!(RUNBOOK.starts_with(before));
    client.place("a.runbook", before)
}

fn up_to(end: &str) -> &'static str {
    &RUNBOOK[..RUNBOOK.find(end).unwrap() + end.len()]
}

#[test]
fn a_name_leads_to_where_it_is_bound() {
    let mut client = client();
    let mut go = |end: &str| {
        let place = at(&client, up_to(end));
        let found = client.ask("textDocument/definition", &place).unwrap();
        places(&client, &found)
    };
    assert_eq!(go("😀 {que"), ["a.runbook:2:6"]);
    assert_eq!(go("tools.dep"), ["tools.runbook:3:6"]);
    assert_eq!(go("depth(que"), ["tools.runbook:3:12"], "the parameter that is given by name");
    assert_eq!(go("tools.lim"), ["tools.runbook:7:4"]);
    assert_eq!(go("expect too"), ["tools.runbook:0:0"]);
    assert_eq!(go("use \"./too"), ["tools.runbook:0:0"]);
    assert_eq!(go("exp"), Vec::<String>::new());
    client.finish();
}

#[test]
fn references_are_found_in_all_files() {
    let mut client = client();
    let mut find = |end: &str, bindings: bool| {
        let mut params = at(&client, up_to(end));
        params["context"] = json!({ "includeDeclaration": bindings });
        let found = client.ask("textDocument/references", &params).unwrap();
        places(&client, &found)
    };
    assert_eq!(find("tools.dep", true), ["a.runbook:4:15", "other.runbook:2:25", "tools.runbook:3:6"]);
    assert_eq!(find("😀 {que", false), ["a.runbook:3:11", "a.runbook:4:28"]);
    client.finish();
}

#[test]
fn a_name_is_changed_wherever_it_stands() {
    let mut client = client();
    let mut params = at(&client, up_to("tools.dep"));
    let prepared = client.ask("textDocument/prepareRename", &params).unwrap();
    assert_eq!(prepared["placeholder"], "depth");
    params["newName"] = json!("length");
    let renamed = client.ask("textDocument/rename", &params).unwrap();
    let changes: BTreeMap<String, Vec<Value>> = serde_json::from_value(renamed["changes"].clone()).unwrap();
    assert_eq!(changes.len(), 3);
    assert!(changes.values().all(|edits| edits.len() == 1 && edits[0]["newText"] == "length"));
    for wrong in ["9x", "if", "a b", ""] {
        params["newName"] = json!(wrong);
        assert_eq!(client.ask("textDocument/rename", &params).unwrap_err()["code"], -32803, "{wrong}");
    }
    client.finish();
}

#[test]
fn a_value_that_is_handed_on_under_its_name_keeps_that() {
    let mut client = Client::new();
    let text = "runbook \"t\" 1.0.0\ninput token: text\nstep \"s\" irreversible {\n  ```sh (token)\n  echo $token\n  ```\n}\n";
    assert!(client.open("a.runbook", text).is_empty());
    let mut params = client.place("a.runbook", "runbook \"t\" 1.0.0\ninput tok");
    params["newName"] = json!("key");
    let renamed = client.ask("textDocument/rename", &params).unwrap();
    let edits = renamed["changes"][client.address("a.runbook")].as_array().unwrap().clone();
    let texts: Vec<_> = edits.iter().map(|edit| edit["newText"].as_str().unwrap()).collect();
    assert_eq!(texts, ["key", "token: key"]);
    client.finish();
}

#[test]
fn what_is_in_bowline_itself_is_not_renamed() {
    let mut client = Client::new();
    let text = "runbook \"t\" 1.0.0\nuse \"std/git\"\ncheck \"c\" { expect git.is_clean([\"git\"]) }\n";
    client.open("a.runbook", text);
    let mut params = client.place("a.runbook", &text[..text.find("git.is").unwrap() + 6]);
    params["newName"] = json!("tidy");
    assert_eq!(client.ask("textDocument/rename", &params).unwrap_err()["code"], -32803);
    client.finish();
}

#[test]
fn what_keeps_its_name_says_why() {
    let text = "runbook \"t\" 1.0.0\nuse \"./tools\"\nuse \"std/git\"\ninput size: int\n# A word.\nstep \"s\" timeout 5m {\n  run echo {count([size])}\n  rollback none \"n\"\n}\ncheck \"c\" {\n  expect git.is_clean([\"git\"])\n  expect tools.limit == 3\n}\n";
    let mut client = Client::new();
    client.write("tools.runbook", MODULE);
    let wrong = client.open("a.runbook", text);
    assert!(wrong.is_empty(), "{wrong:?}");
    let kept = [
        ("\nste", "`step` is a statement of the language"),
        ("s\" timeo", "`timeout` is an option of `step`"),
        ("{cou", "`count` is a function of the language"),
        ("size: in", "`int` is a type of the language"),
        ("# A wo", "no name stands here; what a file names itself can be renamed"),
        ("expect too", "a module is called as its file: rename the file"),
        ("git.is_cl", "is in bowline itself; copy it beside"),
    ];
    for (words, why) in kept {
        let mut params = client.place("a.runbook", &text[..text.find(words).unwrap() + words.len()]);
        for method in ["textDocument/prepareRename", "textDocument/rename"] {
            params["newName"] = json!("other");
            let refused = client.ask(method, &params).unwrap_err();
            assert!(refused["message"].as_str().unwrap().contains(why), "{words}: {refused}");
            assert_eq!(refused["code"], -32803);
        }
    }
    client.finish();
}

#[test]
fn what_is_open_counts_before_the_files_of_a_large_folder_in_which_nothing_is_renamed() {
    let mut client = client();
    let many = client.folder.path().join("aa");
    std::fs::create_dir(&many).unwrap();
    for number in 0..2000 {
        std::fs::write(many.join(format!("{number}.runbook")), "").unwrap();
    }
    client.open("z.runbook", OTHER);
    let mut params = at(&client, up_to("tools.dep"));
    params["context"] = json!({ "includeDeclaration": false });
    let found = client.ask("textDocument/references", &params).unwrap();
    let found = places(&client, &found);
    assert!(found.contains(&"z.runbook:2:25".to_owned()), "{found:?}");
    params["newName"] = json!("length");
    let refused = client.ask("textDocument/rename", &params).unwrap_err();
    let message = refused["message"].as_str().unwrap();
    assert!(
        message.contains("more files than are looked through") && message.contains("smaller folder"),
        "{refused}"
    );
    client.finish();
}

/// What is found is not all: an editor says so, once.
#[test]
fn a_folder_with_more_than_is_looked_through_is_told_once() {
    let mut client = client();
    let many = client.folder.path().join("logs");
    std::fs::create_dir_all(many.join("deep")).unwrap();
    let shown = |client: &mut Client| {
        let id = client.request("workspace/symbol", &json!({ "query": "depth" }));
        let mut said = vec![];
        loop {
            let message = client.message();
            match message.get("method") {
                Some(method) if method == "window/showMessage" => said.push(message["params"].clone()),
                _ if message["id"] == id => return said,
                _ => {}
            }
        }
    };
    assert_eq!(shown(&mut client), Vec::<Value>::new(), "a small folder is looked through whole");
    for number in 0..40_001 {
        std::fs::write(many.join(format!("{number}.log")), "").unwrap();
    }
    let said = shown(&mut client);
    assert_eq!(said.len(), 1, "{said:?}");
    assert_eq!(said[0]["type"], 2);
    assert!(said[0]["message"].as_str().unwrap().contains("Open a smaller folder"), "{said:?}");
    assert_eq!(shown(&mut client), Vec::<Value>::new(), "it is said once");
    client.finish();
}

/// What a program made is no place for runbooks, however much of it there is.
#[test]
fn caches_are_passed_over() {
    let mut client = client();
    for folder in ["target/deep", "node_modules", ".git"] {
        let folder = client.folder.path().join(folder);
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("made.runbook"), "runbook \"made\" 1.0.0\n").unwrap();
    }
    client.write("target/CACHEDIR.TAG", "Signature: 8a477f597d28d172789f06886806bc55");
    client.write("mine.runbook", "runbook \"made by hand\" 1.0.0\nlog \"x\"\n");
    let found = client.ask("workspace/symbol", &json!({ "query": "made" })).unwrap();
    let names: Vec<_> = found.as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["made by hand"]);
    client.finish();
}

#[test]
fn symbols_of_all_files_are_found_by_their_letters() {
    let mut client = client();
    let mut find = |query: &str| {
        let found = client.ask("workspace/symbol", &json!({ "query": query })).unwrap();
        let names = found.as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap().to_owned());
        names.collect::<Vec<_>>()
    };
    assert_eq!(find("dpt"), ["depth"]);
    assert!(find("").len() > 5);
    assert_eq!(find("zzz"), Vec::<String>::new());
    client.finish();
}

/// A runbook that uses the standard library.
const WITH_STD: &str = "runbook \"s\" 1.0.0\nuse \"std/redis\"\ncheck \"c\" { expect redis.length([\"redis-cli\"], \"k\") == 0 }\n";

#[test]
fn a_name_of_the_standard_library_leads_to_a_copy_that_can_be_read_and_not_written() {
    let mut client = Client::new();
    let wrong = client.open("a.runbook", WITH_STD);
    assert!(wrong.is_empty(), "{wrong:?}");
    let behind = |words: &str| &WITH_STD[..WITH_STD.find(words).unwrap() + words.len()];
    for (words, hover) in
        [("use \"std/re", "Module `std/redis`"), ("expect redis.len", "check redis.length(")]
    {
        let place = client.place("a.runbook", behind(words));
        let said = client.ask("textDocument/hover", &place).unwrap();
        assert!(said["contents"]["value"].as_str().unwrap().contains(hover), "{said}");
        let found = client.ask("textDocument/definition", &place).unwrap();
        let address = found[0]["uri"].as_str().unwrap_or_else(|| panic!("{words}: {found}")).to_owned();
        assert!(address.ends_with("/std/redis.runbook"), "{address}");
        let path = std::path::PathBuf::from(address.strip_prefix("file://").unwrap());
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.contains("module redis "), "{text}");
        assert!(std::fs::metadata(&path).unwrap().permissions().readonly());
        let line = found[0]["range"]["start"]["line"].as_u64().unwrap();
        let wanted = usize::from(!words.starts_with("use"));
        assert_eq!(
            text.lines().nth(usize::try_from(line).unwrap()).unwrap().matches("check length(").count(),
            wanted
        );
    }
    let all = client.ask("textDocument/references", &{
        let mut asked = client.place("a.runbook", behind("expect redis.len"));
        asked["context"] = json!({ "includeDeclaration": true });
        asked
    });
    assert_eq!(all.unwrap().as_array().unwrap().len(), 2, "here, and where it is defined");
    client.finish();
}

#[test]
fn a_copy_of_the_standard_library_opens_without_a_report_and_its_names_are_not_changed() {
    let mut client = Client::new();
    client.open("a.runbook", WITH_STD);
    let place = client.place("a.runbook", &WITH_STD[..WITH_STD.find("length").unwrap()]);
    let found = client.ask("textDocument/definition", &place).unwrap();
    let path = found[0]["uri"].as_str().unwrap().strip_prefix("file://").unwrap().to_owned();
    let name = path.strip_prefix(&format!("{}/", client.folder.path().display())).unwrap().to_owned();
    let text = std::fs::read_to_string(&path).unwrap();
    let wrong = client.open(&name, &text);
    assert!(wrong.is_empty(), "{wrong:?}");
    let mut asked = client.place(&name, &text[..text.find("check length").unwrap() + 8]);
    asked["newName"] = json!("state");
    let refused = client.ask("textDocument/rename", &asked).unwrap_err();
    assert!(refused["message"].as_str().unwrap().contains("bowline itself; copy it beside"), "{refused}");
    client.finish();
}
