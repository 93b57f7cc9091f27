//! One line for each act: what would be done, with the values that are known.

use super::words::Known;
use crate::plan::{Act, HttpBody, NamedText, Question, QuestionKind, WaitFor, WordExpr};

/// The kind and the one line of an act.
pub(super) fn act(known: &Known<'_>, act: &Act) -> (&'static str, String) {
    match act {
        Act::Run { words, env, dir, .. } => {
            ("run", surround(known, env, dir.as_ref(), command(known, words)))
        }
        Act::Script { interpreter, script, env, dir, .. } => {
            let shown = format!("{} ({} lines)", interpreter.join(" "), script.lines().count());
            ("script", surround(known, env, dir.as_ref(), shown))
        }
        Act::Http { method, url, body, .. } => {
            let sent = body.as_ref().map(|body| format!(" {}", payload(known, body)));
            ("http", format!("{method} {}{}", known.show(url), sent.unwrap_or_default()))
        }
        Act::Artifact(path) => ("artifact", known.show(path)),
        Act::Evidence(value) => ("evidence", known.show(value)),
        Act::Notify { channel, text } => ("notify", format!("{channel}: {}", known.show(text))),
        Act::Log(text) => ("log", known.show(text)),
        Act::Lock(name) => ("exclusive", known.show(name)),
        Act::Wait(until) => ("wait", wait(known, until)),
        Act::Person(question) => person(known, question),
    }
}

fn command(known: &Known<'_>, words: &[WordExpr]) -> String {
    words.iter().map(|word| known.word(&word.value, word.splice)).collect::<Vec<_>>().join(" ")
}

fn surround(
    known: &Known<'_>,
    env: &[NamedText],
    dir: Option<&crate::value::Expr>,
    command: String,
) -> String {
    let names = env.iter().map(|entry| format!("{}={} ", entry.name, known.word(&entry.value, false)));
    let place = dir.map(|dir| format!(" (in {})", known.show(dir)));
    names.chain([command]).chain(place).collect()
}

fn payload(known: &Known<'_>, body: &HttpBody) -> String {
    match body {
        HttpBody::Json(value) | HttpBody::Form(value) | HttpBody::Text(value) => known.show(value),
    }
}

fn wait(known: &Known<'_>, until: &WaitFor) -> String {
    match until {
        WaitFor::Duration(length) => known.show(length),
        WaitFor::Time(time) => format!("until {}", known.show(time)),
        WaitFor::Window(window) => format!("until {window}"),
    }
}

fn person(known: &Known<'_>, question: &Question) -> (&'static str, String) {
    let text = known.show(&question.text);
    let by = question.by.as_ref().map(|role| format!(" (by {role})")).unwrap_or_default();
    match &question.kind {
        QuestionKind::Confirm { .. } => ("confirm", format!("{text}{by}")),
        QuestionKind::Ask { name, ty, .. } => ("ask", format!("{name}: {ty} {text}{by}")),
        QuestionKind::Judge { showing, .. } => {
            ("judge", format!("{text}, showing {}{by}", known.show(showing)))
        }
        QuestionKind::Choose { answers } => ("choose", format!("{text} ({}){by}", answers.join(" | "))),
        QuestionKind::Manual => ("manual", format!("{text}{by}")),
        QuestionKind::Approval { quorum, within, .. } => {
            let who = quorum.iter().map(|one| format!("{} from {}", one.need, one.from)).collect::<Vec<_>>();
            let limit = within.as_ref().map(|within| format!(" within {}", known.show(within)));
            ("approval", format!("{text}, {}{}", who.join(" or "), limit.unwrap_or_default()))
        }
    }
}
