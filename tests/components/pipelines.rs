//! The files for GitHub and GitLab, against the schemas of both, as `check-jsonschema` has them.

use std::path::Path;
use std::process::Command;

use crate::component::find;

/// Whether a file fits a schema, and what is said of it.
fn fits(checker: &Path, schema: &str, file: &Path) -> (bool, String) {
    let mut command = Command::new(checker);
    command.args(["--builtin-schema", &format!("vendor.{schema}")]).arg(file);
    let output = command.output().unwrap();
    let said = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8_lossy(&said).into_owned())
}

#[test]
fn the_files_for_github_and_gitlab_are_what_these_read() {
    let Some(checker) = find("check-jsonschema", ".ci/components") else { return };
    let folder = tempfile::tempdir().unwrap();
    for (name, schema, broken) in [
        ("github-actions", "github-workflows", ("runs-on:", "runs_on:")),
        ("gitlab-ci", "gitlab-ci", ("script:", "scripts:")),
    ] {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("docs/ci/{name}.yml"));
        let (fit, said) = fits(&checker, schema, &file);
        assert!(fit, "{name}: {said}");
        let wrong = folder.path().join(format!("{name}.yml"));
        std::fs::write(&wrong, std::fs::read_to_string(&file).unwrap().replace(broken.0, broken.1)).unwrap();
        assert!(!fits(&checker, schema, &wrong).0, "{name}: the schema is asked");
    }
}
