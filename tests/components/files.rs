//! `std/archive` and `std/backup` against the programs of the machine.

use super::site::{DONE, FAILED, Site};

#[test]
fn an_archive_is_packed_verified_and_unpacked() {
    let site = Site::using("archive");
    std::fs::create_dir_all(site.file("release/docs")).unwrap();
    site.write("release/manifest.json", "{}");
    site.write("release/docs/a b.md", "text");
    let pack = "let packed = archive.pack(\"release\", \"release.tgz\")\n";
    let holds =
        "check \"Whole\" {\n  archive.holds(\"release.tgz\", [\"manifest.json\", \"docs/a b.md\"])\n}\n";
    site.run(&format!("{pack}{holds}archive.unpack(packed, \"out\")")).is(DONE, "");
    assert_eq!(site.read("out/docs/a b.md"), "text");
    site.check("archive.holds(\"release.tgz\", [\"sbom.json\"])").is(FAILED, "not in release.tgz: sbom.json");
    let names = site.value("join(archive.names(\"release.tgz\"), \", \")");
    assert!(names.contains("docs/a b.md") && !names.contains("docs/,"), "{names}");
    let sum = site.value("archive.sha256(\"release/docs/a b.md\")");
    assert_eq!(sum, "982d9e3eb996f559e633f4d194def3761d909f5a3b647d1a851fead67c32c9d1");
    site.check(&format!("archive.intact(\"release/docs/a b.md\", \"{sum}\")")).is(DONE, "");
    site.write("release/docs/a b.md", "other");
    site.check(&format!("archive.intact(\"release/docs/a b.md\", \"{sum}\")")).is(FAILED, "has the SHA-256");
    site.write("release/SHA256SUMS", &format!("{sum}  docs/a b.md\n"));
    assert_eq!(site.check("archive.all_intact(\"release/SHA256SUMS\")").code, FAILED);
    site.write("release/docs/a b.md", "text");
    site.check("archive.all_intact(\"release/SHA256SUMS\")").is(DONE, "");
    site.write("release.tgz", "no archive");
    assert_eq!(site.check("archive.holds(\"release.tgz\", [])").code, FAILED);
}

#[test]
fn what_was_unpacked_goes_when_the_run_fails() {
    let site = Site::using("archive");
    std::fs::create_dir_all(site.file("release")).unwrap();
    site.write("release/a", "a");
    let text = "let packed = archive.pack(\"release\", \"release.tgz\")\narchive.unpack(packed, \"out\")\nfail \"enough\"";
    site.run(text).is(FAILED, "enough");
    assert!(!site.file("out").exists() && site.file("release.tgz").exists());
    std::fs::create_dir_all(site.file("out/of somebody else")).unwrap();
    site.run(text).is(FAILED, "Nothing is at out");
    assert!(site.file("out/of somebody else").exists(), "only what the step made is removed");
}

#[test]
fn files_are_kept_replaced_and_put_back() {
    let site = Site::using("backup");
    site.write("config.yaml", "old");
    site.write("new.yaml", "new");
    let text = "let kept = backup.keep(\"config.yaml\", \"kept.yaml\")\nbackup.replace(\"config.yaml\", \"new.yaml\", kept)\ncheck \"New\" {\n  backup.same(\"config.yaml\", \"new.yaml\")\n  expect kept.sha256 != \"\"\n}\n";
    site.run(text).is(DONE, "");
    assert_eq!((site.read("config.yaml"), site.read("kept.yaml")), ("new".into(), "old".into()));
    site.write("config.yaml", "old");
    site.run(&format!("{text}fail \"enough\"")).is(FAILED, "enough");
    assert_eq!(site.read("config.yaml"), "old");
    site.run("let kept = backup.keep(\"new.yaml\", \"kept.yaml\")\nstep \"Change\" {\n  run sh -c 'echo x > config.yaml'\n  rollback { backup.put_back(\"config.yaml\", kept) }\n}\nfail \"enough\"").is(FAILED, "enough");
    assert_eq!(site.read("config.yaml"), "new");
}

#[test]
fn room_and_age_are_looked_at() {
    let site = Site::using("backup");
    site.check("backup.room(\".\", 1KiB)").is(DONE, "");
    site.check("backup.room(\".\", 900TiB)").is(FAILED, "needed");
    site.write("dump.sql", "x");
    site.check("backup.fresh(\"dump.sql\", 10m)").is(DONE, "");
    std::process::Command::new("touch")
        .args(["-d", "1 hour ago"])
        .arg(site.file("dump.sql"))
        .status()
        .unwrap();
    site.check("backup.fresh(\"dump.sql\", 10m)").is(FAILED, "older than 10m");
    site.write("empty.sql", "");
    site.check("backup.fresh(\"empty.sql\", 10m)").is(FAILED, "or empty");
}
