//! What a line of a shell is: whether it looks like a command at all, its prompt, its words.

use super::words::among;

/// Programs that runbooks call; a line that begins with one is a command.
const PROGRAMS: &str = "\
    ansible ansible-playbook apk apt apt-get argocd awk aws az bash brew bundle cargo cat cd certbot \
    chef-client chmod chown consul cp createdb crontab curl cut date dd df dig diff dnf docker \
    docker-compose dropdb du echo env etcdctl exit export find firewall-cmd flux flyctl free gcloud gem \
    gh git go govulncheck gradle grep gsutil gunzip gzip head helm heroku host hostname htop ip iptables \
    java journalctl jq kafka-topics kafka-topics.sh kill killall kubectl kustomize less ln ls lsblk lsof \
    make mkdir mongo mongodump mongosh mount mv mvn mysql mysqladmin mysqldump nc netstat nft nginx nmap \
    node nohup nomad npm npx nslookup openssl patroni patronictl pg_ctl pg_dump pg_dumpall pg_restore \
    pgrep php ping pip pip3 pkill pnpm podman printenv printf ps psql pulumi pwd pytest python python3 \
    rabbitmqctl rails rake redis-cli rm rmdir rpm rsync ruby scp sed service set sftp sh sleep sort \
    source ss ssh stat strace su sudo supervisorctl swapoff swapon sysctl systemctl tail tar tcpdump tee \
    telnet terraform terragrunt test time timeout top touch tr traceroute ufw umount uname unset unzip \
    uptime useradd vault velero vi vim watch wc wget which whoami xargs yarn yum zcat zip";

/// Words that begin a construct of a shell.
const CONSTRUCTS: &[&str] = &[
    "if", "then", "else", "elif", "fi", "for", "while", "until", "do", "done", "case", "esac", "function",
    "[[", "[", "{", "}", "(", ")", "!", "exec", "eval", "trap", "alias", "read", "local", "return", "shift",
    "wait", "ulimit", "umask", ".", ":", "declare", "true", "false", "break", "continue",
];

/// What only a shell can do: it changes the shell itself, or is a part of its grammar.
pub(super) fn needs_shell(word: &str) -> bool {
    CONSTRUCTS.contains(&word) && !matches!(word, "true" | "false")
        || matches!(word, "cd" | "export" | "source" | "set" | "unset" | "exit" | "time")
}

/// A prompt and the command behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Prompted<'a> {
    pub(super) prompt: &'a str,
    pub(super) command: &'a str,
}

/// Takes the prompt off a line, where it has one that cannot be anything else: `$ `, `user@host:~# `, `[user@host dir]$ `.
pub(super) fn prompted(line: &str) -> Option<Prompted<'_>> {
    let body = line.trim_start();
    let signs = ['$', '%', '#', '❯', '➜', '»', 'λ'];
    let at = body.char_indices().find(|(at, c)| {
        let after = body.get(at + c.len_utf8()..).unwrap_or_default();
        signs.contains(c) && after.starts_with(' ')
    });
    let (at, sign) = at?;
    let (before, rest) = body.split_at_checked(at)?;
    let is_name = before.contains('@') && before.split_whitespace().count() <= 2;
    let is_shell = before.starts_with("bash-") || before.starts_with("sh-") || is_environment(before);
    let bare = before.is_empty() && sign != '#' && sign != '%';
    let named = (is_name || is_shell) && before.chars().all(is_of_prompt);
    let command = rest.get(sign.len_utf8()..)?.trim();
    (bare || named).then(|| Prompted { prompt: body.get(..at + sign.len_utf8()).unwrap_or(body), command })
}

/// `(venv) ` before the sign.
fn is_environment(before: &str) -> bool {
    let trimmed = before.trim_end();
    trimmed.starts_with('(') && trimmed.ends_with(')') && trimmed.len() > 2
}

fn is_of_prompt(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '@' | '-' | '_' | '.' | ':' | '~' | '/' | '[' | ']' | '(' | ')' | ' ')
}

/// The prompt of a program that is no shell: a person sits at it.
pub(super) fn is_foreign_prompt(line: &str) -> bool {
    const PROMPTS: [&str; 9] =
        ["mysql>", "sqlite>", ">>>", "irb(", "redis>", "mongo>", "PS C:", "C:\\", "MariaDB ["];
    let body = line.trim_start();
    let word = body.split_whitespace().next().unwrap_or_default();
    let postgres = ["=#", "=>", "-#"].iter().any(|end| word.ends_with(end)) && word.len() > 3;
    PROMPTS.iter().any(|prompt| body.starts_with(prompt)) || postgres
}

/// Whether the first word is one that everybody knows as a program, a part of a shell, or a path to a script.
pub(super) fn is_known(first: &str) -> bool {
    let path = first.starts_with("./") || first.starts_with("../") || first.starts_with("~/");
    let absolute = first.starts_with('/') && first.matches('/').count() > 1;
    let script =
        [".sh", ".py", ".rb", ".pl"].iter().any(|end| first.ends_with(end) && first.len() > end.len());
    let root =
        ["/bin/", "/sbin/", "/usr/", "/opt/", "/etc/init.d/"].iter().any(|root| first.starts_with(root));
    among(PROGRAMS, first) || CONSTRUCTS.contains(&first) || path || script || absolute && root
}

/// `NAME=value`.
pub(super) fn is_assignment(word: &str) -> bool {
    word.split_once('=').is_some_and(|(name, _)| is_name(name))
}

/// Whether a text can be the name of a variable.
pub(super) fn is_name(name: &str) -> bool {
    let starts = name.chars().next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_');
    starts && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// Programs that always take the terminal.
const OF_TERMINALS: &str = "\
    vi vim nano emacs less more top htop iotop iftop visudo watch telnet su read passwd screen tmux nmtui fdisk cfdisk k9s gdb";

/// Commands that take the terminal for themselves or never end: a person does these.
pub(super) fn is_for_hands(words: &[String]) -> bool {
    let word = |at: usize| words.get(at).map_or("", String::as_str);
    let words = if word(0) == "sudo" { words.get(1..).unwrap_or_default() } else { words };
    let has = |option: &str| words.iter().any(|word| word == option);
    let begins = |option: &str| words.iter().any(|word| word.starts_with(option));
    let rest = words.get(1..).unwrap_or_default();
    let bare = rest.iter().filter(|word| !word.starts_with('-')).count();
    let program = words.first().map_or("", |first| first.rsplit('/').next().unwrap_or(first));
    let does = |word: &str| rest.first().is_some_and(|first| first == word);
    if among(OF_TERMINALS, program) || does("login") && rest.len() < 2 {
        return true;
    }
    match program {
        // `sudo -i`: a shell of its own.
        "-i" | "-s" => words.len() == 1,
        "psql" => !has("-c") && !has("-f") && !has("-l") && !begins("--"),
        "mysql" | "mongosh" | "mongo" => !has("-e") && !has("--eval") && !begins("--exec"),
        "redis-cli" | "python" | "python3" | "node" | "bash" | "sh" | "zsh" => rest.is_empty(),
        "ssh" | "chroot" | "sqlite3" => bare <= 1,
        "crontab" => has("-e"),
        "tail" | "journalctl" | "dmesg" => has("-f") || has("-F") || has("-w") || begins("--follow"),
        "ping" | "ping6" | "tcpdump" => !begins("-c") && !begins("-w"),
        "mtr" => !begins("-r") && !begins("--report"),
        "virtctl" => does("console") || does("vnc") || does("ssh"),
        "kubectl" | "docker" | "oc" | "podman" => keeps_terminal(words),
        _ => false,
    }
}

/// Whether a command of a cluster or of containers stays with what it shows, or gives a shell.
fn keeps_terminal(words: &[String]) -> bool {
    const VERBS: &str = "get describe create delete patch apply set adm rollout scale label run start exec logs attach debug rsh \
        edit port-forward proxy";
    let has = |option: &str| words.iter().any(|word| word == option);
    let verb = words.iter().find(|word| among(VERBS, word)).map_or("", String::as_str);
    match verb {
        "attach" | "rsh" | "edit" | "port-forward" | "proxy" => true,
        "debug" => !has("--"),
        "logs" if has("-f") || has("--follow") => true,
        "get" if has("-w") || has("--watch") => true,
        _ => has("-it") || has("-ti") || has("-i") && has("-t"),
    }
}
