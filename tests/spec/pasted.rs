//! A piece of another language, or of Markdown, that was pasted between statements is one report, and hides nothing beside it.

use crate::check::told;
use crate::mistakes::{in_every_runbook, made, one, reports, statements, text_of};

/// What is pasted; each is one report.
const PIECES: &[(&str, &str)] = &[
    ("if of bash", "if [ -f /etc/x ]; then\n  echo \"it's\"\nelif [[ $x == 1 ]]; then\n  exit 1\nfi"),
    ("if with its words below", "if systemctl is-active nginx\nthen\n  echo hello\nfi"),
    ("for of bash", "for f in $(ls *.txt); do\n  rm -f \"${f}\"\ndone"),
    ("for on one line", "for h in a b c; do ssh $h uptime; done"),
    ("while in for", "for h in a b; do\n  while read -r line; do\n    echo \"$line\"\n  done < hosts\ndone"),
    ("case", "case \"$1\" in\n  start)\n    systemctl start x\n    ;;\n  *) exit 1 ;;\nesac"),
    ("a document", "cat > /etc/app.conf <<'EOF'\n[server]\nname = \"x\nEOF"),
    ("a document for a program", "run psql <<SQL\nselect * from x;\nSQL"),
    ("function", "function deploy() {\n  local x=1\n  echo \"$x\"\n}"),
    ("a function by its brackets", "deploy() {\n  kubectl apply -f x.yaml\n}"),
    ("a script", "#!/bin/bash\nset -euo pipefail\ncd /srv\nfor d in a b; do\n  rm -rf $d\ndone\n"),
    ("commands with a prompt", "$ systemctl restart nginx\n$ curl -I localhost"),
    ("def", "def main(argv):\n    x = [1, 2]\n\n    return x[\"a\"]"),
    ("imports and def", "import os\nfrom sys import argv\n\n@cached\ndef main():\n    print(\"x\")"),
    ("class", "class A(B):\n    def __init__(self):\n        self.x = 1"),
    ("prose in other quotes", "'''\nSome words\nand more: x\n'''"),
    ("a comment of C", "/*\n * Some words\n   deploy it (\n*/"),
    ("a statement in a comment", "/* step \"x\" {\n     run y\n   } */"),
    ("a comment of HTML", "<!-- Some words, the (old\n  more of it -->"),
    ("tick boxes", "- [ ] do this\n- [x] do that\n- [ ] \"then\" (this"),
    ("a list", "* do this\n* do that: x\n  - and that\n    as well\n\n* `run` this {"),
    ("a numbered list", "1. do this\n2. do that\n3. restart it\n   and wait"),
    ("a table", "| host | role |\n|------|------|\n| a    | db   |"),
    ("a quotation", "> do this\n> and that"),
    (
        "a diff",
        "--- a/x.runbook\n+++ b/x.runbook\n@@ -1,3 +1,4 @@\n step \"x\" {\n-  run a\n+  run b\n+  run c\n }",
    ),
    (
        "a diff of git",
        "diff --git a/x b/x\nindex 83db48f..bf2a 100644\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b",
    ),
    ("lines of a diff", "-  run a {\n+  run b {"),
    ("a diff without heads", "@@ -10,2 +10,2 @@ step \"x\" {\n-  run a\n+  run b"),
    ("a diff that lost its end", "@@ -1,13 +1,14 @@\n step \"x\" {\n-  run a\n+  run b"),
    ("a script between tildes", "~~~sh\nrun a | b\nif x; then y; fi\n~~~"),
];

/// Lines that are told as one where each of them is wrong; each is one report.
const LINES: &[(&str, &str)] = &[
    ("a task of Ansible", "- name: install\n  apt:\n    name: nginx\n  become: true"),
    (
        "steps of a pipeline",
        "steps:\n  - uses: actions/checkout@v4\n    with:\n      fetch-depth: 0\n  - run: make",
    ),
    ("a map of YAML", "image: nginx\nports:\n  - 80\nenvironment:\n  A: \"b\""),
    ("HCL", "resource \"a\" \"b\" {\n  name = \"x\"\n  tags = {\n    a = \"b\"\n  }\n}"),
    ("TOML", "[section.sub]\nkey = \"value\"\nn = 2"),
    ("JSON", "\"a\": 1,\n\"b\": [1, 2]"),
    ("an object of JSON", "{\n  \"a\": 1,\n  \"b\": {\"c\": 2}\n}"),
    ("XML", "<server>\n  <port>80</port>\n</server>"),
    ("comments of C", "// do this\n// and that"),
    ("while of Python", "while x < 3:\n    print(x)"),
    ("try of Python", "try:\n    foo()\nexcept Error as e:\n    bar()"),
    ("switch", "switch (x) {\n  case 1:\n    foo();\n    break;\n}"),
    ("try", "try {\n  foo();\n} catch (e) {\n  bar(e);\n}"),
    ("def of Ruby", "def f\n  foo\nend"),
    ("lines of JavaScript", "const x = await fetch(\"http://x\");\nconsole.log(x);"),
    ("a function of JavaScript", "const f = (a) => {\n  foo(a);\n};"),
    ("words", "this is a note for the operator\nand it goes on here"),
    ("sentences", "First stop the service.\nThen wait (a minute),\nand start it again."),
    ("a heading", "Deploy\n======"),
    ("bold words", "**Attention:** do this first\nand *that* then"),
    ("commands", "kubectl apply -f x.yaml\nkubectl get pods | grep x"),
    ("a command and what it printed", "$ kubectl get pods\nNAME   READY\nweb-1  1/1"),
    ("prompts of hosts", "user@host:~$ kubectl get pods\n[root@host ~]# systemctl restart x"),
    ("a Dockerfile", "FROM alpine:3\nRUN apk add curl\nCOPY . /app"),
    ("a Makefile", ".PHONY: all\nall: build\n\tmake x"),
    ("a statement of SQL", "ALTER TABLE a ADD COLUMN b int;"),
    ("SQL", "SELECT *\nFROM a\nWHERE b = 1;"),
    ("a table of SQL", "CREATE TABLE a (\n  id int primary key,\n  name text\n);"),
    ("a command of PowerShell", "Get-Process | Where-Object { $_.CPU -gt 10 }"),
    ("PowerShell", "$x = Get-Service x\nif ($x.Status -eq \"Up\") {\n  Stop-Service x\n}"),
    ("a line of a crontab", "0 5 * * * /usr/bin/backup.sh"),
    ("variables of a shell", "A=b\nOTHER=x y"),
    ("exports", "export A=b\nexport C=d"),
    ("templates", "{% if x %}\n{% endif %}"),
    ("an address", "https://example.org/x"),
];

/// All of them.
fn pieces() -> impl Iterator<Item = &'static (&'static str, &'static str)> {
    PIECES.iter().chain(LINES)
}

/// A piece before a line, indented as that is.
fn before(line: &str, piece: &str) -> String {
    let indent = &line[..line.len() - line.trim_start().len()];
    let piece: Vec<String> =
        piece.split('\n').map(|line| format!("{indent}{line}").trim_end().to_owned()).collect();
    format!("{}\n{line}", piece.join("\n"))
}

/// Whether a statement begins there that may have another before it.
fn is_start(line: &str) -> bool {
    let begins = |word: &&str| line.trim_start().starts_with(*word);
    ["step \"", "phase \"", "check \"", "run ", "let ", "rollback {", "expect ", "log \""].iter().any(begins)
}

/// One place for a third of the pieces, the others in the next runbooks.
fn third(name: &str, number: usize, places: usize) -> Vec<usize> {
    if (number + name.len()).is_multiple_of(3) { one(name, number, places) } else { vec![] }
}

#[test]
fn what_is_pasted_is_one_report() {
    let pieces: Vec<_> = pieces()
        .map(|(what, piece)| (*what, move |line: &str| is_start(line).then(|| before(line, piece))))
        .collect();
    in_every_runbook(|name| made(name, &pieces, statements, third));
}

#[test]
fn what_stands_beside_it_is_told() {
    let name = "runbooks/memoria/rollback.runbook";
    let text = text_of(name);
    let at = text.match_indices("\n  run ").next().unwrap().0 + 1;
    for (what, piece) in pieces() {
        let piece = before("  nothing_like_it \"x\"", piece);
        let compiled =
            reports(name, &format!("{}  nor_like_this \"x\"\n{piece}\n{}", &text[..at], &text[at..]));
        let said = told(&compiled);
        assert_eq!(compiled.diagnostics.len(), 3, "{what}\n{said}");
        assert!(said.contains("nothing_like_it") && said.contains("nor_like_this"), "{what}\n{said}");
    }
}

/// What an author wrote for this language, with blocks as elsewhere: all in them is told.
#[test]
fn what_is_written_for_this_language_is_no_piece() {
    for block in [
        "if true; then\n  step \"x\" {\n    run a | b\n    rollback none \"x\"\n  }\nfi",
        "function deploy() {\n  step \"x\" {\n    run a | b\n    rollback none \"x\"\n  }\n}",
        "for x in [1]; do\n  let y = z\n  log \"{y}\"\ndone",
    ] {
        let compiled = reports("x.runbook", &format!("runbook \"x\" 1.0.0\n{block}\n"));
        let codes: Vec<_> = compiled.diagnostics.iter().map(|one| one.code.id).collect();
        assert!(codes.contains(&"E0105") || codes.contains(&"E0201"), "{block}\n{}", told(&compiled));
    }
}

#[test]
fn lines_that_can_be_read_are_no_piece() {
    for (lines, told_of) in [
        ("steps:\n  log \"x\"\n  logg \"y\"", ["steps", "logg"]),
        ("this is a note\nlogg \"y\"", ["this", "logg"]),
        ("- name: x\nstepp \"y\" { run true }", ["- name", "stepp"]),
        ("for (x of y) {\n  logg \"x\"\n}", ["a loop", "logg"]),
        ("image: x\n\ntimeout: 5m", ["image", "timeout"]),
        ("timeout: 5m\nretry: 3", ["`timeout`", "`retry`"]),
        ("colour \"a@b $ c\" d\nthis is x", ["colour", "this"]),
    ] {
        let said = told(&reports("x.runbook", &format!("runbook \"x\" 1.0.0\n{lines}\n")));
        assert!(told_of.iter().all(|words| said.contains(words)), "{lines}\n{said}");
    }
}
