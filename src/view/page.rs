//! The shell of a page that stands alone: it fetches nothing and runs nothing. Knows no word of what is on it.

use maud::{DOCTYPE, Markup, PreEscaped, html};

/// A script that got in by whatever way would not run, and nothing is fetched.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'";

/// A whole page with its own style; every text of title and body was escaped by its template.
pub(super) fn page(title: &Markup, style: &str, body: &Markup) -> String {
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(POLICY);
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) }
                style { (PreEscaped(style)) }
            }
            body { (body) }
        }
    };
    page.into_string()
}
