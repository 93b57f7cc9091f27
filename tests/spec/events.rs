//! The events of a run as lines that are the same each time: what was asked of the world and how it ended,
//! what was decided, how groups ended. Numbers, times and process ids are left out.

use std::collections::HashMap;

use crate::header::Spec;
use bowline::plan::{Node, Op, Plan, Role};
use bowline::value::{Expr, Piece, Value as Constant};
use serde_json::Value as Json;

/// The events of a run, one line each.
pub(crate) fn transcript(plan: &Plan, events: &str, spec: &Spec) -> String {
    let mut teller = Teller { plan, nodes: HashMap::new(), shown: HashMap::new(), operator: String::new() };
    let facts = events.lines().map(|line| serde_json::from_str::<Json>(line).unwrap()["fact"].clone());
    let mut lines: Vec<String> = facts.filter_map(|fact| teller.tell(&fact)).collect();
    if spec.unordered {
        lines.sort();
    }
    if spec.repeats {
        lines = once(lines);
    }
    // How often a poll looked is not certain.
    lines.dedup();
    lines.iter().fold(String::new(), |text, line| text + line + "\n")
}

/// Lines without the parts, of up to four lines, that only repeat what stands before them.
fn once(lines: Vec<String>) -> Vec<String> {
    let mut kept: Vec<String> = vec![];
    for line in lines {
        kept.push(line);
        for length in 1..=4 {
            let Some((before, part)) = kept.len().checked_sub(length).map(|at| kept.split_at(at)) else {
                break;
            };
            if before.ends_with(part) {
                kept.truncate(before.len());
                break;
            }
        }
    }
    kept
}

struct Teller<'a> {
    plan: &'a Plan,
    /// The node of each frame.
    nodes: HashMap<u64, u64>,
    /// What each effect showed.
    shown: HashMap<u64, String>,
    operator: String,
}

impl Teller<'_> {
    fn tell(&mut self, fact: &Json) -> Option<String> {
        if let Some(name) = fact.as_str() {
            return Some(name.to_owned());
        }
        let (kind, about) = fact.as_object()?.iter().next()?;
        let why = || about["why"].as_str().unwrap_or_default();
        match kind.as_str() {
            "started" | "resumed" => self.start(kind, about),
            "entered" => self.enter(about),
            "began" => self.begin(about),
            "ended" => Some(self.end(about)),
            "left" => self.leave(about),
            "skipped" => Some(match self.title(about["node"].as_u64()?).as_str() {
                "" => format!("skipped: {}", why()),
                title => format!("skipped {title}: {}", why()),
            }),
            "failed" => Some(format!("{}: {}", about["fault"].as_str()?, why())),
            "held" => {
                Some(format!("held: {} by run {}", plain(&about["by"]["lock"]), plain(&about["by"]["run"])))
            }
            "unanswered" => Some(format!("unanswered: {}", why())),
            "decided" => Some(format!("decided: {}{}", plain(&about["choice"]), self.by(&about["by"]))),
            "settled" => Some(format!("settled: {}{}", plain(&about["how"]), self.by(&about["by"]))),
            "role_bound" => Some(format!("role {} is {}", plain(&about["role"]), plain(&about["person"]))),
            "unwinding" => Some(format!("unwinding: {}", plain(&about["what"]))),
            "committed" => Some("committed".to_owned()),
            "concluded" => Some(format!("concluded: {}", plain(&about["name"]))),
            "overdue" => Some(format!("late: it was due at {}", plain(&about["due"]))),
            "noted" => Some(format!("noted: {}", plain(&about["text"]))),
            "cancel_requested" => Some("cancel requested".to_owned()),
            "finished" => Some(format!("end: {} ({})", plain(&about["ending"]), plain(&about["name"]))),
            "suspended" => Some(format!("waiting: {}", why())),
            _ => None,
        }
    }

    fn start(&mut self, kind: &str, about: &Json) -> Option<String> {
        self.operator = plain(&about["settings"]["operator"]["name"]);
        (kind == "resumed").then(|| "resumed".to_owned())
    }

    fn enter(&mut self, about: &Json) -> Option<String> {
        self.nodes.insert(about["frame"].as_u64()?, about["node"].as_u64()?);
        about["key"].as_object()?.contains_key("undo").then(|| "undo".to_owned())
    }

    fn begin(&mut self, about: &Json) -> Option<String> {
        let attempt = about["attempt"].as_u64()?;
        let again = if attempt > 1 { format!(" (attempt {attempt})") } else { String::new() };
        self.shown.insert(about["effect"].as_u64()?, format!("{}{again}", plain(&about["shown"])));
        None
    }

    fn end(&self, about: &Json) -> String {
        let shown = about["effect"].as_u64().and_then(|effect| self.shown.get(&effect));
        let outcome = plain(&about["outcome"]);
        let note = &about["note"];
        let because =
            if outcome == "done" { String::new() } else { format!(": {}", plain(&note["message"])) };
        format!("{} = {outcome}{because}{}", shown.unwrap(), self.by(&note["by"]))
    }

    fn leave(&self, about: &Json) -> Option<String> {
        let node = *self.nodes.get(&about["frame"].as_u64()?)?;
        let verdict = plain(&about["verdict"]);
        let title = self.title(node);
        // A look that ended with its phase, or a block that an `end` stands in.
        let cut = verdict == "stopped" && kind(self.plan.nodes.get(usize::try_from(node).ok()?)?).is_empty();
        (verdict != "passed" && !cut && !title.is_empty()).then(|| format!("{title}: {verdict}"))
    }

    /// The title of a node, its values left out.
    fn title(&self, node: u64) -> String {
        let Some(node) = self.plan.nodes.get(usize::try_from(node).unwrap()) else { return String::new() };
        let words = node.title.as_ref().map(text).unwrap_or_default();
        match kind(node) {
            "" => words,
            kind => format!("{kind} {words}").trim_end().to_owned(),
        }
    }

    /// Who, if it is somebody else than the operator.
    fn by(&self, by: &Json) -> String {
        let name = plain(&by["name"]);
        if name.is_empty() || name == self.operator { String::new() } else { format!(" by {name}") }
    }
}

fn kind(node: &Node) -> &'static str {
    match &node.op {
        Op::Group(group) => match group.role {
            Role::Step(_) => "step",
            Role::Phase(_) => "phase",
            Role::Attempt { .. } => "attempt",
            _ => "",
        },
        _ => "",
    }
}

fn text(title: &Expr) -> String {
    match title {
        Expr::At(_, inner) => text(inner),
        Expr::Const(Constant::Text(text)) => text.to_string(),
        Expr::Text(pieces) => {
            let text = |piece: &Piece| match piece {
                Piece::Text(text) => text.clone(),
                Piece::Value(_) => "{…}".to_owned(),
            };
            pieces.iter().map(text).collect()
        }
        _ => "{…}".to_owned(),
    }
}

/// A word of the journal as one reads it.
fn plain(json: &Json) -> String {
    match json {
        Json::String(text) => text.clone(),
        Json::Null => String::new(),
        Json::Object(fields) => {
            let each = fields.iter().map(|(name, value)| format!("{name}: {}", plain(value)));
            each.collect::<Vec<_>>().join(", ")
        }
        other => other.to_string(),
    }
}
