//! What the specs cover: no file is unlisted; every statement kind, option, function, type and code has its spec.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use bowline::diag::codes;
use bowline::forms::SCHEMAS;
use bowline::program::{Part, Schema, SlotKind};
use bowline::syntax::parse;
use bowline::syntax::tree::{Block, ExprKind, Head, Item, Line, Stmt, Tail};
use bowline::text::{Source, SourceId};
use bowline::value::functions;

use crate::TOPICS;
use crate::check::compile_spec;
use crate::header::{Spec, Verdict, root, specs_of};

/// Every spec.
pub(crate) fn all() -> Vec<PathBuf> {
    TOPICS.iter().flat_map(|topic| specs_of(&root().join(topic))).collect()
}

fn names(folder: &Path) -> BTreeSet<String> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().map(Result::unwrap);
    entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
}

#[test]
fn every_file_belongs_to_a_spec() {
    let folders = names(&root())
        .into_iter()
        .filter(|name| root().join(name).is_dir() && name != "examples" && name != "snapshots");
    assert_eq!(folders.collect::<BTreeSet<_>>(), TOPICS.iter().map(|topic| (*topic).to_owned()).collect());
    let specs: BTreeSet<PathBuf> = all().into_iter().collect();
    let mut strays = vec![];
    for topic in TOPICS {
        let folder = root().join(topic);
        let known = |stem: &str| specs.contains(&folder.join(format!("{stem}.runbook")));
        for name in names(&folder) {
            let stem = name.split('.').next().unwrap();
            if !(known(stem) || name == "snapshots" || name == "with") {
                strays.push(folder.join(name));
            }
        }
        let shots = names(&folder.join("snapshots")).into_iter();
        strays.extend(
            shots.filter(|name| !known(name.trim_end_matches(".snap"))).map(|name| folder.join(name)),
        );
        let mut texts: String = specs_of(&folder).iter().map(|path| text(path)).collect();
        let beside = names(&folder.join("with")).into_iter().map(|name| folder.join("with").join(name));
        texts.extend(beside.map(|path| text(&path)));
        let unused = names(&folder.join("with"))
            .into_iter()
            .filter(|name| !texts.contains(name.trim_end_matches(".runbook")));
        strays.extend(unused.map(|name| folder.join("with").join(name)));
    }
    assert_eq!(strays, Vec::<PathBuf>::new(), "belongs to no spec");
}

fn text(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_default()
}

/// The texts of what compiles: the right specs, and the modules and runbooks that they take in.
fn right() -> Vec<String> {
    with_beside(|verdict| !matches!(verdict, Verdict::Reports(_)))
}

/// The texts of what the real binary runs.
fn run() -> Vec<String> {
    with_beside(|verdict| matches!(verdict, Verdict::Runs(_)))
}

fn with_beside(wanted: impl Fn(&Verdict) -> bool) -> Vec<String> {
    let right = all().into_iter().filter(|path| wanted(&Spec::read(path).verdict));
    let beside = TOPICS.iter().filter(|topic| **topic != "wrong").flat_map(|topic| {
        let with = root().join(topic).join("with");
        if with.exists() { specs_of(&with) } else { vec![] }
    });
    right.chain(beside).map(|path| text(&path)).collect()
}

/// Every statement of a text, however deep, as its word and the words among its items.
fn statements(text: &str) -> Vec<(String, Vec<String>)> {
    let (tree, _) = parse(SourceId(0), &Source::new("spec", text));
    let mut found = vec![];
    tree.lines.iter().for_each(|line| gather(line, &mut found));
    found
}

fn gather(line: &Line, found: &mut Vec<(String, Vec<String>)>) {
    let Line::Stmt(stmt) = line else { return };
    found.push((word(stmt), stmt.items.iter().filter_map(item_word).collect()));
    if stmt.bind.is_some() && matches!(stmt.head, Head::Expr(_)) {
        found.push(("let".into(), vec![]));
    }
    stmt.block.iter().for_each(|block| gather_block(block, found));
    match stmt.tail.as_deref() {
        Some(Tail::Else(block) | Tail::Otherwise(block)) => gather_block(block, found),
        Some(Tail::ElseIf(inner)) => gather(&Line::Stmt((**inner).clone()), found),
        _ => {}
    }
}

fn gather_block(block: &Block, found: &mut Vec<(String, Vec<String>)>) {
    block.lines.iter().for_each(|line| gather(line, found));
}

/// The word of the schema that a statement is of; a definition of a module is `module check` or `module step`.
fn word(stmt: &Stmt) -> String {
    match &stmt.head {
        Head::Word(word) if stmt.items.iter().any(|item| matches!(item, Item::Signature(_))) => {
            format!("module {}", word.text)
        }
        Head::Word(word) => word.text.clone(),
        Head::Run { .. } => "run".into(),
        Head::Fence(_) => "fence".into(),
        Head::Prose(_) => "prose".into(),
        Head::Call(_) => "module.step".into(),
        Head::Expr(_) => "let".into(),
        Head::Unread(_) => String::new(),
    }
}

fn item_word(item: &Item) -> Option<String> {
    match item {
        Item::Word(word) => Some(word.text.clone()),
        Item::Expr(expr) => match &expr.kind {
            ExprKind::Name(name) => Some(name.clone()),
            _ => None,
        },
        _ => None,
    }
}

fn is_definition(schema: &Schema) -> bool {
    schema.operands.contains(&SlotKind::Signature)
}

/// `step`, or `module step` for the kind that defines one.
fn name_of(schema: &Schema) -> String {
    if is_definition(schema) { format!("module {}", schema.word) } else { schema.word.to_owned() }
}

/// What has no spec by design, and why.
const ELSEWHERE: &[(&str, &str)] = &[];

#[test]
fn every_statement_kind_and_option_has_a_spec() {
    let written: Vec<_> = right().iter().flat_map(|text| statements(text)).collect();
    let mut missing = vec![];
    for schema in SCHEMAS {
        let name = name_of(schema);
        let uses = || written.iter().filter(|(word, _)| *word == name);
        if uses().next().is_none() {
            missing.push(name.clone());
        }
        for option in schema.options {
            let is_used = uses().any(|(_, words)| words.iter().any(|word| word == option.word));
            let full = format!("{name} {}", option.word);
            if !is_used && !ELSEWHERE.iter().any(|(known, _)| *known == full) {
                missing.push(full);
            }
            missing.extend(unused_words(schema, option.parts, &written));
        }
        for slot in schema.operands {
            missing.extend(unused_words(schema, &[Part::Slot(*slot)], &written));
        }
    }
    assert_eq!(missing, Vec::<String>::new(), "shown by no spec that is right");
}

/// What no spec runs, and where it is run instead.
const RUN_ELSEWHERE: &[(&str, &str)] = &[
    ("step terminal", "tests/terminal/programs.rs: it needs a terminal"),
    ("scenario", "a test beside the plan: no run meets it"),
    ("with", "tests/plan/drill.rs: in a scenario"),
    ("given failure", "tests/plan/drill.rs: in a scenario"),
    ("given clean", "tests/plan/drill.rs: in a scenario"),
    ("given unknown", "tests/plan/drill.rs: in a scenario"),
    ("given hang", "tests/plan/drill.rs: in a scenario"),
    ("given crash", "tests/plan/drill.rs: in a scenario"),
    ("given answers", "tests/plan/drill.rs: in a scenario"),
    ("ran", "tests/plan/drill.rs: in a scenario"),
    ("undone", "tests/plan/drill.rs: in a scenario"),
    ("untouched", "tests/plan/drill.rs: in a scenario"),
    ("ends", "tests/plan/drill.rs: in a scenario"),
];

#[test]
fn every_statement_kind_and_option_is_run() {
    let written: Vec<_> = run().iter().flat_map(|text| statements(text)).collect();
    let mut missing = vec![];
    for schema in SCHEMAS {
        let name = name_of(schema);
        let used: Vec<_> = written.iter().filter(|(word, _)| *word == name).collect();
        missing.extend(used.is_empty().then(|| name.clone()));
        let idle = schema.options.iter().map(|option| option.word);
        let idle = idle.filter(|word| !used.iter().any(|(_, words)| words.iter().any(|one| one == word)));
        missing.extend(idle.map(|word| format!("{name} {word}")));
    }
    let known = |name: &String| RUN_ELSEWHERE.iter().any(|(known, _)| known == name);
    assert_eq!(missing.into_iter().filter(|name| !known(name)).collect::<Vec<_>>(), Vec::<String>::new());
}

/// The fixed words that nobody writes (`after success`, `from prompt`).
fn unused_words(schema: &Schema, parts: &[Part], written: &[(String, Vec<String>)]) -> Vec<String> {
    let name = name_of(schema);
    let words = parts.iter().flat_map(|part| match part {
        Part::Slot(SlotKind::OneOf(words)) => words,
        _ => &[][..],
    });
    let used =
        |word: &str| written.iter().any(|(of, words)| *of == name && words.iter().any(|one| one == word));
    words.filter(|word| !used(word)).map(|word| format!("{name} {word}")).collect()
}

#[test]
fn every_function_type_and_operator_has_a_spec() {
    let right = right().join("\n");
    let named = functions::TABLE.iter().map(|spec| format!("{}(", spec.name)).chain(["jq(".to_owned()]);
    let types =
        ["text", "int", "number", "bool", "duration", "size", "time", "version", "url", "path", "secret"];
    let types = types.iter().chain(&["json", "lines", "list of ", "map of ", "one of ", "artifact"]);
    let signs = ["==", "!=", "<", "<=", ">", ">=", "in", "not in", "contains", "matches", "+", "-", "*", "/"];
    let signs = signs.iter().chain(&["and", "or", "not", "then", "otherwise", "until"]);
    let wanted = named.chain(types.map(|ty| format!(": {ty}"))).chain(signs.map(|sign| format!(" {sign} ")));
    let missing: Vec<_> = wanted.filter(|wanted| !right.contains(wanted.as_str())).collect();
    assert_eq!(missing, Vec::<String>::new(), "shown by no spec that is right");
}

/// Codes of what no spec can be, the test that shows each, and words of it.
const NOT_A_SPEC: &[(&str, &str, &str)] = &[
    ("E0002", "tests/bad_input.rs", "64 MiB"),
    ("E0003", "tests/cli.rs", "E0003"),
    ("E0409", "src/compile/tests.rs", "E0409"),
    ("E0507", "tests/config.rs", "E0507"),
];

#[test]
fn every_code_has_a_spec() {
    let mut shown: BTreeSet<String> = BTreeSet::new();
    for path in all() {
        let spec = Spec::read(&path);
        shown.extend(spec.warned.iter().cloned());
        if let Verdict::Reports(codes) = spec.verdict {
            shown.extend(codes);
        }
    }
    for (code, file, words) in NOT_A_SPEC {
        let tests = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(file)).unwrap();
        assert!(tests.contains(words), "{file} no longer shows {code}");
        assert!(shown.insert((*code).to_owned()), "{code} has a spec now");
    }
    let missing: Vec<_> = codes::ALL.iter().map(|code| code.id).filter(|id| !shown.contains(*id)).collect();
    assert_eq!(missing, Vec::<&str>::new(), "shown by no spec");
}

#[test]
fn every_report_says_what_to_do() {
    let (mut silent, mut count) = (vec![], 0);
    for path in specs_of(&root().join("wrong")) {
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        for one in compile_spec(&path).diagnostics {
            count += 1;
            if one.help.is_empty() && one.fix.is_none() {
                silent.push(format!("{name}: {}: {}", one.code.id, one.message));
            }
        }
    }
    assert!(count > 600, "{count} reports are too few");
    assert!(silent.is_empty(), "{}", silent.join("\n"));
}
