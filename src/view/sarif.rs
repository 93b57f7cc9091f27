//! Diagnostics for the tools of others: SARIF 2.1.0, and annotations of a GitHub workflow.

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use serde_json::{Value as Json, json};

use crate::diag::explain::entry;
use crate::diag::{Code, Diagnostic, Edit, Fix, Severity, codes};
use crate::text::{Sources, Span};

/// What was found in a file and in those that it takes in.
#[derive(Clone, Copy, Debug)]
pub struct Report<'a> {
    /// The files.
    pub sources: &'a Sources,
    /// What was found in them.
    pub diagnostics: &'a [Diagnostic],
}

impl Report<'_> {
    /// What names a file in a URI.
    fn uri(&self, span: Span) -> Option<String> {
        /// What would end a path, or begin something else.
        const OUTSIDE: &AsciiSet = &CONTROLS
            .add(b' ')
            .add(b'"')
            .add(b'#')
            .add(b'%')
            .add(b'<')
            .add(b'>')
            .add(b'?')
            .add(b'`')
            .add(b':');
        let name = self.sources.get(span.source)?.name();
        let path = utf8_percent_encode(name.trim_start_matches("./"), OUTSIDE).to_string();
        Some(if path.starts_with('/') { format!("file://{path}") } else { path })
    }

    fn region(&self, span: Span) -> Option<Json> {
        let source = self.sources.get(span.source)?;
        let (start, end) = (source.position(span.start), source.position(span.end));
        Some(json!({
            "startLine": start.line, "startColumn": start.column, "endLine": end.line, "endColumn": end.column,
        }))
    }

    fn location(&self, span: Span) -> Option<Json> {
        Some(json!({ "artifactLocation": { "uri": self.uri(span)? }, "region": self.region(span)? }))
    }
}

/// Everything that was found, as one run of one tool.
#[must_use]
pub fn diagnostics_sarif(reports: &[Report<'_>]) -> Json {
    let results: Vec<_> = reports
        .iter()
        .flat_map(|report| report.diagnostics.iter().filter_map(|one| result(report, one)))
        .collect();
    let rules: Vec<_> = codes::ALL.iter().map(|code| rule(*code)).collect();
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "bowline",
                "version": env!("CARGO_PKG_VERSION"),
                "rules": rules,
            }},
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    })
}

fn rule(code: Code) -> Json {
    let level = if code.is_lint() { "warning" } else { "error" };
    let meaning =
        entry(code.id).map_or("", |entry| entry.meaning).split_whitespace().collect::<Vec<_>>().join(" ");
    let full = if meaning.is_empty() { code.title.to_owned() } else { meaning };
    json!({
        "id": code.id,
        "shortDescription": { "text": code.title },
        "fullDescription": { "text": full },
        "help": { "text": format!("`bowline explain {}` says more, with examples.", code.id) },
        "defaultConfiguration": { "level": level },
    })
}

fn result(report: &Report<'_>, one: &Diagnostic) -> Option<Json> {
    let text = words(one);
    let related: Vec<_> = one
        .secondary
        .iter()
        .filter_map(|label| {
            let place = report.location(label.span)?;
            Some(json!({ "physicalLocation": place, "message": { "text": label.text } }))
        })
        .collect();
    let fixes: Vec<_> = one.fix.iter().filter_map(|fix| mended(report, fix)).collect();
    Some(json!({
        "ruleId": one.code.id,
        "ruleIndex": codes::ALL.iter().position(|code| *code == one.code)?,
        "level": level(one.severity),
        "message": { "text": text },
        "locations": [{ "physicalLocation": report.location(one.primary.span)? }],
        "relatedLocations": related,
        "fixes": fixes,
    }))
}

/// What is said, and what to do next.
fn words(one: &Diagnostic) -> String {
    one.help.iter().fold(one.message.clone(), |all, sentence| all + "\n" + sentence)
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
}

fn mended(report: &Report<'_>, fix: &Fix) -> Option<Json> {
    let replaced = |edit: &Edit| {
        let region = report.region(edit.span)?;
        Some(json!({ "deletedRegion": region, "insertedContent": { "text": edit.text } }))
    };
    Some(json!({
        "description": { "text": fix.title },
        "artifactChanges": [{
            "artifactLocation": { "uri": report.uri(fix.first()?.span)? },
            "replacements": fix.edits.iter().map(replaced).collect::<Option<Vec<_>>>()?,
        }],
    }))
}

/// A workflow command for each: GitHub shows it beside the line in a pull request.
#[must_use]
pub fn diagnostics_github(reports: &[Report<'_>]) -> String {
    let commands =
        reports.iter().flat_map(|report| report.diagnostics.iter().filter_map(|one| annotation(report, one)));
    commands.collect()
}

fn annotation(report: &Report<'_>, one: &Diagnostic) -> Option<String> {
    let source = report.sources.get(one.primary.span.source)?;
    let (start, end) = (source.position(one.primary.span.start), source.position(one.primary.span.end));
    let text = words(one);
    // Columns of a place over several lines would be taken for those of its first.
    let columns = if start.line == end.line {
        format!(",col={},endColumn={}", start.column, end.column)
    } else {
        String::new()
    };
    Some(format!(
        "::{} file={},line={},endLine={}{columns},title={}::{}\n",
        level(one.severity),
        property(source.name()),
        start.line,
        end.line,
        one.code.id,
        data(&text),
    ))
}

/// Text of a workflow command.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// The value of a property of a workflow command.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
