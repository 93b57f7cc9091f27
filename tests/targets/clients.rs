//! `docker exec` and `kubectl exec`, by doubles of their command lines.

use std::path::Path;

use crate::processes::running;
use crate::site::Site;

const TARGETS: &str = "[targets]\ncache = { docker = \"cache-1\", silence = \"5s\" }\n\
                       web = { kubectl = \"deploy/web\", namespace = \"prod\", container = \"app\", context = \"eu\", silence = \"5s\" }\n";

fn site(body: &str) -> Site {
    let mut site = Site::new(TARGETS, body);
    let doubles = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/doubles");
    site.set("PATH", &format!("{}:{}", doubles.display(), std::env::var("PATH").unwrap()));
    site.set("PYTHONDONTWRITEBYTECODE", "1");
    site.set("DOUBLE_PLACE", &site.root().display().to_string());
    site.set("FROM_HERE", "must not be there");
    for name in ["cache-1", "deploy-web"] {
        std::fs::create_dir(site.path(name)).unwrap();
    }
    site
}

const BODY: &str = r#"input target: text
step "Say" on target {
  run sh -c 'printf "%s" "$1" >words; cat >input; env >env; printf out; printf err >&2; exit 3' sh "it's $(x)" {
    env VALUE = "a b"
    stdin "some input"
    expect exit == 3
    expect stdout == "out"
    expect stderr == "err"
  }
  rollback none "only leaves files"
}
step "Fail" on target {
  run false
  rollback { run touch undone }
}
"#;

fn says(target: &str, folder: &str) -> Site {
    let site = site(BODY);
    let told = site.run(&["-i", &format!("target={target}")]);
    assert_eq!(told.exit, Some(1), "{}", told.said);
    let read = |name: &str| site.read(&format!("{folder}/{name}"));
    assert_eq!(
        (read("words").as_str(), read("input").as_str()),
        ("it's $(x)", "some input"),
        "{}",
        told.said
    );
    let env = read("env");
    assert!(env.contains("VALUE=a b\n") && env.contains("BOWLINE_STEP=Say\n"), "{env}");
    assert!(!env.contains("FROM_HERE") && !env.contains("bowline_"), "{env}");
    assert!(site.path(&format!("{folder}/undone")).exists());
    site
}

#[test]
fn a_container_of_docker() {
    says("cache", "cache-1");
}

#[test]
fn an_object_of_kubernetes() {
    let site = says("web", "deploy-web");
    assert!(site.read("asked").starts_with("--context=eu --namespace=prod --container=app\n"));
}

fn lost(target: &str, folder: &str, seconds: &str) {
    let body = format!(
        "step \"Sleep\" on \"{target}\" {{\n run sh -c 'touch begun; exec sleep {seconds}'\n rollback none \"\"\n}}\n"
    );
    let mut site = site(&body.replace("none \"\"", "none \"only waits\""));
    site.set("DOUBLE_CUT", &site.path("cut").display().to_string());
    let mut run = site.start(&[]);
    site.appears(&format!("{folder}/begun"));
    site.write("cut", "");
    let code = run.wait().unwrap().code();
    let said = site.read("said");
    assert_eq!(code, Some(4), "{said}");
    assert!(said.contains("outcome unknown: the connection to"), "{said}");
    assert!(running(&format!("sleep {seconds}")).is_empty());
}

#[test]
fn a_docker_client_that_is_cut_off_leaves_an_unknown() {
    lost("cache", "cache-1", "32001");
}

#[test]
fn a_kubectl_that_is_cut_off_leaves_an_unknown() {
    lost("web", "deploy-web", "32002");
}

#[test]
fn a_container_that_is_not_there_has_changed_nothing() {
    let site = site(BODY);
    std::fs::remove_dir(site.path("cache-1")).unwrap();
    let told = site.run(&["-i", "target=cache"]);
    assert_eq!(told.exit, Some(1), "{}", told.said);
    assert!(
        told.said.contains("nothing was changed: cache could not be reached: Error: no such container"),
        "{}",
        told.said
    );
}
