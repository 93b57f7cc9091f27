//! `std/redis` against a real Redis.

use std::path::PathBuf;
use std::process::Command;

use super::component::{Server, find_all, free_port, output};
use super::site::{DONE, FAILED, INCONCLUSIVE, Site};

struct Redis {
    site: Site,
    cli: PathBuf,
    port: u16,
    _server: Server,
}

impl Redis {
    fn start(more: &[&str]) -> Option<Self> {
        let [server, cli] = find_all(["redis-server", "redis-cli"], "apt install redis-server")?;
        let port = free_port();
        let words = format!("[\"{}\", \"-p\", \"{port}\"]", cli.display());
        let site = Site::using("redis").with("redis_cli: list of text", words);
        let number = port.to_string();
        let folder = site.path().to_str().unwrap().to_owned();
        let args = ["--port", &number, "--bind", "127.0.0.1", "--save", "", "--dir", &folder];
        let server = Server::start(site.path(), &server, &[&args, more].concat());
        let asked = |word: &str| Command::new(&cli).args(["-p", &number, word]).output().unwrap().stdout;
        let server = server.await_ready("redis", || {
            let answer = String::from_utf8_lossy(&asked("PING")).into_owned();
            answer.starts_with("PONG") || answer.starts_with("NOAUTH")
        });
        Some(Self { site, cli, port, _server: server })
    }

    fn cli(&self, words: &[&str]) -> String {
        output(Command::new(&self.cli).args(["-p", &self.port.to_string()]).args(words))
    }
}

#[test]
fn queues_of_every_kind_are_counted() {
    let Some(redis) = Redis::start(&[]) else { return };
    redis.cli(&["RPUSH", "jobs", "a", "b", "c"]);
    redis.cli(&["XADD", "events", "*", "k", "v"]);
    redis.cli(&["ZADD", "later", "1", "a", "2", "b"]);
    redis.cli(&["SADD", "workers", "a", "b"]);
    redis.cli(&["SET", "name", "text"]);
    let check = |statements: &str| redis.site.check(statements);
    check("redis.ping(redis_cli)").is(DONE, "");
    for (key, depth) in [("jobs", 3), ("events", 1), ("later", 2), ("workers", 2), ("nothing here", 0)] {
        check(&format!("expect redis.depth(redis_cli, \"{key}\") == {depth}")).is(DONE, "");
    }
    check("expect redis.depth(redis_cli, \"name\") == 0").is(FAILED, "name is a string, and no queue");
    check("expect redis.length(redis_cli, \"name\") == 0").is(FAILED, "WRONGTYPE");
    check("redis.drained(redis_cli, \"jobs\")").is(FAILED, "3 left in jobs");
    redis.cli(&["DEL", "jobs"]);
    check("redis.drained(redis_cli, \"jobs\")").is(DONE, "");
    check("expect redis.value(redis_cli, \"name\") == \"text\"").is(DONE, "");
    check("expect redis.value(redis_cli, \"nobody\") == \"\"").is(INCONCLUSIVE, "there is no nobody");
    redis.cli(&["XGROUP", "CREATE", "events", "mail", "0"]);
    redis.cli(&["XREADGROUP", "GROUP", "mail", "one", "STREAMS", "events", ">"]);
    check("expect redis.pending(redis_cli, \"events\", \"mail\") == 1").is(DONE, "");
    check("expect redis.pending(redis_cli, \"events\", \"post\") == 1").is(FAILED, "NOGROUP");
}

#[test]
fn a_redis_that_cannot_be_asked_gives_no_verdict() {
    let Some(redis) = Redis::start(&["--requirepass", "test-password"]) else { return };
    redis.site.check("redis.ping(redis_cli)").is(INCONCLUSIVE, "NOAUTH");
    let words = format!("[\"{}\", \"-p\", \"{}\"]", redis.cli.display(), free_port());
    let gone = Site::using("redis").with("redis_cli: list of text", words);
    gone.check("redis.drained(redis_cli, \"jobs\")").is(INCONCLUSIVE, "Connection refused");
}

#[test]
fn writes_wait_while_they_are_paused_and_go_on_after() {
    let Some(redis) = Redis::start(&[]) else { return };
    let tried = "timeout 1 \"$0\" -p \"$1\" SET during it; echo $? > tried";
    let said = redis.site.run(&format!(
        "phase \"Paused\" {{\n  redis.pause_writes(redis_cli, longest: 1m)\n  step \"Write\" {{\n    run sh -c '{tried}' {{redis_cli[0]}} {{redis_cli[2]}}\n    rollback none \"a test\"\n  }}\n}}"
    ));
    said.is(DONE, "");
    assert_eq!(redis.site.read("tried"), "124\n", "the write waited for as long as it was let");
    assert_eq!(redis.cli(&["SET", "after", "it"]), "OK");
}

#[test]
fn a_value_goes_back_to_what_it_was() {
    let Some(redis) = Redis::start(&[]) else { return };
    redis.cli(&["SET", "mode", "legacy mode"]);
    let odd = "new 'mode' $(x) {{}}";
    let said = redis.site.run(&format!(
        "redis.put(redis_cli, \"mode\", \"{odd}\")\nredis.put(redis_cli, \"fresh\", \"1\")\ncheck \"It is there\" {{\n  expect redis.value(redis_cli, \"mode\") == \"{odd}\"\n}}\nfail \"enough\""
    ));
    said.is(FAILED, "enough");
    assert_eq!(
        (redis.cli(&["GET", "mode"]).as_str(), redis.cli(&["EXISTS", "fresh"]).as_str()),
        ("legacy mode", "0")
    );
}
