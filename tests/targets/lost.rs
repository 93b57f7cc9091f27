//! Connections that are lost, and bowlines that are: what runs on a target dies, and what became of it is not known.

use std::net::TcpListener;
use std::process::Command;
use std::time::{Duration, Instant};

use crate::hosts::Hosts;
use crate::partition::Partition;
use crate::processes::{running, within};
use crate::site::{Site, send};

/// Longer than this nobody waits; the machine may be busy.
const PATIENCE: Duration = Duration::from_mins(1);

/// A step that sleeps for a time that no other test sleeps, with a child that does not listen to TERM.
fn sleeper(seconds: &str, options: &str) -> String {
    format!(
        "step \"Sleep\" on \"one\" {options} {{\n run sh -c 'touch begun; (trap \"\" TERM; sleep {seconds}1) & exec sleep {seconds}'\n \
         rollback {{ run touch undone }}\n}}\n"
    )
}

fn alive(seconds: &str) -> usize {
    running(&format!("sleep {seconds}")).len() + running(&format!("sleep {seconds}1")).len()
}

fn site(hosts: &Hosts, body: &str) -> Site {
    let site = Site::new(&hosts.targets("5s"), "");
    let body = body.replace("touch begun", &format!("touch {}", site.path("begun").display()));
    let body = body.replace("touch undone", &format!("touch {}", site.path("undone").display()));
    site.write("a.runbook", &format!("runbook \"t\" 1.0.0\n{body}"));
    site
}

#[test]
fn a_host_that_cannot_be_reached_has_changed_nothing() {
    let Some(hosts) = Hosts::start(&["one"]) else { return };
    let targets = "[targets]\none = { ssh = \"ssh://127.0.0.1:1\" }\n";
    let site = Site::new(targets, &sleeper("31001", ""));
    let told = site.run(&[]);
    assert_eq!(told.exit, Some(1), "{}", told.said);
    assert!(told.said.contains("failed, nothing was changed: one could not be reached"), "{}", told.said);
    assert!(told.said.contains("Connection refused"), "{}", told.said);
    assert!(!told.said.contains("undoing"), "{}", told.said);
    drop(hosts);
}

/// A host that takes connections and never says a word; and an `ssh` that notes how it is called.
fn silent(configuration: &str) -> (TcpListener, Site) {
    let host = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = host.local_addr().unwrap().port();
    let mut site = Site::new("", &sleeper("31003", ""));
    site.write("ssh_config", &format!("Host one\n  HostName 127.0.0.1\n  Port {port}\n{configuration}"));
    let config = site.path("ssh_config").display().to_string();
    site.write("bowline.toml", &format!("[targets]\none = {{ ssh = \"one\", config = \"{config}\" }}\n"));
    let path = std::env::var("PATH").unwrap();
    let called = site.path("called").display().to_string();
    std::fs::create_dir(site.path("bin")).unwrap();
    // Not `echo`: that of some shells takes the `\036` in the words, with a digit behind it, for one byte.
    let script = format!("#!/bin/sh\nprintf '%s\\n' \"$*\" >> {called}\nPATH='{path}' exec ssh \"$@\"\n");
    site.write("ssh_text", &script);
    // Written by another process: a child of another test must not hold the file open for writing when it is started.
    let mut install = Command::new("install");
    install.args(["-m", "755"]).arg(site.path("ssh_text")).arg(site.path("bin/ssh"));
    assert!(install.status().unwrap().success());
    site.set("PATH", &format!("{}:{path}", site.path("bin").display()));
    (host, site)
}

#[test]
fn a_host_that_does_not_answer_is_given_up_when_the_users_configuration_says_so() {
    if Hosts::start(&[]).is_none() {
        return;
    }
    let (_host, site) = silent("  ConnectTimeout 1\n");
    let told = site.run(&[]);
    assert_eq!(told.exit, Some(1), "{}", told.said);
    let why =
        "failed, nothing was changed: one could not be reached: Connection timed out during banner exchange";
    assert!(told.said.contains(why), "{}", told.said);
    let called = site.read("called");
    assert!(called.contains("ServerAliveInterval"), "its calls are noted: {called}");
    assert!(!called.contains("ConnectTimeout"), "{called}");
}

/// Only that it is asked for: nobody waits here for half a minute.
#[test]
fn a_host_that_does_not_answer_is_given_up_after_half_a_minute_where_nothing_is_configured() {
    if Hosts::start(&[]).is_none() {
        return;
    }
    let (_host, site) = silent("");
    let mut run = site.start(&[]);
    assert!(
        within(PATIENCE, || site.read("called").contains("-o ConnectTimeout=30 ")),
        "{}{}",
        site.read("called"),
        site.read("said")
    );
    rustix::process::kill_process(rustix::process::Pid::from_child(&run), rustix::process::Signal::KILL)
        .unwrap();
    run.wait().unwrap();
}

#[test]
fn a_session_cut_off_is_unknown_and_what_ran_there_is_dead() {
    let Some(hosts) = Hosts::start(&["one"]) else { return };
    let site = site(&hosts, &sleeper("31002", ""));
    let mut run = site.start(&[]);
    site.appears("begun");
    hosts.cut("one");
    let code = run.wait().unwrap().code();
    assert_eq!(alive("31002"), 0, "dead before anything goes on");
    let said = site.read("said");
    assert_eq!(code, Some(4), "{said}");
    assert!(said.contains("outcome unknown: the connection to one was lost"), "{said}");
    assert!(!site.path("undone").exists());
    let told = site.again("settle", &["--rollback"]);
    assert_eq!(told.exit, Some(1), "{}", told.said);
    assert!(site.path("undone").exists(), "the rollback runs there");
}

#[test]
fn what_is_idempotent_is_done_again_when_the_first_is_dead() {
    let Some(hosts) = Hosts::start(&["one"]) else { return };
    let body = "step \"Twice\" on \"one\" idempotent retry 1 every 1s {\n run sh -c 'echo began >>LOG; [ -e begun ] || { touch begun; \
                sleep 31003; }; echo done >>LOG'\n rollback none \"\"\n}\n";
    let site = site(&hosts, "");
    let log = site.path("log").display().to_string();
    let begun = site.path("begun").display().to_string();
    let body = body.replace("LOG", &log).replace("-e begun", &format!("-e {begun}"));
    let body =
        body.replace("touch begun", &format!("touch {begun}")).replace("none \"\"", "none \"only notes\"");
    site.write("a.runbook", &format!("runbook \"t\" 1.0.0\n{body}"));
    let mut run = site.start(&[]);
    site.appears("begun");
    hosts.cut("one");
    assert_eq!(run.wait().unwrap().code(), Some(0), "{}", site.read("said"));
    assert_eq!(site.read("log"), "began\nbegan\ndone\n");
    assert!(running("sleep 31003").is_empty());
}

#[test]
fn killed_bowlines_leave_nothing_running_and_resume_waits_for_that() {
    let Some(hosts) = Hosts::start(&["one"]) else { return };
    let site = site(&hosts, &sleeper("31004", ""));
    let mut run = site.start(&[]);
    site.appears("begun");
    assert!(within(PATIENCE, || alive("31004") == 2));
    send(&run, "KILL");
    run.wait().unwrap();
    let killed = Instant::now();
    assert!(within(PATIENCE, || alive("31004") == 0));
    // At once: nobody may go on before the silence is over.
    let told = site.again("resume", &[]);
    assert!(killed.elapsed() > Duration::from_secs(1), "{:?}", killed.elapsed());
    assert_eq!(told.exit, Some(4), "{}", told.said);
    assert!(!site.path("undone").exists());
}

#[test]
fn silence_alone_is_enough() {
    let Some(hosts) = Hosts::start(&["one"]) else { return };
    let site = site(&hosts, &sleeper("31005", ""));
    let mut run = site.start(&[]);
    site.appears("begun");
    // Its client lives on, and says nothing.
    send(&run, "STOP");
    assert!(within(PATIENCE, || alive("31005") == 2));
    let silent = Instant::now();
    assert!(within(PATIENCE, || alive("31005") == 0));
    assert!(silent.elapsed() > Duration::from_millis(500));
    send(&run, "CONT");
    let code = run.wait().unwrap().code();
    let said = site.read("said");
    assert_eq!(code, Some(4), "{said}");
    assert!(said.contains("one heard nothing from here any more, and stopped the program"), "{said}");
}

#[test]
fn a_timeout_stops_the_whole_group_there() {
    let Some(hosts) = Hosts::start(&["one"]) else { return };
    let site = site(&hosts, &sleeper("31006", "timeout 10s"));
    let told = site.run(&["--on-failure", "hold"]);
    assert_eq!(alive("31006"), 0);
    assert!(told.said.contains("timed out after 10s"), "{}", told.said);
    assert_eq!(told.exit, Some(4), "{}", told.said);
}

#[test]
fn a_second_interrupt_stops_what_runs_there() {
    let Some(hosts) = Hosts::start(&["one"]) else { return };
    let site = site(&hosts, &sleeper("31007", ""));
    let mut run = site.start(&[]);
    site.appears("begun");
    assert!(within(PATIENCE, || alive("31007") == 2));
    send(&run, "INT");
    assert!(within(PATIENCE, || site.events().contains("\"cancel_requested\"")));
    assert_eq!(alive("31007"), 2, "the first lets it end");
    send(&run, "INT");
    run.wait().unwrap();
    assert_eq!(alive("31007"), 0, "{}", site.read("said"));
    assert!(site.path("undone").exists(), "unattended it rolls back: {}", site.read("said"));
}

#[test]
fn a_partition_is_noticed_on_both_sides() {
    let Some(hosts) = Hosts::start(&["one"]) else { return };
    let site = site(&hosts, &sleeper("31008", ""));
    let mut run = site.start(&[]);
    site.appears("begun");
    let Some(partition) = Partition::of(hosts.port("one")) else {
        send(&run, "KILL");
        run.wait().unwrap();
        return;
    };
    let cut = Instant::now();
    assert!(within(PATIENCE, || alive("31008") == 0), "the target stops it by itself");
    let code = run.wait().unwrap().code();
    assert!(cut.elapsed() < 2 * PATIENCE, "{:?}", cut.elapsed());
    drop(partition);
    let said = site.read("said");
    assert_eq!(code, Some(4), "{said}");
    assert!(said.contains("the connection to one was lost"), "{said}");
}
