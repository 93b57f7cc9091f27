//! Sentences that want more than prose: waits, approvals, danger, decisions, undo. Found by their words, so each is a
//! hint and none is a statement.

use super::remark::{Kind, Remark};
use super::words::has;

/// Words and phrases by what they hint at; matched in lower case between the limits of words.
const HINTS: &[(Kind, &[&str])] = &[
    (
        Kind::Wait,
        &[
            "wait",
            "waits",
            "waiting",
            "sleep",
            "pause for",
            "settle",
            "freeze",
            "soak",
            "burn-in",
            "cool down",
            "cooldown",
            "watch until",
            "monitor until",
            "monitor for",
            "poll until",
            "repeat until",
            "for the next",
            "observe for",
        ],
    ),
    (
        Kind::Approval,
        &[
            "approve",
            "approves",
            "approved",
            "approval",
            "approvals",
            "approver",
            "sign-off",
            "sign off",
            "signoff",
            "signed off",
            "signed by",
            "authorize",
            "authorise",
            "authorization",
            "authorisation",
            "permission from",
            "go/no-go",
            "two-person",
            "four eyes",
            "four-eyes",
            "change board",
            "ok from",
            "consent",
            "green light",
        ],
    ),
    (
        Kind::Danger,
        &[
            "danger",
            "dangerous",
            "caution",
            "warning",
            "irreversible",
            "irreversibly",
            "cannot be undone",
            "can't be undone",
            "can not be undone",
            "destructive",
            "data loss",
            "lose data",
            "permanently",
            "careful",
            "beware",
            "do not",
            "don't",
            "never",
            "drop table",
            "drop database",
            "deletes",
            "delete all",
            "rm -rf",
            "wipes",
            "overwrites",
            "point of no return",
            "downtime",
            "outage",
        ],
    ),
    (
        Kind::Decision,
        &[
            "if",
            "unless",
            "otherwise",
            "in case",
            "depending on",
            "whether",
            "either",
            "decide",
            "decides",
            "go/no-go",
            "if required",
            "if needed",
            "optional",
            "optionally",
            "only when",
            "should it",
            "should the",
        ],
    ),
    (
        Kind::Undo,
        &[
            "roll back",
            "rolls back",
            "rolled back",
            "rolling back",
            "rollback",
            "rollbacks",
            "revert",
            "reverts",
            "reverted",
            "undo",
            "undone",
            "back out",
            "backout",
            "fail back",
            "failback",
            "fall back",
            "fallback",
            "downgrade",
            "restore",
            "restores",
            "restored",
            "restoring",
        ],
    ),
];

/// Words of commands and statements that destroy, or that nothing takes back; in lower case.
const DESTROYING: &[&str] = &[
    "rm -r",
    "rm -f",
    "rm -rf",
    "rm -fr",
    "rmdir",
    "shred",
    "wipefs",
    "mkfs",
    "dd if",
    "dd of",
    "truncate",
    "drop table",
    "drop database",
    "drop schema",
    "drop column",
    "dropdb",
    "delete from",
    "delete namespace",
    "delete ns",
    "delete pvc",
    "delete pv",
    "--delete",
    "flushall",
    "flushdb",
    "kill -9",
    "killall",
    "pkill",
    "--force",
    "--hard",
    "system prune",
    "volume rm",
    "terraform destroy",
    "terminate-instances",
    "reboot",
    "shutdown",
    "poweroff",
    "halt",
];

/// What the sentences of a text hint at, and what is dangerous in its fences; `line` is that of its first line.
pub(super) fn hints(text: &str, line: usize) -> Vec<Remark> {
    let (told, fenced) = apart(text);
    let mut remarks = of_sentences(&told, line);
    remarks.extend(dangers(&fenced, line));
    remarks.sort_by_key(|remark| remark.line);
    remarks
}

fn of_sentences(text: &str, line: usize) -> Vec<Remark> {
    let mut remarks = vec![];
    for (sentence, number) in sentences(text, line) {
        let lower = sentence.to_lowercase().replace('’', "'");
        for (kind, phrases) in HINTS {
            let timed = *kind == Kind::Wait && is_timed(&lower);
            if timed || phrases.iter().any(|phrase| has(&lower, phrase)) {
                remarks.push(Remark::new(number, *kind, quoted(&sentence)));
            }
        }
    }
    remarks
}

/// What in a text that is code destroys when it is run, or warns in a comment of the code.
pub(super) fn dangers(code: &str, line: usize) -> Vec<Remark> {
    let warns = |text: &str| of_sentences(text, 0).iter().any(|remark| remark.kind == Kind::Danger);
    let comment = |line: &str| {
        let signs = ["#", "-- ", "// "].into_iter();
        signs.filter_map(|sign| line.split_once(sign)).any(|(_, comment)| warns(comment))
    };
    let dangerous = |line: &str| {
        let command = line.split_once('#').map_or(line, |(before, _)| before);
        destroys(&command.to_lowercase()) || comment(line)
    };
    let lines = code.lines().zip(line..).filter(|(text, _)| dangerous(text));
    lines.map(|(text, number)| Remark::new(number, Kind::Danger, quoted(text))).collect()
}

/// Whether a line of code has words that destroy; its words may be divided by any blanks.
fn destroys(lower: &str) -> bool {
    let lower = lower.split_whitespace().collect::<Vec<_>>().join(" ");
    DESTROYING.iter().any(|phrase| has(&lower, phrase))
}

/// What stands in a text outside and inside its fences; both have its lines, those of the other left empty.
fn apart(text: &str) -> (String, String) {
    let (mut told, mut fenced, mut inside) = (String::new(), String::new(), false);
    for (at, line) in text.lines().enumerate() {
        let fence = line.trim_start().starts_with("```");
        inside ^= fence;
        for all in [&mut told, &mut fenced] {
            all.push_str(if at > 0 { "\n" } else { "" });
        }
        match (fence, inside) {
            (true, _) => {}
            (false, true) => fenced.push_str(line),
            (false, false) => told.push_str(line),
        }
    }
    (told, fenced)
}

/// `10 minutes`, `within 5 min`, `72h`.
fn is_timed(lower: &str) -> bool {
    const UNITS: [&str; 10] =
        ["second", "seconds", "minute", "minutes", "hour", "hours", "min", "mins", "days", "sec"];
    let words: Vec<&str> =
        lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let counted = words.windows(2).any(|pair| match pair {
        [number, unit] => number.chars().all(|c| c.is_ascii_digit()) && UNITS.contains(unit),
        _ => false,
    });
    let short = |word: &&&str| {
        let digits = word.chars().take_while(char::is_ascii_digit).count();
        digits > 0 && matches!(word.get(digits..), Some("h" | "m" | "s" | "min" | "sec" | "hrs"))
    };
    counted || words.iter().find(short).is_some()
}

/// The sentences of a text, each with the line in which it begins.
fn sentences(text: &str, line: usize) -> Vec<(String, usize)> {
    let mut found: Vec<(String, usize)> = vec![];
    let (mut sentence, mut begun, mut number) = (String::new(), line, line);
    let mut says = false;
    for (at, c) in text.char_indices() {
        let rest = text.get(at + c.len_utf8()..).unwrap_or_default();
        let blank = rest.chars().next().is_none_or(char::is_whitespace);
        let ends = matches!(c, '.' | '!' | '?' | ';') && blank || c == '\n' && opens_item(rest);
        // Whether it says anything is kept, not looked for: a long indentation would be looked through at each of its blanks.
        if !says {
            begun = number;
        }
        says |= !c.is_whitespace();
        sentence.push(if c == '\n' { ' ' } else { c });
        number += usize::from(c == '\n');
        if ends {
            says = false;
            found.push((std::mem::take(&mut sentence), begun));
        }
    }
    found.push((sentence, begun));
    found.retain(|(sentence, _)| !sentence.trim().is_empty());
    found
}

/// Whether a new line begins something of its own: an item, a heading, a row.
fn opens_item(rest: &str) -> bool {
    let body = rest.trim_start_matches([' ', '>']);
    body.starts_with(['-', '*', '+', '#', '|', '\n', '[']) || body.starts_with(|c: char| c.is_ascii_digit())
}

/// The sentence, cut where it is long.
fn quoted(sentence: &str) -> String {
    const LONGEST: usize = 100;
    let sentence = sentence.split_whitespace().collect::<Vec<_>>().join(" ");
    if sentence.chars().count() <= LONGEST {
        return sentence;
    }
    let cut: String = sentence.chars().take(LONGEST).collect();
    cut.rsplit_once(' ').map_or(cut.clone(), |(words, _)| words.to_owned()) + " …"
}
