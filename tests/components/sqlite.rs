//! `std/sqlite` against the real `sqlite3`.

use std::io::Write;
use std::process::{Command, Stdio};

use super::component::{find, output};
use super::site::{DONE, FAILED, INCONCLUSIVE, Site};

/// A site with a database of two rows, one of them with a NULL.
fn site() -> Option<Site> {
    let sqlite3 = find("sqlite3", "apt install sqlite3")?;
    let site = Site::using("sqlite").with("db: path", "shop.db");
    let made = "pragma journal_mode = wal; create table items (name text, price int); insert into items values ('it''s; --', 3), ('b', null);";
    output(Command::new(sqlite3).args(["shop.db", made]).current_dir(site.path()));
    Some(site)
}

fn sql(site: &Site, sql: &str) -> String {
    output(Command::new("sqlite3").args(["shop.db", sql]).current_dir(site.path()))
}

#[test]
fn values_reach_a_query_as_parameters() {
    let Some(site) = site() else { return };
    let check = |statements: &str| site.check(statements);
    let price = |name: &str| {
        format!(
            "expect sqlite.scalar(db, \"select price from items where name = :name\", {{ name: \"{name}\" }}) == \"3\""
        )
    };
    check(&price("it's; --")).is(DONE, "");
    check(&price("b")).is(INCONCLUSIVE, "NULL");
    check(&price("nobody")).is(INCONCLUSIVE, "no row");
    check("expect sqlite.scalar(db, \"select :a || :b\", { a: \"say \\\"x\\\", \", b: \"y\\n'\" }) == \"say \\\"x\\\", y\\n'\"")
        .is(DONE, "");
    check("expect sqlite.scalar(db, \"select name from items\") == \"b\"").is(FAILED, "2 rows");
    check("expect sqlite.scalar(db, \"selekt 1\") == \"1\"").is(FAILED, "syntax error");
    check("expect count(sqlite.rows(db, \"select * from items where name = 'x'\")) == 0").is(DONE, "");
    check("expect sqlite.scalar(db, \"delete from items returning name\") == \"\"").is(FAILED, "readonly");
    assert_eq!(sql(&site, "select count(*) from items"), "2");
    check("expect sqlite.scalar(\"nothing.db\", \"select 1\") == \"1\"").is(FAILED, "unable to open");
    assert!(!site.file("nothing.db").exists());
}

#[test]
fn a_database_that_is_locked_gives_no_verdict() {
    let Some(site) = site() else { return };
    sql(&site, "pragma journal_mode = delete");
    let mut command = Command::new("timeout");
    command.args(["60", "sqlite3", "shop.db"]).current_dir(site.path());
    let mut holder = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut stdin = holder.stdin.take().unwrap();
    stdin.write_all(b"begin exclusive; select 'held';\n").unwrap();
    let mut held = [0; 4];
    std::io::Read::read_exact(holder.stdout.as_mut().unwrap(), &mut held).unwrap();
    site.check("expect sqlite.scalar(db, \"select 1 from items limit 1\") == \"1\"")
        .is(INCONCLUSIVE, "locked");
    drop(stdin);
    holder.wait().unwrap();
}

#[test]
fn a_broken_database_is_found_out() {
    let Some(site) = site() else { return };
    site.check("sqlite.sound(db)").is(DONE, "");
    sql(
        &site,
        "create table shelves (id integer primary key); create table orders (shelf int references shelves); insert into orders values (99)",
    );
    site.check("sqlite.sound(db)").is(FAILED, "1 references to rows that are not there");
    sql(
        &site,
        "drop table orders; drop table shelves; pragma wal_checkpoint(truncate); pragma journal_mode = delete; vacuum",
    );
    let mut bytes = std::fs::read(site.file("shop.db")).unwrap();
    // The head of the page that holds the table.
    bytes.get_mut(4096..4112).unwrap().fill(0xff);
    std::fs::write(site.file("shop.db"), bytes).unwrap();
    assert_eq!(site.check("sqlite.sound(db)").code, FAILED);
}

#[test]
fn a_copy_is_put_back_when_the_run_fails() {
    let Some(site) = site() else { return };
    let before = sql(&site, "select * from items");
    let said = site.run(
        "let copy = sqlite.keep(db, \"kept 'x'.db\")\nstep \"Change\" {\n  run sqlite3 {db} 'delete from items'\n  rollback { sqlite.put_back(db, copy) }\n}\nfail \"enough\"",
    );
    said.is(FAILED, "enough");
    assert_eq!(sql(&site, "select * from items"), before);
    site.check("sqlite.sound(\"kept 'x'.db\")").is(DONE, "");
    assert!(!site.file("shop.db-wal").exists() || sql(&site, "select count(*) from items") == "2");
}
