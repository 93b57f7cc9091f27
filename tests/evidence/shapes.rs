//! What programs read: the in-toto statement, and what `verify --format json` says.

use serde_json::Value as Json;

use super::made::{PACK, files};
use super::site;

fn fits(schema: &str, json: &Json) {
    let path = format!("{}/docs/schemas/{schema}.json", env!("CARGO_MANIFEST_DIR"));
    let (mut schemas, mut compiler) = (boon::Schemas::new(), boon::Compiler::new());
    let index = compiler.compile(&path, &mut schemas).unwrap();
    if let Err(error) = schemas.validate(json, index) {
        panic!("{schema}: {error:#}\n{json:#}");
    }
}

fn statement() -> Json {
    let files = files(&PACK);
    let file = files.iter().find(|file| file.name == "statement.json").unwrap();
    serde_json::from_slice(&file.bytes).unwrap()
}

#[test]
fn the_statement_is_one_of_in_toto() {
    let statement = statement();
    fits("bowline-evidence-1", &statement);
    assert_eq!(statement["_type"], "https://in-toto.io/Statement/v1");
    for subject in statement["subject"].as_array().unwrap() {
        let name = subject["name"].as_str().unwrap();
        let file = files(&PACK).into_iter().find(|file| file.name == name).unwrap();
        assert_eq!(subject["digest"]["sha256"], sha256(&file.bytes), "{name}");
    }
}

/// The chain is made again from the pack alone, as `docs/evidence.md` says.
#[test]
fn the_chain_follows_from_the_lines() {
    use sha2::{Digest, Sha256};
    let statement = statement();
    let facts = &statement["predicate"];
    let events = files(&PACK).into_iter().find(|file| file.name == "events.jsonl").unwrap();
    let mut hash = Sha256::digest(facts["run"]["id"].as_str().unwrap()).to_vec();
    for (line, stated) in
        String::from_utf8(events.bytes).unwrap().lines().zip(facts["events"]["sha256"].as_array().unwrap())
    {
        assert_eq!(*stated, sha256(line.as_bytes()));
        hash = Sha256::new().chain_update(&hash).chain_update(line).finalize().to_vec();
    }
    assert_eq!(facts["events"]["head"], bowline::value::hex(&hash));
}

#[test]
fn what_verify_tells_programs_fits_its_schema() {
    let site = site::rolled_back();
    let (pack, mut bytes) = site.pack();
    let told: Json = serde_json::from_str(&site.verify(&pack, &["--format", "json"]).out).unwrap();
    fits("bowline-verify-1", &told);
    assert_eq!((&told["verified"], &told["signed_by"]), (&Json::Bool(true), &Json::Null));
    bytes[600] ^= 1;
    std::fs::write(&pack, bytes).unwrap();
    let said = site.verify(&pack, &["--format", "json"]);
    let told: Json = serde_json::from_str(&said.out).unwrap();
    fits("bowline-verify-1", &told);
    assert_eq!((said.code, &told["verified"]), (Some(1), &Json::Bool(false)));
    assert_eq!(told["findings"][0]["what"], "report.html");
    std::fs::write(&pack, "no pack").unwrap();
    fits("bowline-verify-1", &serde_json::from_str(&site.verify(&pack, &["--format", "json"]).out).unwrap());
}

fn sha256(bytes: &[u8]) -> String {
    use sha2::{Digest, Sha256};
    bowline::value::hex(&Sha256::digest(bytes))
}
