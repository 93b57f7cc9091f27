//! The Parquet files of the practice system, read by `DuckDB`: they hold what the rows in SQL hold.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

use super::component::{find, output};

const READ: &str = "import duckdb, json, sys
found = duckdb.sql(f\"select * from '{sys.argv[1]}' order by build, provider\")
print(json.dumps([dict(zip(found.columns, row)) for row in found.fetchall()]))";

fn parsed(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

#[test]
fn a_stored_evaluation_is_read_by_a_program_that_is_not_ours() {
    let Some(duckdb) = find("python-duckdb", ".ci/components: PyPI duckdb") else { return };
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("practice");
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/memoria/practice.py");
    output(Command::new("python3").arg(script).arg(&place).args(["--scenario", "phase-3-ga"]));
    let memoria =
        |words: &[&str]| output(Command::new(place.join("bin/memoria-cli")).args(words).current_dir(&place));
    for build in ["beta", "rc"] {
        let (summary, file) = (format!("evidence/evaluation-{build}.json"), format!("lake/{build}.parquet"));
        memoria(&["analytics", "parquet", &summary, &file]);
    }
    let files = place.join("lake/*.parquet");
    let read = parsed(&output(Command::new(duckdb).args(["-c", READ]).arg(files)));
    let mut rows = parsed(&memoria(&["analytics", "trends", "--json"])).as_array().unwrap().clone();
    rows.sort_by_key(|row| (row["build"].to_string(), row["provider"].to_string()));
    assert_eq!(rows.len(), 4, "two providers of two builds");
    assert_eq!(read, Value::Array(rows));
}
