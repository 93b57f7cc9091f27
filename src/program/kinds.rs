//! The statement kinds by their words, and what can be asked of them without their files.

use foldhash::{HashMap, HashMapExt};

use super::{BlockOf, Place, Schema, SlotKind};
use crate::syntax::tree::{Head, Stmt};

/// Kinds by word; a word may have one kind for each of several places.
#[derive(Debug)]
pub(super) struct Kinds {
    by_word: HashMap<&'static str, Vec<&'static Schema>>,
}

impl Kinds {
    pub(super) fn new(schemas: &[&'static Schema]) -> Self {
        let mut by_word: HashMap<_, Vec<_>> = HashMap::new();
        for schema in schemas {
            by_word.entry(schema.word).or_default().push(*schema);
        }
        Self { by_word }
    }

    /// The kind that `word` means at a place; where it may not stand there, any kind of that word.
    pub(super) fn find(&self, word: &str, place: Option<Place>) -> Option<&'static Schema> {
        let kinds = self.by_word.get(word)?;
        let here = kinds.iter().find(|schema| place.is_some_and(|place| schema.stands_in.contains(&place)));
        here.or(kinds.first()).copied()
    }

    /// Every word that may begin a statement at a place.
    pub(super) fn words_in(&self, place: Option<Place>) -> Vec<&'static str> {
        let stands = |schema: &&Schema| place.is_none_or(|place| schema.stands_in.contains(&place));
        let words = self.by_word.iter().filter(|(_, kinds)| kinds.iter().any(&stands));
        let mut words: Vec<_> = words.map(|(word, _)| *word).filter(|word| !is_form(word)).collect();
        words.sort_unstable();
        words
    }

    /// Whether a statement begins with that word.
    pub(super) fn knows(&self, word: &str) -> bool {
        self.by_word.contains_key(word)
    }

    /// Where any kind of that word may stand.
    pub(super) fn places_of(&self, word: &str) -> Vec<Place> {
        let kinds = self.by_word.get(word).into_iter().flatten();
        kinds.flat_map(|schema| schema.stands_in.iter().copied()).collect()
    }

    /// The statement whose block a place is, where it has an option of that word.
    pub(super) fn with_option(&self, word: &str, place: Option<Place>) -> Option<&'static Schema> {
        let place = place?;
        let all = self.by_word.values().flatten().copied();
        let mut around = all.filter(|schema| own_place(schema) == Some(place));
        around.find(|schema| schema.options.iter().any(|option| option.word == word))
    }

    /// The names that blocks bring (`status`), of all statements.
    pub(super) fn provided(&self) -> Vec<&'static str> {
        let schemas = self.by_word.values().flatten();
        schemas.flat_map(|schema| schema.provides.iter().map(|(name, _)| *name)).collect()
    }

    /// Whether any statement has an option of that word.
    pub(super) fn is_option(&self, word: &str) -> bool {
        self.by_word.values().flatten().any(|schema| schema.options.iter().any(|option| option.word == word))
    }

    /// Whether a word is an option that takes nothing.
    pub(super) fn is_flag(&self, word: &str) -> bool {
        let options = || self.by_word.values().flatten().flat_map(|schema| schema.options);
        options().any(|option| option.word == word && option.parts.is_empty())
    }

    /// The longest word of an option with which letters end.
    pub(super) fn option_behind(&self, letters: &str) -> Option<&'static str> {
        let options = self.by_word.values().flatten().flat_map(|schema| schema.options);
        options.map(|option| option.word).filter(|word| letters.ends_with(word)).max_by_key(|word| word.len())
    }

    /// The words of the statements whose blocks bring a name (`status`).
    pub(super) fn providers_of(&self, name: &str) -> Vec<&'static str> {
        let provides = |schema: &&Schema| schema.provides.iter().any(|(provided, _)| *provided == name);
        let mut words: Vec<_> = self
            .by_word
            .values()
            .flatten()
            .filter(|schema| provides(schema))
            .map(|schema| schema.word)
            .collect();
        words.sort_unstable_by(|a, b| b.cmp(a));
        words
    }
}

/// Words that name a structural form and are not written as keywords.
fn is_form(word: &str) -> bool {
    matches!(word, "fence" | "prose")
}

/// Lines that declare something about the whole file; they are read before the others.
pub(super) fn is_declaration(head: &Head) -> bool {
    matches!(head, Head::Word(word) if matches!(word.text.as_str(), "runbook" | "module" | "use" | "input"))
}

/// The place that a statement's block is, if it is one of its own.
pub(super) fn own_place(schema: &Schema) -> Option<Place> {
    match schema.block {
        BlockOf::Optional(place) | BlockOf::Required(place) => Some(place),
        BlockOf::None | BlockOf::Same => None,
    }
}

/// Blocks that run at a time of their own and not where they stand.
pub(super) fn is_anytime(schema: &Schema) -> bool {
    matches!(own_place(schema), Some(Place::Handler | Place::Guard | Place::Every))
}

/// Parts of what is around them, that no condition and no loop can hide.
pub(super) fn is_part(schema: &Schema) -> bool {
    is_anytime(schema) || matches!(own_place(schema), Some(Place::Undo | Place::DoneWhen))
}

/// Places where an effect needs `look`.
pub(super) fn needs_look(place: Place) -> bool {
    !matches!(
        place,
        Place::Step
            | Place::Manual
            | Place::Undo
            | Place::Check
            | Place::Guard
            | Place::DoneWhen
            | Place::ModuleCheck
    )
}

/// A place in the words of an author.
pub(super) fn place_words(place: Place) -> &'static str {
    match place {
        Place::Runbook => "at the top of a runbook",
        Place::Phase => "in a `phase`",
        Place::Attempt => "in an `attempt`",
        Place::Step => "in a `step`",
        Place::Manual => "in a `manual`",
        Place::Undo => "in a `rollback` or `restore`",
        Place::Check => "in a `check`",
        Place::Guard => "in a `guard`",
        Place::DoneWhen => "in `done when`",
        Place::Gate => "in a `gate`",
        Place::Handler => "in a handler (`before rollback`, `after …`)",
        Place::Every => "in an `every` block",
        Place::Choose => "in a `choose`",
        Place::Answer => "in an `answer`",
        Place::Parallel => "in a `parallel`",
        Place::Scenario => "in a `scenario`",
        Place::Module => "at the top of a module",
        Place::ModuleCheck => "in a module's `check`",
        Place::RunBlock => "in the block of a `run`",
        Place::FenceBlock => "in the block of a script",
        Place::HttpBlock => "in the block of an `http`",
        Place::TextBlock => "in a block of prose",
    }
}

/// Whether braces that look like an empty block are the empty value that a statement takes (`json {}`).
pub(super) fn is_empty_value(schema: &Schema, written: &Stmt) -> bool {
    let empty = written.block.as_ref().is_some_and(|block| block.lines.is_empty());
    empty && written.items.is_empty() && schema.operands == [SlotKind::Json]
}
