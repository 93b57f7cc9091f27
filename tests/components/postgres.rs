//! `std/postgres` against a real primary and its standby.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::component::{Server, find_all, free_port, output};
use super::site::{DONE, FAILED, INCONCLUSIVE, Site};

/// The programs, and who runs them: the server refuses root.
struct Postgres {
    server: PathBuf,
    initdb: PathBuf,
    basebackup: PathBuf,
    psql: PathBuf,
    user: Option<String>,
}

/// One server.
struct Node {
    folder: tempfile::TempDir,
    port: u16,
    _server: Server,
}

impl Postgres {
    fn find() -> Option<Self> {
        let programs = ["postgres", "initdb", "pg_basebackup", "psql"];
        let [server, initdb, basebackup, psql] = find_all(programs, "apt install postgresql")?;
        let is_root = rustix::process::getuid().is_root();
        let known = |user: &&str| Command::new("id").arg(user).output().unwrap().status.success();
        let user = ["postgres", "nobody"].into_iter().find(known).map(str::to_owned).filter(|_| is_root);
        Some(Self { server, initdb, basebackup, psql, user })
    }

    /// The words before a command line so that it runs as the other user.
    fn as_user(&self) -> Vec<String> {
        let other = |user: &String| {
            [
                "setpriv".to_owned(),
                format!("--reuid={user}"),
                format!("--regid={}", group(user)),
                "--init-groups".into(),
            ]
        };
        self.user.as_ref().map(other).into_iter().flatten().collect()
    }

    fn run(&self, program: &Path, args: &[&str]) {
        let words = [self.as_user(), vec![program.display().to_string()]].concat();
        let (first, rest) = words.split_first().unwrap();
        output(Command::new(first).args(rest).args(args).current_dir("/"));
    }

    fn folder(&self) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        if let Some(user) = &self.user {
            output(Command::new("chown").arg(user).arg(folder.path()));
        }
        folder
    }

    fn start(&self, folder: tempfile::TempDir) -> Node {
        let port = free_port();
        let data = folder.path().join("data").display().to_string();
        let (number, place) = (port.to_string(), folder.path().display().to_string());
        let words = [self.as_user(), vec![self.server.display().to_string()]].concat();
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let (first, rest) = words.split_first().unwrap();
        let own =
            ["-D", &data, "-p", &number, "-k", &place, "-c", "listen_addresses=127.0.0.1", "-c", "fsync=off"];
        let server = Server::start(folder.path(), Path::new(first), &[rest, &own].concat());
        let server = server.await_ready("postgres", || {
            let mut asked = Command::new(&self.psql);
            asked.args(["-h", "127.0.0.1", "-p", &number, "-U", "app", "-Atc", "select 1", "postgres"]);
            asked.output().unwrap().status.success()
        });
        Node { folder, port, _server: server }
    }

    fn primary(&self) -> Node {
        let folder = self.folder();
        let data = folder.path().join("data");
        self.run(&self.initdb, &["-D", data.to_str().unwrap(), "-U", "app", "--auth=trust", "--no-sync"]);
        self.start(folder)
    }

    fn standby(&self, primary: &Node) -> Node {
        let folder = self.folder();
        let data = folder.path().join("data").display().to_string();
        let from = format!("host=127.0.0.1 port={} user=app application_name=standby1", primary.port);
        self.run(
            &self.basebackup,
            &["-d", &from, "-D", &data, "-R", "-X", "stream", "-c", "fast", "--no-sync"],
        );
        self.start(folder)
    }

    fn words(&self, node: &Node) -> String {
        let psql = self.psql.display();
        format!(
            "[\"{psql}\", \"-h\", \"127.0.0.1\", \"-p\", \"{}\", \"-U\", \"app\", \"postgres\"]",
            node.port
        )
    }

    fn sql(&self, node: &Node, sql: &str) -> String {
        let port = node.port.to_string();
        let mut psql = Command::new(&self.psql);
        output(psql.args(["-h", "127.0.0.1", "-p", &port, "-U", "app", "-XAtqc", sql, "postgres"]))
    }
}

fn group(user: &str) -> String {
    output(Command::new("id").args(["-gn", user]))
}

#[test]
fn queries_take_values_and_have_their_verdicts() {
    let Some(postgres) = Postgres::find() else { return };
    let primary = postgres.primary();
    postgres.sql(
        &primary,
        "create table items (name text, price int); insert into items values ('it''s; --', 3), ('b', null)",
    );
    let site = Site::using("postgres").with("psql: list of text", postgres.words(&primary));
    let check = |statements: &str| site.check(statements);
    let price = |name: &str| {
        format!(
            "expect postgres.scalar(psql, \"select price from items where name = :'name'\", {{ name: \"{name}\" }}) == \"3\""
        )
    };
    check(
        "postgres.ready(psql)\n  expect not postgres.is_standby(psql)\n  expect postgres.sessions(psql) == 0",
    )
    .is(DONE, "");
    check(&price("it's; --")).is(DONE, "");
    check(&price("b")).is(INCONCLUSIVE, "no value");
    check(&price("nobody")).is(INCONCLUSIVE, "no value");
    check("expect postgres.scalar(psql, \"select name from items\") == \"b\"").is(FAILED, "2 rows");
    check("expect postgres.scalar(psql, \"selekt 1\") == \"1\"").is(FAILED, "syntax error at or near");
    postgres.sql(
        &primary,
        "create table schema_migrations (version text); insert into schema_migrations values ('042')",
    );
    check("postgres.migrated(psql, \"042\")").is(DONE, "");
    check("postgres.migrated(psql, \"043\")").is(FAILED, "043 is not in schema_migrations");
    check("postgres.migrated(psql, \"042\", table: \"other\")").is(FAILED, "\"other\" does not exist");
    check("expect postgres.lag(psql) < 1MiB").is(INCONCLUSIVE, "no standby called walreceiver");
    let port = free_port().to_string();
    let words = postgres.words(&primary).replace(&primary.port.to_string(), &port);
    let gone = Site::using("postgres").with("psql: list of text", words);
    gone.check("postgres.ready(psql)").is(INCONCLUSIVE, "Connection refused");
}

#[test]
fn statements_are_done_as_a_whole_and_undone_as_a_whole() {
    let Some(postgres) = Postgres::find() else { return };
    let primary = postgres.primary();
    let site = Site::using("postgres").with("psql: list of text", postgres.words(&primary));
    let apply = "postgres.apply(psql, \"create table a (x text); insert into a values (:'x')\", undo: \"drop table a\", values: { x: \"it's\" })\n";
    site.run(&format!("{apply}fail \"enough\"")).is(FAILED, "enough");
    assert_eq!(postgres.sql(&primary, "select to_regclass('a') is null"), "t");
    site.run("postgres.apply(psql, \"create table b (x text); insert into nowhere values (1)\", undo: \"drop table b\")")
        .is(FAILED, "");
    assert_eq!(postgres.sql(&primary, "select to_regclass('b') is null"), "t");
    site.run(apply).is(DONE, "");
    assert_eq!(postgres.sql(&primary, "select x from a"), "it's");
    let refused = "step \"Write\" {\n    run {...psql} -XAtqc 'insert into a values (1)' {\n      expect exit == 1 and stderr contains \"read-only transaction\"\n    }\n    rollback none \"a test\"\n  }";
    site.run(&format!("phase \"Read-only\" {{\n  postgres.stop_writes(psql)\n  {refused}\n}}")).is(DONE, "");
    postgres.sql(&primary, "insert into a values ('again')");
}

/// The whole of a failover: writes stop, the standby catches up, the primary goes, the standby takes over.
#[test]
fn a_standby_catches_up_and_takes_over() {
    let Some(postgres) = Postgres::find() else { return };
    let primary = postgres.primary();
    let standby = postgres.standby(&primary);
    postgres.sql(&primary, "create table items as select generate_series(1, 1000) as x");
    let site = Site::using("postgres")
        .with("primary: list of text", postgres.words(&primary))
        .with("standby: list of text", postgres.words(&standby));
    site.run("check \"Ready\" within 30s every 200ms {\n  expect postgres.is_standby(standby)\n  postgres.caught_up(primary, \"standby1\")\n}")
        .is(DONE, "");
    drop(primary);
    site.check("postgres.caught_up(primary, \"standby1\")").is(INCONCLUSIVE, "");
    site.run("# allow W0407: this is the end of it\npostgres.promote(standby)").is(DONE, "");
    assert_eq!(postgres.sql(&standby, "insert into items values (0); select count(*) from items"), "1001");
    site.run("# allow W0407: this is the end of it\npostgres.promote(standby)").is(DONE, "");
    assert!(standby.folder.path().exists());
}
