//! What is read, and what an author sees when something is wrong.

use super::*;
use crate::text::Sources;
use crate::view::{Style, diagnostics_text};

const KEY: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f";
const KEY_2: &str =
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAICAhIiMkJSYnKCkqKywtLi8wMTIzNDU2Nzg5Ojs8PT4/ bo@laptop";

/// The reports of a text, drawn, each with nothing but itself.
fn told(text: &str) -> String {
    let mut sources = Sources::default();
    let Reading { diagnostics, shown, .. } = read(SourceId::default(), &Source::new(FILE_NAME, text));
    assert_eq!(shown.text().len(), text.len());
    sources.add(shown);
    diagnostics_text(&sources, &diagnostics, Style::PLAIN)
}

fn config(text: &str) -> Config {
    assert_eq!(told(text), "");
    read(SourceId::default(), &Source::new(FILE_NAME, text)).config
}

#[test]
fn the_operator_is_the_one_of_the_record() {
    assert_eq!(people::OPERATOR, crate::event::OPERATOR);
}

#[test]
fn everything_is_read() {
    let text = format!(
        r#"
journal = "../state"
allow-as = true
approvals = "unsigned"

[people]
ana = "{KEY} ana@desk"
bo = ["{KEY_2}"]
cy = []

[groups]
release-managers = ["ana", "bo"]
nobody-yet = []

[roles]
database = "bo"
"release lead" = ["ana", "cy"]

[channels]
release = {{ run = ["./tell", "--to", "team"] }}
ops = {{ url = "https://chat.example.org/hooks/ops" }}

[channels.hook]
url = {{ env = "OPS_HOOK" }}

[lints]
W0401 = "deny"
W0203 = "allow"

[targets]
db-1 = {{ ssh = "ops@db-1", config = "ssh_config", silence = "1m" }}
cache = {{ docker = "cache-1" }}
web = {{ kubectl = "deploy/web", namespace = "prod", container = "app", context = "eu" }}
"#
    );
    insta::assert_debug_snapshot!(config(&text));
}

#[test]
fn an_empty_file_says_nothing() {
    assert_eq!(config(""), Config::default());
    assert_eq!(config("# nothing yet\n"), Config::default());
}

#[test]
fn five_mistakes_five_reports() {
    insta::assert_snapshot!(told(
        "jurnal = \"x\"\nallow-as = \"yes\"\n\n[lints]\nW0499 = \"deny\"\nW0401 = \"forbid\"\n\n[chanels]\na = 1\n"
    ));
}

#[test]
fn what_is_no_toml_hides_nothing_else() {
    insta::assert_snapshot!(told(
        "allow-as = yes\njurnal = \"x\"\n[groups]\na = [\"ana\", \"ana\"]\nb = \"ana\nc = 3\n"
    ));
}

#[test]
fn a_key_given_twice_is_one_mistake() {
    insta::assert_snapshot!(told("journal = \"a\"\njournal = \"b\"\n[groups]\n[groups]\n"));
}

#[test]
fn secrets_are_refused_with_what_to_do_instead() {
    insta::assert_snapshot!(told(
        r#"token = "abcdefgh"
[people]
ana = """
-----BEGIN OPENSSH PRIVATE KEY-----
b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtzc2gtZW
-----END OPENSSH PRIVATE KEY-----
"""
[channels]
slack = { url = "https://hooks.slack.com/services/T0/B0/abc" }
basic = { url = "https://bot:hunter2@chat.example.org/" }
query = { url = "https://chat.example.org/post?token=abc" }
curl = { run = ["curl", "-H", "Authorization: Bearer abcdefghijkl", "https://chat.example.org"] }
mail = { run = ["mail"], password = "hunter2" }
"#
    ));
}

#[test]
fn people_are_told_apart() {
    insta::assert_snapshot!(told(&format!(
        r#"[people]
ana = "{KEY}"
bo = ["{KEY} another comment", "ssh-dss AAAA", "ssh-ed25519 AAAA", "hello"]
cy = "ssh-rsa AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f"
dan = 7
[groups]
managers = ["ana", "boo", "somebody else entirely", 3, ""]
[roles]
operator = "ana"
database = []
lead = ["cyy"]
"#
    )));
}

#[test]
fn people_may_stand_elsewhere() {
    let text = "allowed-signers = \"keys\"\n[groups]\na = [\"ana\"]\n[people]\nbo = []\n";
    assert_eq!(config(text).allowed_signers.as_deref(), Some("keys"));
}

#[test]
fn channels_and_targets_lead_somewhere() {
    insta::assert_snapshot!(told(
        r#"approvals = "signd"
[channels]
nowhere = {}
both = { run = ["true"], url = "https://example.org" }
none = { run = [] }
word = "mail"
ftp = { url = "ftp://example.org" }
relative = { url = "/hooks" }
variable = { url = { env = "NO-NAME" } }
misspelt = { rum = ["true"] }
[targets]
local = { ssh = "x" }
option = { ssh = "-oProxyCommand=touch pwned" }
two = { ssh = "a", docker = "b" }
none = {}
extra = { docker = "b", namespace = "prod" }
foreign = { docker = "b", config = "ssh_config" }
short = { ssh = "a", silence = "1s" }
odd = { ssh = "a", silence = "soon" }
[lints]
E0201 = "allow"
w0401 = "warn"
"#
    ));
}

#[test]
fn approvals_are_signed_unless_the_file_says_otherwise() {
    assert!(!config("").unsigned && !config("approvals = \"signed\"\n").unsigned);
    assert!(config("approvals = \"unsigned\"\n").unsigned);
}

mod any_text {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// Whatever the text: no panic, and every span lies in it.
        #[test]
        fn is_read_without_a_panic(text in "(\\PC|[\\[\\]={}\"'\n.,#-]|journal|groups|channels|url|env|run){0,80}") {
            let source = Source::new(FILE_NAME, &text);
            for one in read(SourceId::default(), &source).diagnostics {
                prop_assert!(one.primary.span.end as usize <= text.len());
            }
        }
    }
}

#[test]
fn an_old_key_is_read_as_the_new_one_and_told() {
    let text = "diary = \"../state\"\n\n[targets.web]\nssh = \"web-1\"\nquiet = \"2m\"\n";
    let said = told(text);
    let line = "`diary` is deprecated since bowline 0.1.0, and 1.0.0 no longer has it";
    assert!(said.contains(line) && said.contains("bowline.toml:1:1"), "{said}");
    assert!(said.contains("write `journal`") || said.contains("`journal` stands in its place"), "{said}");
    assert!(said.contains("`quiet` is deprecated") && said.contains("bowline.toml:5:1"), "{said}");
    let new = text.replace("diary", "journal").replace("quiet", "silence");
    assert_eq!(read(SourceId::default(), &Source::new(FILE_NAME, text)).config, config(&new));
    let both = told(&format!("journal = \"../other\"\n{text}"));
    assert!(both.contains("`diary` says what `journal` says already"), "{both}");
}
