//! `std/git` with the real git and a bare repository on disk as its remote.

use super::component::find;
use super::double::git;
use super::site::{DONE, FAILED, Said, Site};

/// A work tree one commit ahead of its remote.
fn site() -> Option<Site> {
    find("git", "apt install git")?;
    let site = Site::using("git").with("command: list of text", "[\"git\", \"-C\", \"work\"]");
    git(site.path(), &["init", "--quiet", "--bare", "remote.git"]);
    git(site.path(), &["clone", "--quiet", "remote.git", "work"]);
    let work = site.file("work");
    for (name, value) in [("user.name", "test"), ("user.email", "test@example.org")] {
        git(&work, &["config", name, value]);
    }
    git(&work, &["checkout", "--quiet", "-B", "main"]);
    git(&work, &["commit", "--quiet", "--allow-empty", "-m", "first"]);
    git(&work, &["push", "--quiet", "origin", "main"]);
    git(&work, &["commit", "--quiet", "--allow-empty", "-m", "second"]);
    Some(site)
}

/// Every ref of the work tree and of the remote.
fn refs(site: &Site) -> String {
    let all = ["for-each-ref", "--format=%(refname) %(objectname)", "refs/heads", "refs/tags"];
    format!("{}\n--\n{}", git(&site.file("work"), &all), git(&site.file("remote.git"), &all))
}

fn run(site: &Site, text: &str) -> (Said, bool) {
    let was = refs(site);
    let said = site.run(text);
    (said, was == refs(site))
}

#[test]
fn what_is_tagged_and_pushed_is_taken_back() {
    for statement in [
        "git.push(command, \"origin\", \"main\")",
        "git.push(command, \"origin\", \"release/1\", ref: \"HEAD~1\")",
        "git.tag(command, \"v1.0\", \"Release 1.0\")",
        "git.tag(command, \"v1.0\", \"Release 1.0\")\ngit.push_tag(command, \"origin\", \"v1.0\")",
    ] {
        let Some(site) = site() else { return };
        let (said, same) = run(&site, &format!("{statement}\nfail \"later\""));
        said.is(FAILED, "rolled back");
        assert!(same, "{statement}");
        let (said, same) = run(&site, statement);
        said.is(DONE, "completed");
        assert!(!same, "{statement}: it did nothing");
        let (said, same) = run(&site, statement);
        said.is(DONE, "completed");
        assert!(same, "{statement}: a second time changes nothing");
    }
}

#[test]
fn a_tag_that_is_not_ours_stays() {
    let Some(site) = site() else { return };
    git(&site.file("work"), &["tag", "-a", "-m", "theirs", "v1.0", "HEAD~1"]);
    let (said, same) = run(&site, "git.tag(command, \"v1.0\", \"ours\")");
    said.is(FAILED, "leads elsewhere");
    assert!(same);

    git(&site.file("work"), &["push", "--quiet", "origin", "v1.0"]);
    git(&site.file("work"), &["tag", "-f", "-a", "-m", "ours", "v1.0"]);
    let (said, same) = run(&site, "git.push_tag(command, \"origin\", \"v1.0\")");
    said.is(FAILED, "has another tag v1.0");
    assert!(same);
}

#[test]
fn a_branch_that_others_pushed_to_is_not_taken_back() {
    let Some(site) = site() else { return };
    git(site.path(), &["clone", "--quiet", "remote.git", "others"]);
    let push = "git.push(command, \"origin\", \"main\")";
    let others = "step \"Somebody else pushes\" {\n  run git -C others pull --quiet\n  run git -C others -c user.name=other -c user.email=other@example.org commit --quiet --allow-empty -m theirs\n  run git -C others push --quiet origin main\n  rollback none \"not ours\"\n}";
    let theirs = |site: &Site| git(&site.file("remote.git"), &["log", "--format=%s", "-1", "main"]);
    site.run(&format!("{push}\n{others}\nfail \"later\"")).is(Some(4), "stale info");
    assert_eq!(theirs(&site), "theirs");
}

#[test]
fn looks_tell_absent_from_unanswered() {
    let Some(site) = site() else { return };
    let head = git(&site.file("work"), &["rev-parse", "HEAD"]);
    assert_eq!(site.value("git.commit(command)"), head);
    assert_eq!(site.value("git.has_tag(command, \"v9\")"), "false");
    assert_eq!(site.value("git.is_clean(command)"), "true");
    site.write("work/new", "");
    assert_eq!(site.value("git.is_clean(command)"), "false");
    site.check("expect git.remote_ref(command, \"origin\", \"refs/tags/v9\") == \"\"").is(DONE, "");
    site.check("expect git.remote_ref(command, \"nowhere\", \"refs/tags/v9\") == \"\"").is(FAILED, "");
    site.check("expect git.commit(command, ref: \"v9\") != \"\"").is(FAILED, "exit code");
}
