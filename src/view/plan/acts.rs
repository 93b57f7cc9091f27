//! One line for each act: what would be done, with the values that are known.

use super::item::Item;
use super::words::Known;
use crate::plan::{
    Act, HttpBody, LockPart, Login, NamedText, Question, QuestionKind, ScriptArg, WaitFor, WordExpr,
};
use crate::value::{Expr, Piece, Type, eval};

/// The kind, the line, the options and the script of an act.
pub(super) fn act(known: &Known<'_>, act: &Act) -> Item {
    match act {
        Act::Run { words, env, dir, stdin, terminal } => {
            let command: Vec<_> = words.iter().map(|word| self::word(known, word)).collect();
            let text = surround(known, env, &command.join(" "));
            Item { options: around(known, [dir, stdin], *terminal), ..line("run", text) }
        }
        Act::Script { interpreter, script, args, env, dir, stdin, terminal } => {
            let text = surround(known, env, &interpreter.join(" ")) + &arguments(known, args);
            let options = around(known, [dir, stdin], *terminal);
            Item { options, script: Some(script.clone()), ..line("script", text) }
        }
        Act::Http { method, url, headers, query, login, body } => {
            let query = query.iter().map(|one| format!("{}={}", one.name, known.show(&one.value)));
            let query = query.collect::<Vec<_>>().join("&");
            let mark = if query.is_empty() { "" } else { "?" };
            let text = format!("{method} {}{mark}{query}", known.show(url));
            let headers =
                headers.iter().map(|one| format!("header {}: {}", one.name, known.show(&one.value)));
            let options = headers.chain(login.iter().map(|login| credentials(known, login)));
            let options = options.chain(body.iter().map(|body| payload(known, body))).collect();
            Item { options, ..line("http", text) }
        }
        Act::Artifact(path) => line("artifact", known.show(path)),
        Act::Evidence(value) => line("evidence", known.show(value)),
        Act::Notify { channel, text } => line("notify", format!("{channel}: {}", known.show(text))),
        Act::Log(text) => line("log", known.show(text)),
        Act::Lock(name) => {
            let options = if means_file(known, name) { vec!["however spelled".to_owned()] } else { vec![] };
            Item { options, ..line("exclusive", known.show(name)) }
        }
        Act::Wait(until) => line("wait", wait(known, until)),
        Act::Person(question) => person(known, question),
    }
}

/// Whether something in the name of a lock is known to mean a file.
fn means_file(known: &Known<'_>, name: &Expr) -> bool {
    match name {
        Expr::At(_, inner) => means_file(known, inner),
        Expr::Text(pieces) => pieces.iter().any(|piece| match piece {
            Piece::Value(value) => means_file(known, value),
            Piece::Text(_) => false,
        }),
        Expr::Convert(ty, value) => match eval(value, known) {
            Ok(value) => matches!(LockPart::of(ty, &value.to_text()), LockPart::File(_)),
            Err(_) => *ty == Type::Path,
        },
        _ => false,
    }
}

fn line(kind: &'static str, text: String) -> Item {
    Item { kind, text: Some(text), ..Item::default() }
}

fn word(known: &Known<'_>, word: &WordExpr) -> String {
    known.word(&word.value, word.splice)
}

fn surround(known: &Known<'_>, env: &[NamedText], command: &str) -> String {
    let names = env.iter().map(|entry| format!("{}={} ", entry.name, known.word(&entry.value, false)));
    names.chain([command.to_owned()]).collect()
}

fn around(known: &Known<'_>, [dir, stdin]: [&Option<Box<Expr>>; 2], terminal: bool) -> Vec<String> {
    let dir = dir.as_ref().map(|dir| format!("in {}", known.word(dir, false)));
    let stdin =
        stdin.as_ref().map(|stdin| format!("stdin {}", known.word(stdin, false).replace('\n', "\\n")));
    let terminal = terminal.then(|| "terminal".to_owned());
    dir.into_iter().chain(stdin).chain(terminal).collect()
}

fn arguments(known: &Known<'_>, args: &[ScriptArg]) -> String {
    if args.is_empty() {
        return String::new();
    }
    let each = args.iter().map(|arg| format!("{}={}", arg.name, known.brief(&arg.value)));
    format!(" ({})", each.collect::<Vec<_>>().join(", "))
}

fn credentials(known: &Known<'_>, login: &Login) -> String {
    match login {
        Login::Bearer(token) => format!("bearer {}", known.show(token)),
        Login::Basic(user, _) => format!("basic {}", known.show(user)),
    }
}

fn payload(known: &Known<'_>, body: &HttpBody) -> String {
    match body {
        HttpBody::Json(value) => format!("json {}", known.show(value)),
        HttpBody::Form(value) => format!("form {}", known.show(value)),
        HttpBody::Text(value) => format!("body {}", known.show(value)),
    }
}

fn wait(known: &Known<'_>, until: &WaitFor) -> String {
    match until {
        WaitFor::Duration(length) => known.show(length),
        WaitFor::Time(time) => format!("until {}", known.show(time)),
        WaitFor::Window(window) => format!("until {window}"),
    }
}

fn person(known: &Known<'_>, question: &Question) -> Item {
    let title = Some(known.brief(&question.text));
    let mut told = Item { title, ..Item::default() };
    (told.kind, told.text, told.options) = match &question.kind {
        QuestionKind::Confirm { typing, optional } => {
            let typing = typing.as_ref().map(|typing| format!("typing \"{}\"", known.show(typing)));
            let optional = optional.then(|| "optional".to_owned());
            ("confirm", None, typing.into_iter().chain(optional).collect())
        }
        QuestionKind::Ask { name, ty, choices, default } => {
            let choices = choices.as_ref().map(|choices| format!("one of {}", known.show(choices)));
            let default = default.as_ref().map(|default| format!("default {}", known.show(default)));
            ("ask", Some(format!("{name}: {ty}")), choices.into_iter().chain(default).collect())
        }
        QuestionKind::Judge { showing, expected } => {
            let expected = expected.as_ref().map(|expected| format!("expected {}", known.show(expected)));
            let showing = format!("showing {}", known.show(showing));
            ("judge", None, [showing].into_iter().chain(expected).collect())
        }
        QuestionKind::Choose { answers } => ("choose", Some(answers.join(" | ")), vec![]),
        QuestionKind::Manual => ("by hand", None, vec![]),
        QuestionKind::Approval { quorum, within, showing, self_approval } => {
            let who: Vec<_> =
                quorum.iter().map(|one| format!("{} from \"{}\"", one.need, one.from)).collect();
            let limit = within.as_ref().map(|within| format!("within {}", known.show(within)));
            let showing = showing.as_ref().map(|showing| format!("showing {}", known.show(showing)));
            let own = self_approval.then(|| "self approval".to_owned());
            let options = limit.into_iter().chain(showing).chain(own).collect();
            ("approval", Some(format!("need {}", who.join(" or "))), options)
        }
    };
    if question.kind == QuestionKind::Manual {
        told.title = None;
    }
    told.options.extend(question.by.as_ref().map(|role| format!("by \"{role}\"")));
    told
}
