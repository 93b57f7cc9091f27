//! A pack of half a gigabyte, written and verified at once through a pipe: it stands nowhere whole.

use std::io::{BufWriter, Read};
use std::sync::Arc;

use bowline::evidence::{Item, Record, write};

use super::made::{PACK, check, files, folder};

const LARGE: u64 = 512 << 20;

#[test]
fn a_large_pack_takes_no_memory() {
    let (before, pack) = (peak(), files(&PACK));
    let run = folder(&PACK).trim_start_matches("bowline-evidence-").to_owned();
    let text = |name: &str| {
        let file = pack.iter().find(|file| file.name == name).unwrap();
        String::from_utf8(file.bytes.clone()).unwrap()
    };
    let (plan, events) = (serde_json::from_str(&text("plan.json")).unwrap(), text("events.jsonl"));
    let (reader, writer) = os_pipe::pipe().unwrap();
    let writing = std::thread::spawn(move || {
        let mut record = Record::new(&run, Some(Arc::new(plan)));
        events.lines().for_each(|body| record.add(body));
        let files = files(&PACK).into_iter().filter(|file| file.name != "statement.json");
        let mut items: Vec<Item<'_>> = files.map(|file| Item::text(file.name, file.bytes)).collect();
        let open = || Ok((LARGE, Box::new(std::io::repeat(b'x').take(LARGE)) as Box<dyn Read>));
        items.push(Item { name: "outputs/999999.log".into(), open: Box::new(open) });
        write(&mut BufWriter::new(writer), &record, items, None).unwrap();
    });
    let checked = check(reader);
    writing.join().unwrap();
    assert_eq!(checked.findings, []);
    assert_eq!(checked.unnamed, ["outputs/999999.log"]);
    assert!(peak() - before < 200 << 10, "{} KiB more", peak() - before);
}

/// The most memory that this process has had so far, in KiB.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.split_whitespace().next().unwrap().parse().unwrap()
}
