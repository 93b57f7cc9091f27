//! Statements between the steps of an exported document that come back as what they were: confirms, checks that run programs,
//! gates of both, and waits for a length of time. Everything else about them is a remark.

use super::code::Code;
use super::draft::{Draft, Judged};
use super::effects::{Effects, exported};
use super::inputs::Inputs;
use super::marks::{unescaped, unmarked};
use crate::export::marks::{CHECK, CONFIRM, GO_OR_NO_GO, NOTED_AS, RUN, RUNS, WAIT, label};

/// A line of a list with what stands below it.
struct Node {
    line: usize,
    words: String,
    below: Vec<Node>,
}

/// The statement that an item is, where nothing of it would be lost, and how many commands it has.
pub(super) fn statement(raw: &str, line: usize) -> Option<(Draft, usize)> {
    let lines: Vec<(usize, usize, String)> = raw
        .lines()
        .zip(line..)
        .map(|(text, line)| {
            let depth = text.len() - text.trim_start().len();
            let words = text.trim_start().strip_prefix("- ").unwrap_or(text.trim_start());
            (depth, line, words.strip_prefix("[ ] ").unwrap_or(words).to_owned())
        })
        .collect();
    // A paragraph or code below a line says more than a statement could carry.
    let plain = raw.lines().skip(1).all(|text| text.trim_start().starts_with("- "));
    let mut rest = lines.as_slice();
    let node = taken(&mut rest)?;
    let mut commands = 0;
    (plain && rest.is_empty()).then(|| read(&node, &mut commands)).flatten().map(|draft| (draft, commands))
}

fn taken(rest: &mut &[(usize, usize, String)]) -> Option<Node> {
    let ((depth, line, words), more) = rest.split_first()?;
    *rest = more;
    let mut below = vec![];
    while rest.first().is_some_and(|(next, ..)| next > depth) {
        below.extend(taken(rest));
    }
    Some(Node { line: *line, words: words.clone(), below })
}

fn read(node: &Node, commands: &mut usize) -> Option<Draft> {
    let words = unmarked(&node.words);
    // What a statement binds is a value of the run; nothing in a document has it.
    if words.contains(NOTED_AS) {
        return None;
    }
    if let Some(text) = words.strip_prefix(&label(CONFIRM)) {
        return (node.below.is_empty() && options(text).1.is_empty())
            .then(|| Draft::Confirm(unescaped(text)));
    }
    if let Some(title) = words.strip_prefix(&label(GO_OR_NO_GO)) {
        let body: Option<Vec<Draft>> = node.below.iter().map(|one| read(one, commands)).collect();
        let body = body.filter(|body| !body.is_empty() && options(title).1.is_empty())?;
        return Some(Draft::Judged(Judged {
            head: "gate",
            title: unescaped(title),
            options: String::new(),
            body,
        }));
    }
    if let Some(rest) = words.strip_prefix(&format!("**{WAIT}** ")) {
        let (length, title) = rest.strip_prefix('`')?.split_once('`')?;
        let fixed = length.len() > 1
            && length.bytes().all(|c| c.is_ascii_alphanumeric())
            && length.starts_with(|c: char| c.is_ascii_digit());
        return (fixed && node.below.is_empty()).then(|| Draft::Wait(length.to_owned(), unescaped(title)));
    }
    check(words.strip_prefix(&label(CHECK))?, node, commands)
}

/// A check whose looks are all programs, with limits that it can have.
fn check(words: &str, node: &Node, commands: &mut usize) -> Option<Draft> {
    let (title, options) = options(words);
    let known = |option: &str| {
        let mut parts = option.split(' ');
        let word = parts.next().unwrap_or_default();
        let length = parts.next().unwrap_or_default();
        let digit = length.starts_with(|c: char| c.is_ascii_digit());
        ["within", "every", "soak"].contains(&word) && digit && parts.next().is_none()
    };
    if node.below.is_empty() || !options.iter().all(|option| known(option)) {
        return None;
    }
    let mut body = vec![];
    for one in &node.below {
        body.extend(program(one)?);
        *commands += 1;
    }
    Some(Draft::Judged(Judged { head: "check", title: unescaped(title), options: options.join(" "), body }))
}

/// What a line runs, where nothing in it is a value of the run.
fn program(node: &Node) -> Option<Vec<Draft>> {
    let text = node.words.strip_prefix(&format!("**{RUNS}** "))?;
    let ticks = text.len() - text.trim_start_matches('`').len();
    let fence = text.get(..ticks).filter(|fence| !fence.is_empty())?;
    let inside = text.strip_prefix(fence)?.strip_suffix(fence)?;
    if inside.contains('⟨') || inside.contains(fence) || !node.below.is_empty() {
        return None;
    }
    let inside = if ticks > 1 { inside.trim() } else { inside };
    let code = Code { tag: "sh".to_owned(), rest: RUN.to_owned(), text: inside.to_owned(), line: node.line };
    let mut inputs = Inputs::default();
    let Effects { drafts, commands } = exported(&code, &mut inputs).ok()?;
    let one =
        commands == 1 && inputs.all.is_empty() && drafts.iter().all(|draft| matches!(draft, Draft::Run(_)));
    one.then_some(drafts)
}

/// A title, and the options in brackets behind it.
fn options(words: &str) -> (&str, Vec<&str>) {
    let split = words.rsplit_once(" (`").and_then(|(title, rest)| Some((title, rest.strip_suffix("`)")?)));
    split.map_or((words, vec![]), |(title, rest)| (title, rest.split("`, `").collect()))
}
