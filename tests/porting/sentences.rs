//! What begins with the name of a program: a command is run, and a sentence about one never is.

use crate::{bowline, said, scratch};

const COMMANDS: &[&str] = &[
    "git status",
    "git log --oneline",
    "git push origin main",
    "git checkout -b fix-the-build",
    "make test",
    "make all",
    "make clean install",
    "go test ./...",
    "npm run is-ready",
    "cp a b",
    "ls a",
    "test -f ready",
    "kubectl get pods",
    "kubectl get pods -n shop",
    "kubectl rollout status deploy/api --timeout=5m",
    "kubectl wait --for=condition=ready pod/api-0",
    "systemctl is-active api",
    "systemctl restart api",
    "terraform show",
    "terraform output name",
    "docker run --restart always redis",
    "grep the /etc/hosts",
    "grep -c passes results.txt",
    "pgrep -f worker",
    "ufw allow from 10.0.0.0/8 to any port 22",
    "ip addr add 10.0.0.7/24 dev eth0",
    "curl -sf https://api.example.org/is/up",
    "sleep 30",
    "sleep infinity",
    "kill 4711",
    "kill -HUP 4711",
    "find /var/log -name old",
    "date -u",
    "echo the service is up.",
    "git commit -m 'it is what it should be'",
    "sudo -u postgres pg_ctl promote -D /data",
    "dig example.org.",
    "stockctl reindex --all",
];

const SENTENCES: &[&str] = &[
    "git status shows nothing",
    "git status should be clean",
    "git log -1 must be the tag",
    "kubectl get pods should list three",
    "kubectl get pods -n shop lists three",
    "kubectl get pods shows all pods Running",
    "kubectl get pods, then wait",
    "kubectl get pods doesn't show it",
    "kubectl get pods doesn’t show it",
    "systemctl status api is active",
    "curl -sf localhost/health returns 200",
    "df -h shows less than 80%",
    "docker ps prints the container",
    "make test passes",
    "make sure that it runs",
    "make a note of the number",
    "ls is empty",
    "ping answers with 10.0.0.7",
    "node is ready",
    "service is running",
    "watch the board until it is green",
    "find the pod that hangs",
    "find faulty nodes",
    "kill the old process",
    "set the flag",
    "test login works",
    "wait 10 minutes",
    "sleep 10 minutes",
    "exit maintenance mode",
    "time the restart",
    "go live",
    "host is down",
    "source is the old cluster",
    "git add everything.",
    "if it fails, call the keeper",
    "if errors restart",
    "for each shard do the same",
    "until lag is 0 wait",
    "do the same on node 2",
    "run the backup with --full",
    "use --dry-run first",
    "the --force flag",
];

/// The lines of the runbook that an import of a document gives, and what it says on standard error.
fn imported(document: &str) -> (Vec<String>, String) {
    let folder = scratch::folder();
    std::fs::write(folder.path().join("a.md"), document).unwrap();
    let output = bowline(folder.path(), &["import", "a.md"]);
    assert!(output.status.success(), "{}", said(&output));
    let (runbook, report) =
        (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    assert!(report.contains("unplaced text  0 of"), "{report}");
    (runbook.lines().map(str::to_owned).collect(), report)
}

/// One document with each of these in a fence that says nothing, and each alone between backticks.
fn document(each: &[&str]) -> String {
    let fences = each.iter().zip(1..).map(|(line, at)| format!("## Part {at}\n\n```\n{line}\n```\n\n"));
    let items = each.iter().map(|line| format!("- `{line}`\n"));
    let alone = each.iter().map(|line| format!("`{line}`\n\n"));
    format!(
        "# All\n\n{}## Items\n\n{}\n## Alone\n\n{}",
        fences.collect::<String>(),
        items.collect::<String>(),
        alone.collect::<String>()
    )
}

#[test]
fn a_command_is_run_though_nothing_says_that_it_is_one() {
    let (runbook, report) = imported(&document(COMMANDS));
    let runs = runbook.iter().filter(|line| line.trim().starts_with("run ")).count();
    let all = 3 * COMMANDS.len();
    assert!(
        runs == all && report.contains(&format!("commands       {all}, and 0 left")),
        "{runbook:#?} {report}"
    );
}

#[test]
fn a_sentence_about_a_command_is_never_run() {
    let (runbook, report) = imported(&document(SENTENCES));
    let run: Vec<String> = SENTENCES.iter().map(|sentence| format!("run {sentence}")).collect();
    let runs = |line: &&String| run.contains(&line.trim().to_owned()) || line.trim().starts_with("```bash");
    assert_eq!(runbook.iter().filter(runs).collect::<Vec<_>>(), Vec::<&String>::new());
    assert!(report.contains("commands       0,"), "{report}");
}

#[test]
fn a_sentence_in_a_fence_for_a_shell_leaves_it_to_a_person() {
    for fence in ["sh", "bash", "console"] {
        let (runbook, report) = imported(&format!(
            "# All\n\n1. Look:\n\n   ```{fence}\n   git status\n   Then restart the api\n   ```\n"
        ));
        let runbook = runbook.join("\n");
        assert!(
            runbook.contains("a person does it: ") && report.contains("commands       0, and 1 left"),
            "{fence}: {runbook}"
        );
    }
}

#[test]
fn what_a_page_has_put_into_a_command_leaves_it_to_a_person() {
    let spoiled = [
        "kubectl exec api -- sh -c ‘rm -rf /tmp/cache’",
        "curl -X POST “https://api.example.org/drain”",
        "kubectl rollout status deploy/api —timeout=5m",
        "systemctl\u{a0}restart api",
        "systemctl restart\u{200b} api",
        "systemctl stop api &amp;&amp; systemctl start api",
        "psql -f dump.sql &gt; log",
    ];
    for command in spoiled {
        for fence in ["", "sh"] {
            let (runbook, report) =
                imported(&format!("# All\n\n1. Do it:\n\n   ```{fence}\n   {command}\n   ```\n"));
            assert!(report.contains("commands       0, and 1 left"), "{command}: {runbook:#?}");
        }
    }
    let (runbook, _) =
        imported("# All\n\n1. Say it:\n\n   ```sh\n   stockctl say --text \"it’s “done” – now\"\n   ```\n");
    assert!(runbook.iter().any(|line| line.contains("run stockctl")), "{runbook:#?}");
}
