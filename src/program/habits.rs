//! What authors who come from other tools and languages write, and what is meant by it. Knows words, not statements.

/// Words that other tools begin a statement with, and the keyword here that is written the same way.
const KEYWORDS: &[(&str, &str)] = &[
    ("task", "step"),
    ("job", "step"),
    ("action", "step"),
    ("stage", "phase"),
    ("section", "phase"),
    ("assert", "expect"),
    ("ensure", "expect"),
    ("undo", "rollback"),
    ("revert", "rollback"),
    ("rescue", "rollback"),
    ("compensate", "rollback"),
    ("cleanup", "restore"),
    ("cwd", "dir"),
    ("chdir", "dir"),
    ("workdir", "dir"),
    ("environment", "env"),
    ("abort", "fail"),
    ("throw", "fail"),
    ("raise", "fail"),
    ("approve", "approval"),
    ("lock", "exclusive"),
    ("var", "let"),
    ("const", "let"),
    ("val", "let"),
    ("done_when", "done when"),
    ("before_rollback", "before rollback"),
    ("after_rollback", "after rollback"),
    ("after_success", "after success"),
    ("after_failure", "after failure"),
    ("after_run", "after run"),
];

/// Words that begin a definition elsewhere.
const DEFINING: &[&str] = &["function", "func", "fn", "def", "macro"];

/// Words that begin what is said otherwise here, and how.
const SAYINGS: &[(&[&str], &str)] = &[
    (
        &["sleep", "pause"],
        "to wait, write `wait 10s`; what has an end that can be seen is a `check` with `within`",
    ),
    (&["print", "println", "printf", "echo", "puts", "say"], "to write into the record, `log \"…\"`"),
    (
        &["try", "catch", "except", "ignore_errors", "continue_on_error"],
        "what may fail by itself is `attempt \"Title\" { … } otherwise { … }`",
    ),
    (
        &["register"],
        "what a program prints gets a name so: `let result = run program …`; `look run` where it only looks",
    ),
    (
        &["save", "capture", "extract", "store"],
        "what a statement gives gets a name before it, `let answer = look run …`; a part of it is `answer.name`",
    ),
    (&["become"], "what runs as another user is started so: `run sudo -u user program …`"),
    (&["pass"], "nothing stands where nothing is done: leave the line out"),
    (&["while", "loop", "until"], "a loop has a bound: `repeat \"Title\" at most 5 { … } until condition`"),
    (&["foreach", "with_items"], "write `for item in list { … }`"),
    (&["elif", "elsif", "elseif"], "write `} else if condition {`, on the line of the brace before"),
    (&["switch", "case", "match"], "write `if … { … } else if … { … }`; what a person picks is a `choose`"),
    (&["when", "unless"], "write `if condition { … }`"),
    (
        &["on_failure", "on_error", "on_success", "on_exit", "onerror", "finally", "always", "defer"],
        "what undoes a step is its `rollback { … }`; around the end of a run stand `after failure { … }`, `after success { … }`, `after run { … }`",
    ),
    (
        DEFINING,
        "what is used again is a `check` or a `step` with parameters, in a file that begins with `module name 1.0.0`",
    ),
    (
        &["exec", "shell", "cmd", "command", "script"],
        "to run a program, write `run program argument …`; what needs a shell stands in a ```sh fence",
    ),
    (
        &["goto", "jump"],
        "statements are done from top to bottom; what may be left out stands in `if condition { … }`",
    ),
    (
        &["include", "import", "from", "require", "source"],
        "a module is taken in with `use \"./name\"` or `use \"std/name\"`, a runbook done with `call \"./name.runbook\" (…)`",
    ),
    (
        &["variable", "param", "parameter", "inputs", "vars"],
        "what differs from run to run is `input name: type`; any other value gets a name with `let name = value`",
    ),
    (
        &["verify", "validate", "precheck", "preflight", "postcheck"],
        "what must be so is `expect condition`, in a `check \"Title\" { … }` or in the step that brings it about",
    ),
    (
        &[
            "description",
            "desc",
            "summary",
            "doc",
            "docs",
            "about",
            "note",
            "comment",
            "message",
            "instructions",
        ],
        "what people should know stands between two lines of `\"\"\"`, at the beginning of the block that it is about",
    ),
    (&["fi", "endif", "end_if", "esac", "endfor", "endwhile"], "a block ends with `}`"),
    (&["default"], "a person picks one of the answers: write `answer \"…\" { … }`"),
    (&["set", "export", "declare"], "a value gets a name with `let name = value`"),
    (
        &["break", "continue", "exit", "quit", "stop", "halt"],
        "nothing leaves a block early: what may be left out stands in `if condition { … }`; `end \"…\"` ends the run well, `fail \"…\"` stops it and undoes",
    ),
    (&["rem", "REM"], "a comment begins with `#`"),
    (&["answers"], "in a scenario a person answers by `given \"Question\" answers \"…\"`"),
    (
        &["new", "class", "struct", "enum", "lambda"],
        "there are no types or functions of one's own: a value is a text, a number, a list, a map, or made of these",
    ),
    (&["headers"], "write one `header \"Name\" \"value\"` for each"),
    (&["auth", "authorization"], "write `bearer token`, or `basic \"user\" password`"),
    (&["data", "payload"], "write `json { … }`, `form { … }` or `body \"…\"`"),
    (&["params"], "write one `query \"name\" value` for each"),
    (
        &["name", "title", "steps", "tasks", "hosts", "version"],
        "the first line is `runbook \"Title\" 1.0.0`; then stand `input name: type`, and `step \"Title\" { … }` one after the other",
    ),
    (
        &["depends_on", "needs", "async"],
        "statements are done in the order in which they stand; side by side stand those in `parallel { … }`",
    ),
];

/// Words that begin what has parts elsewhere, and those that its parts begin with.
const PARTED: &[(&[&str], &[&str])] = &[
    (&["switch", "case", "match", "select"], &["case", "default"]),
    (&["try", "begin"], &["catch", "except", "rescue", "ensure", "finally"]),
];

/// Words that compare two values in other languages, and the operator here.
const COMPARING: &[(&[&str], &str)] = &[
    (&["is", "equals", "equal", "eq"], "=="),
    (&["isnt", "differs", "ne", "neq"], "!="),
    (&["gt"], ">"),
    (&["ge", "gte"], ">="),
    (&["lt"], "<"),
    (&["le", "lte"], "<="),
    (&["includes", "include", "has"], "contains"),
    (&["like", "match"], "matches"),
];

/// Functions of other languages, and that here which does it.
const FUNCTIONS: &[(&[&str], &str)] = &[
    (&["len", "length", "size", "count"], "count"),
    (&["toupper", "touppercase", "uppercase", "to_upper", "upcase", "upper"], "upper"),
    (&["tolower", "tolowercase", "lowercase", "to_lower", "downcase", "lower"], "lower"),
    (&["strip", "trim", "chomp"], "trim"),
    (&["str", "string", "tostring", "to_string", "format", "sprintf"], "text"),
    (&["parseint", "to_i", "atoi", "integer"], "int"),
    (&["float", "parsefloat", "to_f"], "number"),
    (&["explode"], "split"),
    (&["implode"], "join"),
];

/// What of other languages works on each item of a list.
const EACH: &[&str] =
    &["map", "filter", "foreach", "each", "reduce", "some", "every", "any", "all", "find", "sort"];

/// What of other languages gives numbers in a row.
const RANGES: &[&str] = &["range", "seq", "xrange"];

/// Functions of texts in other languages, and what is written here.
const OF_TEXTS: &[(&[&str], &str)] = &[
    (&["startswith", "hasprefix"], "how a text begins is asked by a pattern: `text matches /^part/`"),
    (&["endswith", "hassuffix"], "how a text ends is asked by a pattern: `text matches /part$/`"),
    (&["contains", "includes", "indexof"], "whether a text has a part is asked so: `text contains \"part\"`"),
    (
        &["replace", "replaceall", "gsub", "sub"],
        "a part of a text is replaced by jq: `jq(text, 'gsub(\"a\"; \"b\")')`",
    ),
    (&["test", "match", "search", "exec"], "a text is compared with a pattern so: `text matches /^part/`"),
    (&["get"], "a field is `map.name`; whether it is there says `exists(map, \"name\")`"),
    (
        &["fileexists", "isfile", "isdir", "pathexists"],
        "whether a file is there is seen by a program: `look run test -e {path}`",
    ),
    (
        &["now", "today", "date", "timestamp", "strftime"],
        "what time it is says a program: `let stamp = look run date +%F`",
    ),
    (
        &["parsejson", "fromjson", "jsonparse", "jsondecode", "loads"],
        "a text is decoded where it is bound: `let name: json = …`",
    ),
    (
        &["append", "push", "add", "concat", "extend"],
        "a value never changes; a longer list is made by jq: `jq(list, '. + [3]')`",
    ),
];

/// What holds inputs and other values in other languages.
const HOLDERS: &[&str] =
    &["var", "vars", "variables", "input", "inputs", "param", "params", "parameters", "local", "locals"];

/// What holds secrets in other languages.
const SECRETS: &[&str] = &["secrets", "secret"];

/// How a secret is had.
const FROM_OUTSIDE: &str = "a secret is an input: `input db_token: secret from env \"DB_TOKEN\"`, at the top";

/// What holds the variables of the environment in other languages.
const ENVIRONMENT: &[&str] = &["env", "ENV", "environ", "os", "process", "getenv"];

/// How a value of the environment is had.
const FROM_ENVIRONMENT: &str =
    "a value of the environment is an input: `input home: text from env \"HOME\"`, at the top";

/// The operator that is meant by a word that compares elsewhere.
pub(super) fn comparison(word: &str) -> Option<&'static str> {
    COMPARING.iter().find(|(words, _)| words.contains(&word)).map(|(_, operator)| *operator)
}

/// The function that does what one of another language does.
pub(super) fn function(name: &str) -> Option<&'static str> {
    let name = name.to_ascii_lowercase();
    FUNCTIONS.iter().find(|(names, _)| names.contains(&name.as_str())).map(|(_, function)| *function)
}

/// How that is written here which a function of another language does, and none here.
pub(super) fn without_function(name: &str) -> Option<&'static str> {
    let each = EACH.contains(&name.to_ascii_lowercase().as_str());
    let items = "what is done for each item stands in `for item in list { … }`; a list is made of another by `jq(list, 'map(…)')`";
    let written =
        "a list is written out: `[1, 2, 3]`; what is done again is `repeat \"Title\" at most 3 { … }`";
    let range = RANGES.contains(&name).then_some(written);
    each.then_some(items).or(range).or_else(|| of_text(name)).or_else(|| part(name)).or_else(|| saying(name))
}

/// How that is written here which a function of texts does in other languages.
fn of_text(name: &str) -> Option<&'static str> {
    let name = name.replace('_', "").to_ascii_lowercase();
    OF_TEXTS.iter().find(|(names, _)| names.contains(&name.as_str())).map(|(_, help)| *help)
}

/// Whether a name is what holds inputs and other values elsewhere: here each is its name alone.
pub(super) fn is_holder(name: &str) -> bool {
    HOLDERS.contains(&name)
}

/// Whether a word begins a definition elsewhere, or what is given to one.
pub(super) fn is_defining(word: &str) -> bool {
    DEFINING.contains(&word) || matches!(word, "variable" | "param" | "parameter")
}

/// The fixed value that other languages spell otherwise.
pub(super) fn constant(name: &str) -> Option<&'static str> {
    match name {
        "True" | "TRUE" | "yes" | "on" => Some("true"),
        "False" | "FALSE" | "no" | "off" => Some("false"),
        "None" | "nil" | "undefined" | "NULL" => Some("null"),
        _ => None,
    }
}

/// What the exit code of a program is called elsewhere.
const EXITS: &[&str] = &["exit_code", "exitcode", "exit_status", "return_code", "returncode", "rc", "code"];

/// What of an effect here has another name elsewhere.
pub(super) fn provided(name: &str) -> Option<&'static str> {
    let status = matches!(name, "status_code" | "statuscode" | "http_status").then_some("status");
    EXITS.contains(&name).then_some("exit").or(status)
}

/// Whether a part is what a program printed, of what it gives elsewhere.
pub(super) fn is_printed(part: &str) -> bool {
    matches!(part, "stdout" | "output" | "out" | "value" | "text" | "body" | "stdout_lines" | "result")
}

/// Whether a part is how a program ended, of what it gives elsewhere.
pub(super) fn is_ending(part: &str) -> bool {
    EXITS.contains(&part)
        || matches!(part, "exit" | "status" | "stderr" | "ok" | "success" | "failed" | "succeeded")
}

/// How a value of the environment is had, of which the name in another language is that.
pub(super) fn value(name: &str) -> Option<&'static str> {
    ENVIRONMENT.contains(&name).then_some(FROM_ENVIRONMENT)
}

/// How a value is had that is a part of one with that name in another language.
pub(super) fn part(name: &str) -> Option<&'static str> {
    value(name).or_else(|| SECRETS.contains(&name).then_some(FROM_OUTSIDE))
}

/// The keyword that is meant by a word of another tool, written the same way.
pub(super) fn keyword(word: &str) -> Option<&'static str> {
    KEYWORDS.iter().find(|(habit, _)| *habit == word).map(|(_, meant)| *meant)
}

/// How that is said here which other tools begin with a word.
pub(super) fn saying(word: &str) -> Option<&'static str> {
    SAYINGS.iter().find(|(habits, _)| habits.contains(&word)).map(|(_, meant)| *meant)
}

/// What the parts of that begin with which a word begins in other languages.
pub(super) fn parts(word: &str) -> &'static [&'static str] {
    PARTED.iter().find(|(openers, _)| openers.contains(&word)).map_or(&[], |(_, parts)| parts)
}

/// Whether a word that begins a statement elsewhere has its answer here.
pub(crate) fn is_said_otherwise(word: &str) -> bool {
    keyword(word).is_some() || saying(word).is_some()
}

/// What stands in a scenario.
const TEST_LINES: &str = "in a scenario stand `with name = value`, `given \"Title\" failure`, `ran \"Title\"`, `undone \"Title\"`, `untouched \"Title\"`, and last `ends \"…\"`";

/// How that is said in a scenario which begins with a word of other tests.
pub(super) fn tested(word: &str) -> &'static str {
    match word {
        "when" | "if" | "suppose" | "assume" | "mock" | "stub" | "fail" | "inject" => {
            "how an effect answers is `given \"Title\" failure`, a person `given \"Title\" answers \"…\"`; what is not given does well"
        }
        "input" | "inputs" | "let" | "set" | "var" => "a value is given by `with name = value`",
        "ask" | "answer" | "confirm" | "approval" | "choose" | "judge" => {
            "what a person says is `given \"Title\" answers \"…\"`"
        }
        "end" | "result" | "outcome" | "status" => "how the run ends is `ends \"rolled back\"`",
        "skipped" | "never" | "not" => "what was not done is `untouched \"Title\"`",
        _ => TEST_LINES,
    }
}

/// What stands for an option of another tool, where a statement has options of its own.
pub(super) fn option(statement: &str, word: &str) -> Option<&'static str> {
    Some(match (statement, word) {
        ("parallel", "max" | "forks" | "max_parallel") => "so many at once are `limit 2`",
        ("check" | "approval", "timeout" | "deadline") => "how long is waited for a yes is `within 10m`",
        (_, "retries" | "attempts" | "tries") => {
            "further attempts are `retry 3`, with a pause `retry 3 every 10s`"
        }
        (_, "delay" | "interval" | "backoff") => "a pause between attempts or looks is `every 10s`",
        (_, "if") | ("for", "where") | ("end" | "fail" | "log" | "wait", "when" | "unless" | "only_if") => {
            "a condition stands around it: `if condition { … }`"
        }
        (_, "when" | "unless" | "only_if") => "a condition is `if condition`",
        (_, "cwd" | "workdir") => "the folder is `dir \"folder\"`",
        (_, "host" | "target") => "where it runs is `on \"target\"`",
        (_, "role" | "assignee" | "owner") => "who is asked is `by \"role\"`",
        (_, "depends_on" | "needs" | "requires" | "after") => {
            "statements are done in the order in which they stand; put it behind what it needs"
        }
        ("gate", "approvers" | "approver" | "approval" | "need" | "from" | "by") => {
            "who lets it pass is an `approval \"Title\" need 2 from \"group\"` in its block"
        }
        ("call", "with" | "inputs" | "using" | "args") => {
            "its inputs stand in brackets behind the file: `call \"./clean.runbook\" (folder: \"backups\")`"
        }
        ("rollback" | "restore", "manual" | "by" | "person") => {
            "what a person undoes is asked in its block: `{ confirm \"…\" }`"
        }
        (
            "given",
            "succeeds" | "success" | "ok" | "passes" | "pass" | "works" | "completes" | "completed" | "done",
        ) => "what is not given does well: leave the line out",
        ("approval", "approvers" | "approver" | "from" | "by" | "of") => {
            "who approves, and how many, is `need 2 from \"group\"`"
        }
        _ => return None,
    })
}

/// Where a statement belongs that stands at a place that has none of its kind.
pub(super) fn instead(statement: &str, place: &str) -> Option<&'static str> {
    Some(match (statement, place) {
        ("run" | "fence" | "http", "gate") => "put it into a `check \"Title\" { … }`: a gate has questions",
        ("run" | "fence" | "http" | "step" | "log", "choose") => {
            "what is done stands in an answer: `answer \"…\" { … }`"
        }
        ("step" | "manual" | "call", "step" | "manual") => {
            "put it before or after this step; what belongs together stands in a `phase`"
        }
        ("judge" | "confirm" | "ask", "guard" | "done when") => {
            "nobody is asked there; what a person judges stands in a `check` or a `step`"
        }
        (_, "prose") => {
            "between `\"\"\"` lines stands what to know; what is done stands before or after this"
        }
        ("log" | "step" | "run" | "notify" | "check", "effect") => {
            "put it after this effect; in its block stand what it is given and what is expected of it"
        }
        ("return", _) => {
            "to end the run well write `end \"…\"`; `return` gives the value of a module's `check` or `step`"
        }
        ("rollback" | "restore", "top") => "put it into the block of the `step` that it undoes",
        _ => return None,
    })
}
