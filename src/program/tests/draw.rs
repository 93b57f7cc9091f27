//! Draws diagnostics under the source lines that they are about, and programs as an outline.

use std::fmt::Write as _;

use crate::diag::{Diagnostic, Label, Severity};
use crate::program::{Bind, Call, Form, GivenOption, Operand, Program, Stmt, Tail};
use crate::text::{Source, SourceId, Span};
use crate::value::{Expr, Piece, VarId};

/// The sources with each diagnostic under its line; only the first where all are in it.
pub(super) fn diagnostics(sources: &[Source], all: &[Diagnostic]) -> String {
    let mut out = String::new();
    for (source, id) in sources.iter().zip((0..).map(SourceId)) {
        if id == SourceId(0) {
            out.push_str(&one_source(source, id, all));
        } else if all.iter().any(|it| it.primary.span.source == id) {
            let _ = write!(out, "--- {}\n{}", source.name(), one_source(source, id, all));
        }
    }
    out
}

fn one_source(source: &Source, id: SourceId, all: &[Diagnostic]) -> String {
    let mut out = String::new();
    let mut start = 0;
    let text = if source.text().is_empty() { "\n" } else { source.text() };
    for line in text.split_inclusive('\n') {
        let range = start..start + line.len();
        let _ = writeln!(out, "| {}", line.trim_end());
        for diagnostic in all.iter().filter(|it| starts_in(it.primary.span, id, &range)) {
            out.push_str(&one(source, diagnostic, range.start));
        }
        start = range.end;
    }
    out
}

fn starts_in(span: Span, id: SourceId, range: &std::ops::Range<usize>) -> bool {
    span.source == id && range.contains(&(span.start as usize))
}

fn one(source: &Source, diagnostic: &Diagnostic, line_start: usize) -> String {
    let span = diagnostic.primary.span;
    let before = source.text().get(line_start..span.start as usize).unwrap_or_default().chars().count();
    let words = source.slice(span).lines().next().unwrap_or_default();
    let carets = "^".repeat(words.chars().count().clamp(1, 60));
    let mark = if diagnostic.severity == Severity::Error { ' ' } else { '~' };
    let mut out =
        format!("{mark} {}{carets} {} {}", " ".repeat(before), diagnostic.code.id, diagnostic.message);
    if !diagnostic.primary.text.is_empty() {
        let _ = write!(out, " [{}]", diagnostic.primary.text);
    }
    for Label { span, text } in &diagnostic.secondary {
        let place = source.position(span.start);
        let _ = write!(
            out,
            "\n      also {}:{} `{}` {text}",
            place.line,
            place.column,
            first_line(source.slice(*span))
        );
    }
    for help in &diagnostic.help {
        let _ = write!(out, "\n      help: {help}");
    }
    if let Some(fix) = &diagnostic.fix {
        for edit in &fix.edits {
            let _ = write!(out, "\n      fix: `{}` -> `{}`", source.slice(edit.span), edit.text);
        }
    }
    out.push('\n');
    out
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}

/// The program as an outline.
pub(super) fn program(program: &Program) -> String {
    let mut out = format!("{:?} {}\n", program.title, program.version);
    for input in &program.inputs {
        let var = name(program, input.var);
        let _ = write!(out, "input {var}: {:?}", program.vars[input.var.0 as usize].ty);
        if let Some(default) = &input.default {
            let _ = write!(out, " = {}", expr(program, default));
        }
        if let Some(from) = &input.from {
            let _ = write!(out, " from {from:?}");
        }
        if let Some(condition) = &input.condition {
            let _ = write!(out, " where {}", expr(program, condition));
        }
        let _ = writeln!(out, " {:?}", input.description.as_deref().unwrap_or_default());
    }
    lines(program, &program.body, 0, &mut out);
    for (at, def) in program.defs.iter().enumerate() {
        let params: Vec<_> = def.params.iter().map(|param| name(program, param.var)).collect();
        let returns = def.returns.map(|var| format!(" -> {}", name(program, var))).unwrap_or_default();
        let _ = writeln!(out, "def {at} {:?} {}({}){returns}", def.kind, def.name, params.join(", "));
        lines(program, &def.body, 1, &mut out);
    }
    out
}

fn lines(program: &Program, stmts: &[Stmt], depth: usize, out: &mut String) {
    for stmt in stmts {
        line(program, stmt, depth, out);
    }
}

fn line(program: &Program, stmt: &Stmt, depth: usize, out: &mut String) {
    let indent = "  ".repeat(depth);
    for call in &stmt.calls {
        let _ = writeln!(out, "{indent}ask {}", drawn_call(program, call));
    }
    let bind = stmt.bind.as_ref().map(|bind| drawn_bind(program, bind)).unwrap_or_default();
    let look = if stmt.look { "look " } else { "" };
    let _ = write!(out, "{indent}{bind}{look}{}{}", stmt.schema.word, form(program, &stmt.form));
    for operand in &stmt.operands {
        let _ = write!(out, " {}", drawn_operand(program, operand));
    }
    for given in &stmt.options {
        let _ = write!(out, " {}", option(program, given));
    }
    if let Some(prose) = &stmt.prose {
        let _ = write!(out, " prose {prose:?}");
    }
    out.push('\n');
    lines(program, &stmt.body, depth + 1, out);
    match stmt.tail.as_deref() {
        None => {}
        Some(Tail::Else(block)) => tail(program, "else", &block.body, depth, out),
        Some(Tail::Otherwise(block)) => tail(program, "otherwise", &block.body, depth, out),
        Some(Tail::Until(calls, until)) => {
            for call in calls {
                let _ = writeln!(out, "{indent}ask {}", drawn_call(program, call));
            }
            let _ = writeln!(out, "{indent}until {}", expr(program, until));
        }
    }
}

fn tail(program: &Program, word: &str, body: &[Stmt], depth: usize, out: &mut String) {
    let _ = writeln!(out, "{}{word}", "  ".repeat(depth));
    lines(program, body, depth + 1, out);
}

fn drawn_bind(program: &Program, bind: &Bind) -> String {
    let secret = if program.vars[bind.var.0 as usize].secret { " secret" } else { "" };
    format!("{}: {:?}{secret} = ", name(program, bind.var), bind.ty)
}

fn drawn_call(program: &Program, call: &Call) -> String {
    let args = call.args.iter().map(|arg| arg.as_ref().map_or("_".to_owned(), |arg| expr(program, arg)));
    let result = call.result.map(|var| format!(" -> {}", name(program, var))).unwrap_or_default();
    format!("def {}({}){result}", call.def.0, args.collect::<Vec<_>>().join(", "))
}

fn form(program: &Program, form: &Form) -> String {
    match form {
        Form::Plain => String::new(),
        Form::Run(words) => words.iter().fold(String::new(), |mut out, word| {
            let splice = if word.splice { "..." } else { "" };
            let _ = write!(out, " {splice}{}", expr(program, &word.value));
            out
        }),
        Form::Fence { tag, script, args } => {
            let args = args.iter().map(|arg| format!("{}: {}", arg.name, expr(program, &arg.value)));
            format!(" {tag}({}) {script:?}", args.collect::<Vec<_>>().join(", "))
        }
        Form::Call(call) => format!(" {}", drawn_call(program, call)),
        Form::Expr(value) => format!(" {}", expr(program, value)),
    }
}

fn option(program: &Program, given: &GivenOption) -> String {
    let values = given.values.iter().map(|value| format!(" {}", drawn_operand(program, value)));
    format!("[{}{}]", given.word, values.collect::<String>())
}

fn drawn_operand(program: &Program, operand: &Operand) -> String {
    match operand {
        Operand::Expr(value, ty, _) => format!("{}:{ty:?}", expr(program, value)),
        Operand::Word(word, _) => word.clone(),
        Operand::Regex(pattern, _) => format!("/{pattern}/"),
        Operand::New { var, ty, default, choices, .. } => {
            let default = default.as_ref().map(|it| format!(" = {}", expr(program, it))).unwrap_or_default();
            let choices = choices.as_ref().map(|it| format!(" of {}", expr(program, it))).unwrap_or_default();
            format!("new {}:{ty:?}{choices}{default}", name(program, *var))
        }
        Operand::Assign(key, value, ty, _) => format!("{key} = {}:{ty:?}", expr(program, value)),
        Operand::Args(args) => {
            let args = args.iter().map(|arg| format!("{}: {}", arg.name, expr(program, &arg.value)));
            format!("({})", args.collect::<Vec<_>>().join(", "))
        }
    }
}

fn name(program: &Program, var: VarId) -> String {
    format!("{}#{}", program.vars[var.0 as usize].name, var.0)
}

fn expr(program: &Program, value: &Expr) -> String {
    let draw = |inner: &Expr| expr(program, inner);
    match value {
        Expr::Const(value) => format!("{value:?}"),
        Expr::Var(var) => name(program, *var),
        Expr::Field(base, field) => format!("{}.{field}", draw(base)),
        Expr::Index(base, index) => format!("{}[{}]", draw(base), draw(index)),
        Expr::Text(pieces) => {
            let piece = |piece: &Piece| match piece {
                Piece::Text(text) => text.clone(),
                Piece::Value(inner) => format!("{{{}}}", draw(inner)),
            };
            format!("\"{}\"", pieces.iter().map(piece).collect::<String>())
        }
        Expr::List(items) => format!("[{}]", items.iter().map(draw).collect::<Vec<_>>().join(", ")),
        Expr::Map(fields) => {
            let fields = fields.iter().map(|(key, inner)| format!("{key}: {}", draw(inner)));
            format!("{{{}}}", fields.collect::<Vec<_>>().join(", "))
        }
        Expr::Not(inner) => format!("not {}", draw(inner)),
        Expr::Neg(inner) => format!("-{}", draw(inner)),
        Expr::Binary(op, a, b) => format!("({} {op:?} {})", draw(a), draw(b)),
        Expr::If(c, a, b) => format!("(if {} then {} else {})", draw(c), draw(a), draw(b)),
        Expr::Call(function, args) => {
            format!("{function:?}({})", args.iter().map(draw).collect::<Vec<_>>().join(", "))
        }
        Expr::Jq { input, program: text, vars } => {
            let vars = vars.iter().map(|(key, inner)| format!(", {key}: {}", draw(inner)));
            format!("jq({}, {text:?}{})", draw(input), vars.collect::<String>())
        }
        Expr::Convert(ty, inner) => format!("{ty:?}({})", draw(inner)),
        Expr::At(_, inner) => draw(inner),
    }
}
