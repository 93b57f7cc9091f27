//! What an operator means who names a step, check or question of a plan in words.

use super::titled::{Named, Titled, titled};
use super::words::Known;
use crate::diag::nearest;

/// The names of a plan.
pub struct Names<'a> {
    pub(super) known: Known<'a>,
    titled: Vec<Titled>,
}

/// A step, check or question as a text names it.
pub struct Mention<'n> {
    pub(super) names: &'n Names<'n>,
    /// One, or those of one path in the arms of an `if`: only one of them is done.
    pub(super) titled: Vec<&'n Titled>,
    text: &'n str,
    is_instance: bool,
    /// Which effect of it.
    pub(super) number: Option<usize>,
}

impl Mention<'_> {
    /// The part of an address that is meant, where that is one turn of a loop or one value of a title.
    #[must_use]
    pub fn instance(&self) -> Option<&str> {
        self.is_instance.then_some(self.text)
    }
}

impl<'a> Names<'a> {
    /// The names as they read with what is known.
    #[must_use]
    pub fn new(mut known: Known<'a>) -> Self {
        let titled = titled(&mut known);
        Self { known, titled }
    }

    /// What a text names: the end of a path, with the number of an effect (`#2`) behind it or without.
    ///
    /// # Errors
    /// In words, when nothing is called that, or more than one thing.
    pub fn mention<'n>(&'n self, text: &'n str) -> Result<Mention<'n>, String> {
        if let Some(found) = self.only(text)? {
            return Ok(found);
        }
        let numbered = text.rsplit_once('#').and_then(|(title, number)| Some((title, number.parse().ok()?)));
        let title = numbered.map_or(text, |(title, _)| title);
        let found = if let Some((title, _)) = numbered { self.only(title)? } else { None };
        let found = found.map(|found| Mention { number: numbered.map(|(_, number)| number), ..found });
        found.ok_or_else(|| self.unknown(title))
    }

    fn unknown(&self, title: &str) -> String {
        let shown: Vec<String> = self.titled.iter().map(Titled::shown).collect();
        let names = shown.iter().map(String::as_str).chain(self.titled.iter().map(Titled::title));
        let part = || shown.iter().map(String::as_str).find(|path| path.contains(title));
        let near = nearest(title, names).or_else(part).map(|near| format!("did you mean `{near}`?"));
        let near = near.unwrap_or_else(|| "`bowline plan` shows what there is".into());
        format!("`{title}`: no step, check or question is called that; {near}")
    }

    /// The one thing that a text names; `None` where there is none.
    fn only<'n>(&'n self, text: &'n str) -> Result<Option<Mention<'n>>, String> {
        let named = self.titled.iter().map(|titled| (titled, titled.is_named(text)));
        let found: Vec<_> = named.filter(|(_, named)| *named != Named::Not).collect();
        // Who writes a whole path means that one, whatever else ends like it.
        let whole: Vec<_> = found.iter().filter(|(titled, _)| titled.shown() == text).copied().collect();
        let meant = if whole.is_empty() { found } else { whole };
        let Some((_, named)) = meant.first() else { return Ok(None) };
        let is_instance = *named == Named::Instance;
        let titled: Vec<&Titled> = meant.into_iter().map(|(titled, _)| titled).collect();
        one_path(text, &titled)?;
        Ok(Some(Mention { names: self, titled, text, is_instance, number: None }))
    }
}

fn one_path(text: &str, titled: &[&Titled]) -> Result<(), String> {
    let mut paths: Vec<String> = titled.iter().map(|titled| titled.shown()).collect();
    paths.dedup();
    if paths.len() < 2 {
        return Ok(());
    }
    let lines = paths.join("\n  ");
    Err(format!("`{text}`: more than one place ends in that; say which is meant:\n  {lines}"))
}
