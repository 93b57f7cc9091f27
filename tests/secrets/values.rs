//! Values that a run is given and gives itself: texts, JSON, lines, lists, maps, items of a loop.

use crate::site::Site;

/// Prints its environment's `T` as it is told to.
const PRINT: &str = r#"#!/usr/bin/env python3
import base64, json, os, sys, urllib.parse
t = os.environ["T"]
print({
    "json": json.dumps({"k": {"inner": [t, "x"]}, "n": 7, "s": "pre " + t + " post", "twice": json.dumps([t])}),
    "list": json.dumps([t, "b", urllib.parse.quote(t), urllib.parse.quote_plus(t)]),
    "map": json.dumps({"a": t, "b": "c"}),
    "lines": "\n".join(["first", t, "x " + base64.b64encode(t.encode()).decode(), repr(t)]),
    "name": json.dumps({"a": {t: 1}}),
    "text": t,
}[sys.argv[1]])
sys.stderr.write("about " + t + "\n")
"#;

/// Secrets that are written otherwise in JSON, URLs and shells.
const AWKWARD: [&str; 5] = [
    "S3cr3tabcdefghi",
    "S3cr\"t-abc-def\\ghi/jk",
    "-----BEGIN KEY-----\nq8vKw2m0Zr\nYx7pLmA9sd\n-----END KEY-----",
    "pä55 wörd ünd mehr $(x) 'y'",
    "{\"type\":\"account\",\"key\":\"kq8vKw2m0Zr\",\"id\":90210777}",
];

fn site(secret: &str, body: &str) -> Site {
    let site = Site::new(&format!("input token: secret from env \"MYTOK\"\n{body}"));
    site.program("print", PRINT);
    site.set("MYTOK", secret);
    site
}

/// A statement that binds what the program prints.
fn bound(name: &str, ty: &str, kind: &str) -> String {
    format!("  let {name}: {ty} = run ./print {kind} {{\n    env T = token\n  }}\n")
}

#[test]
fn a_secret_anywhere_in_a_decoded_value_is_not_recorded() {
    let body = [
        "step \"Values\" {\n".to_owned(),
        bound("j", "json", "json"),
        bound("l", "lines", "lines"),
        bound("i", "list of text", "list"),
        bound("m", "map of text", "map"),
        bound("t", "text", "text"),
        "  run ./print text {\n    env T = j.k.inner[0]\n    stdin \"{j} {l} {i} {m} {t}\"\n  }\n".to_owned(),
        "  expect j.n == 7 and l[0] == \"first\" and m.b == \"c\"\n".to_owned(),
        "  log \"{j} {l[1]} {m.a} {t}\"\n  evidence j\n  evidence \"{t}\"\n  evidence { x: t, y: l }\n"
            .to_owned(),
        "  for x in l {\n    run printf %s {x}\n  }\n  rollback none \"x\"\n}\n".to_owned(),
    ];
    for secret in AWKWARD {
        let site = site(secret, &body.concat());
        let (code, said) = site.run(&[]);
        assert_eq!(code, Some(0), "{secret}: {said}");
        assert_eq!(site.leaks(&[secret]), Vec::<String>::new(), "{secret}");
        assert!(site.events().contains("\"n\":7"), "what is no secret is kept");
    }
}

#[test]
fn a_secret_of_digits_is_found_in_numbers() {
    let body = "step \"A\" {\n  let v: json = run ./print text {\n    env T = token\n  }\n  log \"{v}\"\n  rollback none \"x\"\n}\n";
    let site = site("908172635441", body);
    let (code, said) = site.run(&[]);
    assert_eq!(code, Some(0), "{said}");
    assert_eq!(site.leaks(&["908172635441"]), Vec::<String>::new());
}

#[test]
fn a_map_whose_names_hold_a_secret_is_not_kept() {
    let body =
        ["step \"A\" {\n".to_owned(), bound("_v", "json", "name"), "  rollback none \"x\"\n}\n".to_owned()];
    let site = site(AWKWARD[0], &body.concat());
    let (code, said) = site.run(&[]);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("`_v` is not kept: the name of a field in it holds a secret"), "{said}");
    assert_eq!(site.leaks(&[AWKWARD[0]]), Vec::<String>::new());
}

#[test]
fn what_is_read_as_a_secret_is_one_from_its_first_byte() {
    let site = site("unused secret", "");
    site.program("fetch", "#!/bin/sh\nprintf 'F3tched%sS3cret' -\n");
    site.write(
        "a.runbook",
        "runbook \"t\" 1.0.0\nstep \"A\" {\n  let got: secret = run ./fetch\n  run sh -c \"echo again $T; echo $T >&2; exit 3\" {\n    env T = got\n    expect exit in [3]\n  }\n  let list: list of secret = run ./fetch2\n  log \"{got} {list}\"\n  rollback none \"x\"\n}\n",
    );
    site.program("fetch2", "#!/bin/sh\nprintf '[\"L1st%sS3cret\", \"0therL1st%sS3cret\"]' - -\n");
    let (code, said) = site.run(&[]);
    assert_eq!(code, Some(0), "{said}");
    assert_eq!(site.leaks(&["F3tched-S3cret", "L1st-S3cret", "0therL1st-S3cret"]), Vec::<String>::new());
    let logs = String::from_utf8(site.bowline(&["logs"]).stdout).unwrap();
    assert!(logs.contains("again ***"), "{logs}");
}

#[test]
fn a_file_with_a_secret_in_it_is_no_evidence() {
    let body = "step \"A\" {\n  run sh -c \"printf 'x%s' \\\"$T\\\" > secret.txt; echo plain > plain.txt\" {\n    env T = token\n  }\n  let secret = artifact \"secret.txt\"\n  let plain = artifact \"plain.txt\"\n  evidence secret\n  evidence plain\n  rollback none \"x\"\n}\n";
    let site = site(AWKWARD[0], body);
    let (code, said) = site.run(&[]);
    assert_eq!(code, Some(0), "it is no failure: {said}");
    assert!(said.contains("note: evidence not kept: secret.txt holds a secret"), "{said}");
    let kept: Vec<_> =
        std::fs::read_dir(site.path("journal/runs").join(site.id()).join("evidence")).unwrap().collect();
    assert_eq!(kept.len(), 1, "{kept:?}");
    assert_eq!(site.leaks(&[AWKWARD[0]]), Vec::<String>::new());
}
