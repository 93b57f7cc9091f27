//! What an operator says of things that are done already and are others in a new plan: by options, or asked at a terminal.

use clap::Args;

use crate::cli::Stop;
use crate::cli::questions::{Front, Wanted};
use crate::diag::nearest;
use crate::run::anew::{Choose, Touched, Words};
use crate::run::meant;
use crate::value::{Type, show};

/// Going on under the runbook as it is now.
#[derive(Debug, Args)]
pub(in crate::cli) struct ReplanArgs {
    /// Go on as the runbook is now: show what changed, and ask about what of it is done already
    #[arg(long, conflicts_with = "due")]
    pub(in crate::cli) replan: bool,
    /// Say how something stands that is done or begun and is another now; may be repeated
    #[arg(
        long,
        value_name = "STEP=keep|again|done|skip",
        requires_all = ["replan", "because"],
        long_help = "\
Say how something stands that is done or begun and is another now; may be repeated. STEP is its title, or as much of
its path as tells it apart: `phase / step`. `--replan` alone lists what needs a word.
  keep   it stands as it was done
  again  it is done again, as the runbook has it now
  done   it is done: by hand
  skip   it is new, its place has passed, and it is left out"
    )]
    pub(in crate::cli) decide: Vec<String>,
    /// Why it is decided so
    #[arg(long, value_name = "WHY", requires = "replan", value_parser = clap::builder::NonEmptyStringValueParser::new())]
    pub(in crate::cli) because: Option<String>,
    /// Give an input that the runbook did not have before, as name=value; may be repeated
    #[arg(short, long = "input", value_name = "NAME=VALUE", requires = "replan")]
    pub(in crate::cli) input: Vec<String>,
}

/// What was said so far.
pub(in crate::cli) struct Said {
    pub(in crate::cli) words: Words,
    /// Why, for all that gives no reason of its own.
    pub(in crate::cli) why: Option<String>,
}

/// What the options say.
pub(in crate::cli) fn named_words(touched: &[Touched], args: &ReplanArgs) -> Result<Words, Stop> {
    let why = args.because.clone().unwrap_or_default();
    let mut words = Words::new();
    for option in &args.decide {
        let (place, choose) = word(touched, option).map_err(|why| Stop::usage(format!("--decide {why}")))?;
        if words.insert(place.clone(), (choose, why.clone())).is_some() {
            return Err(Stop::usage(format!("--decide: \"{place}\" is said twice")));
        }
    }
    Ok(words)
}

/// `STEP=keep`, taken apart.
fn word(touched: &[Touched], option: &str) -> Result<(String, Choose), String> {
    let Some((named, word)) = option.rsplit_once('=') else {
        return Err(format!("{option:?}: write STEP=keep, again, done or skip"));
    };
    let found = meant(touched.iter().collect(), |one| one.place.clone(), named);
    let one = match found.as_slice() {
        [one] => *one,
        [_, ..] => {
            return Err(format!("{option:?}: more than one is called that; give more of the path"));
        }
        [] => {
            let last = |place: &'_ str| {
                place.rsplit(" / ").next().is_some_and(|last| nearest(named, [last]).is_some())
            };
            let places = || touched.iter().map(|one| one.place.as_str());
            let near = nearest(named, places()).or_else(|| places().find(|place| last(place)));
            let near = near.map(|near| format!("; did you mean {near:?}?")).unwrap_or_default();
            return Err(format!("{option:?}: nothing of that name needs a word{near}"));
        }
    };
    let choose = one.choices.iter().find(|choose| choose.word() == word);
    let choose = choose.ok_or_else(|| format!("{option:?}: {}; it takes {}", one.what, choices(one)))?;
    Ok((one.place.clone(), *choose))
}

fn choices(one: &Touched) -> String {
    one.choices.iter().map(|choose| choose.word()).collect::<Vec<_>>().join(" or ")
}

impl Said {
    /// Asks about each; false where nobody is there.
    pub(in crate::cli) fn ask(&mut self, open: &[&Touched], front: &Front<'_>) -> Result<bool, Stop> {
        for one in open {
            let text = format!("\"{}\": {}", one.place, one.what);
            let words = one.choices.iter().map(|choose| choose.word().to_owned());
            let leave = "leave it all as it was".to_owned();
            let Some(answer) = front.choose(&text, words.chain([leave]).collect())? else { return Ok(false) };
            let Some(choose) = one.choices.iter().find(|choose| choose.word() == answer) else {
                return Err(front.left.into());
            };
            let wanted = Wanted { name: "why", ty: &Type::Text, default: None };
            let why = match &self.why {
                Some(why) => why.clone(),
                None => front.value("Why?", wanted)?.map(|why| show(&why)).unwrap_or_default(),
            };
            self.words.insert(one.place.clone(), (*choose, why));
        }
        Ok(true)
    }

    /// All that was said, for the record: why, and each word.
    pub(in crate::cli) fn told(&self, touched: &[Touched]) -> String {
        let words = touched.iter().filter_map(|one| {
            let (choose, why) = self.words.get(&one.place)?;
            let own = Some(why).filter(|why| self.why.as_ref() != Some(*why) && !why.is_empty());
            let own = own.map(|why| format!(" ({why})")).unwrap_or_default();
            Some(format!("\"{}\": {}{own}", one.place, choose.word()))
        });
        let all: Vec<String> = self.why.iter().cloned().chain(words).collect();
        if all.is_empty() { "the runbook has changed".to_owned() } else { all.join("; ") }
    }

    /// What needs a word, with the options that give it.
    pub(in crate::cli) fn list(open: &[&Touched], run: &str) -> String {
        let mut text = "what is done already and is another now needs a word:\n".to_owned();
        for one in open {
            text += &format!("  \"{}\": {}\n", one.place, one.what);
            for choose in one.choices {
                text += &format!("    --decide {:?}\n", format!("{}={}", one.place, choose.word()));
            }
        }
        text + &format!(
            "run {run} stays as it was; say each: `bowline resume {run} --replan --decide … --because WHY`, or at a terminal, which asks\n"
        )
    }
}
