//! Secrets that a program gave, after the run was left: looked up again, asked for, given by option, or waited for.

use crate::site::Site;

const TOKEN: &str = "T0ken-Zq8vKw2mBn4x";

/// A run that waits behind this body (exit 5); `go` lets it go on, `stop` fails it.
fn waiting(body: &str) -> Site {
    let site = Site::new(&format!(
        "{body}confirm \"Go\"\nstep \"Last\" {{\n  run ./last\n  rollback none \"x\"\n}}\n"
    ));
    site.program("create", &format!("#!/bin/sh\necho create >> log\nprintf %s {TOKEN}\n"));
    site.program(
        "fetch",
        &format!("#!/bin/sh\necho fetch >> log\ntest -e lost && exit 3\nprintf %s {TOKEN}\n"),
    );
    site.program("reply", &format!("#!/bin/sh\nprintf '{{\"id\":7,\"key\":\"%s\"}}' {TOKEN}\n"));
    site.program("use", "#!/bin/sh\nprintf '%s %s\\n' \"$1\" \"$T\" >> used\n");
    site.program("last", "#!/bin/sh\ntest ! -e stop\n");
    site.write("answers.toml", "[Go]\nanswer = true\n");
    let (code, said) = site.run(&[]);
    assert_eq!(code, Some(5), "{said}");
    site
}

fn used(site: &Site) -> String {
    std::fs::read_to_string(site.path("used")).unwrap_or_default()
}

fn log(site: &Site) -> String {
    std::fs::read_to_string(site.path("log"))
        .unwrap_or_default()
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}

fn clean(site: &Site) {
    assert_eq!(site.leaks(&[TOKEN]), Vec::<String>::new());
}

/// A step with an undo, both of which use a value.
fn using(value: &str) -> String {
    let run = |what: &str| format!("run ./use {what} {{\n      env T = {value}\n    }}");
    format!("step \"Use\" {{\n    {}\n  rollback {{\n    {}\n  }}\n}}\n", run("do"), run("undo"))
}

const ANSWERS: [&str; 2] = ["--answers", "answers.toml"];

#[test]
fn what_only_looked_there_looks_again() {
    let site = waiting(&format!(
        "let token: secret = look run ./fetch\nlet auth = \"Bearer {{token}}\"\n{}",
        using("auth")
    ));
    site.write("stop", "");
    let (code, said) = site.again("resume", &ANSWERS);
    assert_eq!((code, used(&site)), (Some(1), format!("do Bearer {TOKEN}\nundo Bearer {TOKEN}\n")), "{said}");
    assert_eq!(log(&site), "fetch fetch");
    assert!(site.events().contains("the secret token was looked up again"), "{}", site.events());
    clean(&site);
}

#[test]
fn a_look_that_fails_leaves_it_to_be_given() {
    let site = waiting(&format!("let token: secret = look run ./fetch\n{}", using("token")));
    site.write("stop", "");
    site.write("lost", "");
    let (code, said) = site.again("resume", &ANSWERS);
    assert_eq!(code, Some(4), "{said}");
    let why = "cannot undo: the secret `token` came from a program and is not kept; to go on, give it: --secret token=env:VARIABLE";
    assert!(said.contains(why), "{said}");
    assert!(said.contains("the secret token could not be looked up again: exit code 3"), "{said}");
    site.set("KEPT", TOKEN);
    let (code, said) = site.again("resume", &["--secret", "token=env:KEPT"]);
    assert_eq!((code, used(&site)), (Some(1), format!("do {TOKEN}\nundo {TOKEN}\n")), "{said}");
    clean(&site);
}

fn created() -> Site {
    waiting(&format!(
        "step \"Create\" {{\n  let token: secret = run ./create\n  rollback {{\n    run ./use revoke {{\n      env T = token\n    }}\n  }}\n}}\n{}",
        using("token")
    ))
}

#[test]
fn what_changed_the_world_is_not_done_again_and_its_undo_waits_for_the_secret() {
    let site = created();
    site.write("stop", "");
    let (code, said) = site.again("resume", &ANSWERS);
    assert_eq!((code, used(&site).as_str()), (Some(4), format!("do {TOKEN}\n").as_str()), "{said}");
    assert!(
        said.contains(
            "secret values that a program gave are gone: token; what needs one waits for it: bowline resume"
        ),
        "{said}"
    );
    assert!(said.contains("cannot undo: the secret `token`"), "{said}");
    let (code, said) = site.again("resume", &[]);
    assert_eq!((code, said.contains("cannot undo: the secret `token`")), (Some(4), true), "still: {said}");
    site.write("kept", TOKEN);
    let (code, said) = site.again("resume", &["--secret", "token=file:kept"]);
    assert_eq!(code, Some(1), "{said}");
    assert_eq!(
        (used(&site), log(&site).as_str()),
        (format!("do {TOKEN}\nundo {TOKEN}\nrevoke {TOKEN}\n"), "create")
    );
    clean(&site);
}

#[test]
fn settling_takes_the_secret_or_does_without() {
    for (args, expected, code) in [
        (
            &["--again", "--secret", "token=env:KEPT"][..],
            format!("do {TOKEN}\nundo {TOKEN}\nrevoke {TOKEN}\n"),
            1,
        ),
        (
            &["--done", "revoked by hand", "--secret", "token=env:KEPT"],
            format!("do {TOKEN}\nrevoke {TOKEN}\n"),
            1,
        ),
        (&["--skip", "it expires"], format!("do {TOKEN}\n"), 4),
    ] {
        let site = created();
        site.set("KEPT", TOKEN);
        site.write("stop", "");
        assert_eq!(site.again("resume", &ANSWERS).0, Some(4));
        let (end, said) = site.again("settle", args);
        assert_eq!((end, used(&site)), (Some(code), expected), "{said}");
        clean(&site);
    }
}

/// A step further on that takes it does not fail for want of it, and nothing is undone: the run waits.
#[test]
fn what_goes_on_with_it_waits_for_it() {
    let site = Site::new(
        "step \"Create\" {\n  let token: secret = run ./create\n  rollback {\n    run ./use revoke {\n      env T = token\n    }\n  }\n}\nconfirm \"Go\"\nlet auth = \"Bearer {token}\"\nstep \"Use\" {\n  run ./use do {\n    env T = auth\n  }\n  rollback none \"x\"\n}\n",
    );
    site.program("create", &format!("#!/bin/sh\nprintf %s {TOKEN}\n"));
    site.program("use", "#!/bin/sh\nprintf '%s %s\\n' \"$1\" \"$T\" >> used\n");
    site.write("answers.toml", "[Go]\nanswer = true\n");
    assert_eq!(site.run(&[]).0, Some(5));
    let (code, said) = site.again("resume", &ANSWERS);
    assert_eq!((code, used(&site).as_str()), (Some(5), ""), "{said}");
    assert!(said.contains("the secret `token` came from a program and is not kept"), "{said}");
    site.set("KEPT", TOKEN);
    let (code, said) = site.again("resume", &["--secret", "token=env:KEPT"]);
    assert_eq!((code, used(&site)), (Some(0), format!("do Bearer {TOKEN}\n")), "{said}");
    clean(&site);
}

#[test]
fn a_leaf_of_json_is_given_by_its_way() {
    let body = "step \"Create\" {\n  let key: secret = run ./create\n  let reply: json = run ./reply\n  run ./use {reply.id}\n  rollback {\n    run ./use \"undo {reply.id}\" {\n      env T = reply.key\n    }\n  }\n}\n";
    let site = waiting(body);
    site.write("stop", "");
    let (code, said) = site.again("resume", &ANSWERS);
    assert_eq!(code, Some(4), "{said}");
    assert!(said.contains("cannot undo: the secret `reply.key`"), "{said}");
    site.set("KEPT", TOKEN);
    let (code, said) = site.again("resume", &["--secret", "reply.key=env:KEPT"]);
    assert_eq!((code, used(&site)), (Some(1), format!("7 \nundo 7 {TOKEN}\n")), "{said}");
    clean(&site);
}

/// Turns of a loop have a secret each, told apart by their items; those that were looked up are again, in each turn.
#[test]
fn turns_of_a_loop_have_one_each() {
    let body = "for region in [\"eu\", \"us\"] {\n  let seen: secret = look run ./fetch {region}\n  step \"Create\" {\n    let token: secret = run ./create\n    rollback {\n      run ./use {region} {\n        env T = \"{token} {seen}\"\n      }\n    }\n  }\n}\n";
    let site = waiting(body);
    site.write("stop", "");
    let (code, said) = site.again("resume", &ANSWERS);
    assert_eq!((code, said.contains("are gone: token@eu, token@us;")), (Some(4), true), "{said}");
    assert_eq!(log(&site), "fetch create fetch create fetch fetch");
    site.set("EU", "0f-eu-3Mx9Qw7Lp2");
    site.set("US", "0f-us-8Vb5Ty1Kz6");
    let (code, said) = site.again("resume", &["--secret", "token=env:EU"]);
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("--secret token: the secrets that this run lacks are"), "{said}");
    let both = ["--secret", "token@eu=env:EU", "--secret", "token@us=env:US"];
    let (code, said) = site.again("resume", &both);
    assert_eq!(code, Some(1), "{said}");
    assert_eq!(used(&site), format!("us 0f-us-8Vb5Ty1Kz6 {TOKEN}\neu 0f-eu-3Mx9Qw7Lp2 {TOKEN}\n"));
    assert_eq!(site.leaks(&[TOKEN, "0f-eu-3Mx9Qw7Lp2", "0f-us-8Vb5Ty1Kz6"]), Vec::<String>::new());
}

#[test]
fn a_secret_is_never_given_in_the_clear() {
    let site = created();
    for (option, why) in [
        ("token", "there is no `=`"),
        ("token=abcdef", "`token` has no source"),
        ("token=env:NOT_THERE", "NOT_THERE is not set"),
        ("token=file:none", "none cannot be read"),
        ("tokn=file:log", "--secret tokn: the secrets that this run lacks are token"),
    ] {
        let (code, said) = site.again("resume", &["--secret", option]);
        assert_eq!((code, said.contains(why)), (Some(2), true), "{option}: {said}");
    }
}
