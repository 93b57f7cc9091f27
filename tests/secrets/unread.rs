//! Secrets that nothing reads which may run, and those that a file of inputs gives again.

use crate::site::Site;

const TOKEN: &str = "Zq8vKw2mHx4TpR6y";

/// Needs its token for one way only. What asks for the other one says that it was asked.
const WAYS: &str = r#"input way: text = "pin"
input token: secret from env "MYTOK"
input other: secret from command ["./ask"]
let hosted = way != "pin"
if hosted {
  step "Hosted" {
    run ./use {
      env T = token
    }
    rollback none "x"
  }
} else {
  step "Pinned" {
    run ./use
    rollback none "x"
  }
}
step "Cloud" if way == "cloud" {
  run ./use {
    env T = other
  }
  rollback none "x"
}
"#;

fn site() -> Site {
    let site = Site::new(WAYS);
    site.program("use", "#!/bin/sh\nprintf '%s|%s\\n' \"${T-none}\" \"${MYTOK-none}\" >> used\n");
    site.program("ask", "#!/bin/sh\necho asked >> asked\necho Lk3Vn5Qz9Xw7Bd1c\n");
    site
}

fn read(site: &Site, name: &str) -> String {
    std::fs::read_to_string(site.path(name)).unwrap_or_default()
}

#[test]
fn a_secret_of_a_branch_that_is_not_taken_is_not_had() {
    let site = site();
    let (code, said) = site.run(&[]);
    assert_eq!((code, read(&site, "asked").as_str()), (Some(0), ""), "{said}");
    assert_eq!(read(&site, "used"), "none|none\n");
    // Set, it is kept from programs though nothing reads it.
    site.set("MYTOK", TOKEN);
    assert_eq!(site.run(&[]).0, Some(0));
    assert_eq!(read(&site, "used"), "none|none\nnone|none\n");
}

#[test]
fn a_secret_of_a_branch_that_may_be_taken_is_had_before_anything_runs() {
    let site = site();
    let (code, said) = site.run(&["-i", "way=hosted"]);
    assert_eq!((code, read(&site, "asked").as_str()), (Some(2), ""), "{said}");
    assert!(said.contains("inputs are missing") && said.contains("token: secret"), "{said}");
    assert!(!said.contains("other") && !site.path("used").exists(), "{said}");
    site.set("MYTOK", TOKEN);
    let (code, said) = site.run(&["-i", "way=cloud"]);
    assert_eq!((code, read(&site, "asked").as_str()), (Some(0), "asked\n"), "{said}");
    assert_eq!(read(&site, "used"), format!("{TOKEN}|none\nLk3Vn5Qz9Xw7Bd1c|none\n"));
    assert_eq!(site.leaks(&[TOKEN, "Lk3Vn5Qz9Xw7Bd1c"]), Vec::<String>::new());
}

#[test]
fn a_file_of_inputs_gives_secrets_again() {
    let site = Site::new(
        "input name: text\ninput token: secret\nconfirm \"Go\"\nstep \"A\" {\n  run ./use {\n    env T = token\n  }\n  rollback none \"x\"\n}\n",
    );
    site.program("use", "#!/bin/sh\nprintf %s \"$T\" > used\n");
    site.write("inputs.toml", &format!("name = \"a\"\ntoken = \"{TOKEN}\"\n"));
    let (code, said) = site.run(&["--inputs", "inputs.toml"]);
    assert_eq!(code, Some(5), "{said}");
    let (code, said) = site.again("resume", &[]);
    assert!(code == Some(5) && said.contains("secret `token` is needed again"), "{said}");
    site.write("answers.toml", "[Go]\nanswer = true\n");
    site.write("other.toml", &format!("name = \"b\"\ntoken = \"{TOKEN}\"\n"));
    let (code, said) = site.again("resume", &["--inputs", "other.toml", "--answers", "answers.toml"]);
    assert_eq!((code, read(&site, "used").as_str()), (Some(0), TOKEN), "{said}");
    assert!(said.contains("input `name` has another value in the file"), "{said}");
    assert_eq!(site.leaks(&[TOKEN]).iter().filter(|place| !place.contains(".toml")).count(), 0);
}
