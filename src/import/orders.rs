//! Texts that tell to do something, and headings under which nobody does anything.

use super::withheld::{behind_label, opens_note};
use super::words::{among, has};

/// Verbs that orders begin with.
const VERBS: &str = "\
    acknowledge activate add adopt adjust alert announce apply approve archive ask assign attach \
    block build bump call cancel change check choose clean clear click close commit communicate compare \
    configure confirm connect contact copy create cut cycle declare decide delete deploy detach \
    determine disable disconnect document download drain edit email enable ensure escalate evaluate \
    execute export fail fetch find fix flip flush follow force freeze generate get give go identify \
    import increase inform initiate inspect install invalidate investigate invite issue keep kill label \
    launch list load lock log login look lower make mark merge migrate modify monitor mount move \
    navigate note notify obtain open page pause perform pick ping place point post prepare press promote \
    provide prune publish pull purge push put re-enable re-open re-run read reapply reboot rebuild \
    record redeploy reduce refresh register reload remount remove rename repeat replace report request \
    rerun reset resize restart restore resume retry return review revoke rotate run save scale schedule \
    search select send set share shift ship shut sign silence skip snapshot spin ssh start stop store \
    submit suspend switch sync tag take tell terminate test transfer trigger truncate turn type unlock \
    unmount update upgrade upload use validate verify visit wait warn watch wipe write";

/// Headings of what nobody does: context, contacts, references.
pub(super) fn is_reference(title: &str) -> bool {
    const WORDS: &[&str] = &[
        "overview",
        "introduction",
        "background",
        "summary",
        "purpose",
        "audience",
        "contents",
        "contacts",
        "references",
        "reference",
        "links",
        "glossary",
        "changelog",
        "history",
        "appendix",
        "related",
        "see also",
        "about",
        "owners",
        "ownership",
        "context",
        "architecture",
        "terminology",
        "definitions",
        "assumptions",
        "document history",
        "metadata",
        "faq",
        "resources",
        "further reading",
        "specification",
        "description",
    ];
    let lower = title.to_lowercase();
    WORDS.iter().any(|word| has(&lower, word))
}

/// Whether a text begins as an order does.
pub(super) fn is_order(text: &str) -> bool {
    const OPENERS: [&str; 12] =
        ["please", "then", "now", "next", "finally", "first", "also", "after", "once", "must", "you", "step"];
    if behind_label(text).is_some() || opens_note(text) {
        return false;
    }
    let lower = text.to_lowercase();
    let mut words = lower.split(|c: char| !c.is_alphanumeric() && c != '-').filter(|word| !word.is_empty());
    let first = words.next().unwrap_or_default();
    let second = words.next().unwrap_or_default();
    let numbered = first.chars().all(|c| c.is_ascii_digit()) && !first.is_empty();
    is_verb(first)
        || first == "back" && second == "up"
        || OPENERS.contains(&first) && (is_verb(second) || matches!(first, "step" | "you"))
        || numbered && is_verb(second)
        || ["must be", "needs to be", "has to be", "you must", "you should", "make sure"]
            .iter()
            .any(|phrase| has(&lower, phrase))
}

fn is_verb(word: &str) -> bool {
    among(VERBS, word)
}
