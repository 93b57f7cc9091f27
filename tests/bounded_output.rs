//! A step that prints a gigabyte runs in bounded memory. A process of its own, so that its peak is known.
#![expect(clippy::unwrap_used, clippy::disallowed_methods, reason = "tests")]

use std::time::Duration;

use bowline::event::{Actor, EffectId};
use bowline::host::{LocalHost, LocalSetup};
use bowline::plan::Class;
use bowline::run::{Capture, Captured, Host, Program, Reply, Report, Request, Work};

const GIGABYTE: u64 = 1 << 30;

fn peak_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

#[test]
fn a_gigabyte_of_output_stays_under_64_mib() {
    let dir = tempfile::tempdir().unwrap();
    let script = format!("head -c {GIGABYTE} /dev/zero; echo; echo last");
    let program = Program { capture: Capture::Value, ..Program::of(["sh", "-c", &script]) };
    let operator = Actor { name: "olga".into(), from_file: false };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let reply = runtime.block_on(async {
        let mut host = LocalHost::new(LocalSetup::new("big", dir.path(), operator)).unwrap();
        let request = Request::Program(program);
        let timeout = Some(Duration::from_mins(2));
        host.start(Work {
            effect: EffectId(1),
            node: bowline::plan::NodeId(0),
            address: "big".into(),
            class: Class::Changes,
            timeout,
            target: None,
            request,
        });
        loop {
            if let Some(Report::Reply { reply: Reply::Program(reply), .. }) = host.next(None).await {
                break reply;
            }
        }
    });
    let output = reply.output.unwrap();
    assert_eq!(output.bytes, GIGABYTE + 6);
    assert_eq!(std::fs::metadata(dir.path().join("outputs").join(&output.file)).unwrap().len(), output.bytes);
    assert_eq!(reply.stdout, Captured::NotKept);
    assert!(reply.tail.ends_with("\nlast"), "{}", reply.tail);
    assert!(peak_kib() < 64 * 1024, "peak {} KiB", peak_kib());
}
