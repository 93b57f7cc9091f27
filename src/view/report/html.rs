//! The story as a page that stands alone: no script, nothing from elsewhere. Every text is escaped by the template.

use maud::{Markup, Render, html as draw};

use super::story::{Bar, EffectTold, Sort, Story, Told, Tone};
use super::text::{Text, clock, size};
use crate::view::moment::took;
use crate::view::page::page;

const STYLE: &str = include_str!("style.css");

impl Render for Text {
    fn render_to(&self, buffer: &mut String) {
        self.as_str().render_to(buffer);
    }
}

/// The report as a page. `outputs` is the folder that outputs lie in beside it; they are linked then.
#[must_use]
pub fn html(story: &Story, outputs: Option<&str>) -> String {
    let body = draw! {
        (head(story))
        (timeline(story))
        (people(story))
        (log(story))
        (effects(story, outputs))
        (files(story))
        (inputs(story))
        (sources(story))
        footer { p { "Run " (story.run) ". All times are UTC. Made by bowline from the events of the run." } }
    };
    page(&draw! { (story.title) ", run " (story.run) }, STYLE, &body)
}

fn head(story: &Story) -> Markup {
    draw! {
        header {
            p.kind { "Report of run " (story.run) }
            h1 { (story.title) " " span.version { (story.version) } }
            p.standing.(class(story.standing.tone)) {
                strong { (story.standing.word) }
                @if let Some(why) = &story.standing.why { span.why { (why) } }
            }
            @if let Some(prose) = &story.prose { p.prose { (prose) } }
        }
        @if !story.open.is_empty() {
            section { h2 { "What is open" } (listed(&story.open)) }
        }
        section.head {
            (listed(&story.summary))
            dl.small {
                @for (word, text) in &story.facts {
                    dt { (word) }
                    dd { (text) }
                }
            }
        }
    }
}

/// Words with what belongs to them.
fn listed(rows: &[(&'static str, Vec<Text>)]) -> Markup {
    draw! {
        dl {
            @for (word, texts) in rows {
                dt { (word) }
                @for text in texts { dd { (text) } }
            }
        }
    }
}

fn timeline(story: &Story) -> Markup {
    if story.bars.is_empty() {
        return draw! {};
    }
    draw! {
        section.timeline {
            h2 { "When" }
            div.axis {
                span { (clock(story.began, story.began)) }
                span { (clock(story.last, story.began)) }
            }
            div.bars {
                @for bar in &story.bars { (bar_row(story, bar)) }
            }
            @if !story.scale.shortened.is_empty() {
                p.note { "Hatched: long times without an event are drawn shorter." }
            }
            @if story.bars_left_out > 0 {
                p.note { (story.bars_left_out) " more, deeper down, are left out." }
            }
        }
    }
}

fn bar_row(story: &Story, bar: &Bar) -> Markup {
    let from = story.scale.at(bar.began);
    let to = bar.ended.map_or(1.0, |ended| story.scale.at(ended));
    let length =
        bar.ended.map_or_else(|| "goes on".to_owned(), |ended| took(ended.duration_since(bar.began)));
    let sort = match bar.sort {
        Sort::Around => "around",
        Sort::Work => "work",
        Sort::Undo => "undo",
        Sort::Wait => "wait",
    };
    let depth = bar.depth.min(8);
    draw! {
        div.bar.(sort).(class(bar.tone)) {
            span.label style=(format!("padding-left:{depth}em")) { (bar.title) }
            span.track {
                @for (from, to, _) in &story.scale.shortened {
                    span.gap style=(place(*from, *to)) {}
                }
                span.fill style=(place(from, to)) {}
            }
            span.began { (clock(bar.began, story.began)) }
            span.took { (length) }
        }
    }
}

/// Where something stands on the track.
fn place(from: f64, to: f64) -> String {
    format!("left:{:.3}%;width:{:.3}%", from * 100.0, (to - from).max(0.0) * 100.0)
}

fn people(story: &Story) -> Markup {
    if story.people.is_empty() {
        return draw! {};
    }
    draw! {
        section {
            h2 { "Who said what" }
            table {
                thead { tr { th { "When" } th { "Who" } th { "What" } th { "Was shown" } } }
                tbody {
                    @for said in &story.people {
                        tr {
                            td.time { (clock(said.at, story.began)) }
                            td { (said.who) }
                            td.words { (said.words) }
                            td.words { @if let Some(shown) = &said.shown { (shown) } }
                        }
                    }
                }
            }
        }
    }
}

fn log(story: &Story) -> Markup {
    draw! {
        section.log {
            h2 { "What happened" }
            table {
                tbody { @for told in &story.log { (log_row(story, told)) } }
            }
        }
    }
}

fn log_row(story: &Story, told: &Told) -> Markup {
    let depth = told.depth.min(12);
    let strong = told.strong.then_some("strong");
    draw! {
        tr class=[strong] {
            td.time { @if let Some(at) = told.at { (clock(at, story.began)) } }
            td.words.(class(told.tone)) style=(format!("padding-left:{}em", depth + 1)) { (told.text) }
        }
    }
}

fn effects(story: &Story, outputs: Option<&str>) -> Markup {
    if story.effects.is_empty() {
        return draw! {};
    }
    draw! {
        section.effects {
            h2 { "Commands and requests" }
            table {
                thead { tr { th { "Began" } th { "What" } th { "Result" } th { "Took" } th { "Output" } } }
                tbody { @for effect in &story.effects { (effect_row(story, effect, outputs)) } }
            }
            @if story.effects_left_out > 0 { p.note { (story.effects_left_out) " more are left out." } }
        }
    }
}

fn effect_row(story: &Story, effect: &EffectTold, outputs: Option<&str>) -> Markup {
    draw! {
        tr {
            td.time { (clock(effect.at, story.began)) }
            td {
                @if !effect.place.as_str().is_empty() { span.place { (effect.place) } }
                code { (effect.shown) }
            }
            td.(class(effect.tone)) { (effect.result) }
            td.number { (effect.took) }
            td.number {
                @if let Some((name, bytes, _)) = &effect.output {
                    @match outputs {
                        // The host names these files; no other letter stands in them.
                        Some(folder) => a href=(format!("{folder}/{}", name.as_str())) { (size(*bytes)) },
                        None => (size(*bytes)),
                    }
                }
            }
        }
    }
}

fn files(story: &Story) -> Markup {
    if story.files.is_empty() {
        return draw! {};
    }
    draw! {
        section {
            h2 { "Files" }
            table {
                thead { tr { th { "File" } th {} th { "Size" } th { "SHA-256" } } }
                tbody {
                    @for file in &story.files {
                        tr {
                            td.words { (file.name) }
                            td.number { (file.what) }
                            td.number { (size(file.bytes)) }
                            td { code.hash { (file.sha256) } }
                        }
                    }
                }
            }
        }
    }
}

fn inputs(story: &Story) -> Markup {
    if story.inputs.is_empty() {
        return draw! {};
    }
    draw! {
        section {
            h2 { "Inputs" }
            table {
                tbody {
                    @for (name, value) in &story.inputs { tr { td { (name) } td.words { (value) } } }
                }
            }
        }
    }
}

fn sources(story: &Story) -> Markup {
    if story.sources.is_empty() {
        return draw! {};
    }
    draw! {
        section {
            h2 { "Sources" }
            table {
                tbody {
                    @for (name, hash) in &story.sources { tr { td.words { (name) } td { code.hash { (hash) } } } }
                }
            }
        }
    }
}

fn class(tone: Tone) -> &'static str {
    match tone {
        Tone::Plain => "plain",
        Tone::Good => "good",
        Tone::Bad => "bad",
        Tone::Alert => "alert",
    }
}
