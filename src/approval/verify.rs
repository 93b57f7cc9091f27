//! The one way to a vote: whatever is handed in is verified here, and becomes a vote or a reason why not.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::needed::is_operator;
use super::statement::Statement;
use super::{NAMESPACE, Needed, Roster, Vote, VoteChoice, field};
use crate::sign::{Made, made};

/// A request that is open.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// Its text.
    pub text: &'a str,
    /// Who is needed.
    pub needed: &'a Needed,
    /// Until when, if there is an end.
    pub expires: Option<Timestamp>,
    /// What was said to it so far.
    pub votes: &'a [Vote],
}

/// Something handed in.
#[derive(Clone, Copy, Debug)]
pub struct Handed<'a> {
    /// What was signed.
    pub statement: &'a str,
    /// The signature, if there is one.
    pub signature: Option<&'a str>,
    /// When it reached this machine.
    pub arrived: Timestamp,
    /// Whether only who may drive the run could have put it there. Nothing else counts without a signature.
    pub trusted: bool,
}

/// Which of the open requests something answers, and the vote that it is.
///
/// # Errors
/// In words why it does not count.
pub fn verify(
    handed: Handed<'_>,
    open: &[Asked<'_>],
    roster: &Roster,
    operators: &BTreeSet<String>,
) -> Result<(usize, Vote), String> {
    let statement = Statement::parse(handed.statement)?;
    let at = open.iter().position(|asked| asked.text == statement.request);
    let at = at.ok_or_else(|| why_not_asked(statement.request, open, roster))?;
    let asked = open.get(at).ok_or("it is not asked")?;
    let desk = Desk { roster, needed: asked.needed, operators };
    let (person, key) = desk.person(&handed, &statement.filled.name)?;
    desk.admit(&person)?;
    let choice = statement.filled.choice;
    has_not_voted(asked.votes, &person, key.as_deref(), &choice)?;
    if let Some(expires) = asked.expires.filter(|expires| handed.arrived >= *expires) {
        return Err(format!("it came at {:.0}, and the approval expired at {expires:.0}", handed.arrived));
    }
    let (statement, signature) = (handed.statement.to_owned(), handed.signature.map(str::to_owned));
    Ok((at, Vote { person, choice, arrived: handed.arrived, key, statement, signature }))
}

/// What is asked, who may answer.
struct Desk<'a> {
    roster: &'a Roster,
    needed: &'a Needed,
    operators: &'a BTreeSet<String>,
}

impl Desk<'_> {
    /// Who it is, and with which key.
    fn person(&self, handed: &Handed<'_>, name: &str) -> Result<(String, Option<String>), String> {
        match handed.signature {
            Some(signature) => {
                let signed = made(handed.statement.as_bytes(), signature, NAMESPACE)?;
                let person = self.owner(&signed, name, handed.arrived)?;
                // A yes is a person's; what signs by itself is none.
                if signed.touched == Some(false) {
                    return Err(format!("the key of {person} signed without anybody touching it"));
                }
                Ok((person, Some(signed.fingerprint)))
            }
            None if self.roster.signed => Err("it is not signed".into()),
            None if !handed.trusted => Err("it is not signed, and anybody may have put it there".into()),
            None if name.is_empty() => Err("it names nobody".into()),
            None => Ok((name.to_owned(), None)),
        }
    }

    /// The person whose key it is.
    fn owner(&self, signed: &Made, name: &str, at: Timestamp) -> Result<String, String> {
        let keys: Vec<_> = self.roster.keys().into_iter().filter(|signer| signer.key == signed.key).collect();
        let named: Vec<_> = keys.iter().filter(|signer| name.is_empty() || signer.is_of(name)).collect();
        let Some(first) = named.first() else {
            let whose = keys.first().map_or("nobody that the run knows", |signer| signer.principals.as_str());
            let not = if name.is_empty() { String::new() } else { format!(", not of {name}") };
            return Err(format!("the key {} is that of {whose}{not}", signed.fingerprint));
        };
        let Some(valid) = named.iter().find(|signer| signer.objection(at, NAMESPACE).is_none()) else {
            let why = first.objection(at, NAMESPACE).unwrap_or_default();
            return Err(format!("the key of {} {why}", first.principals));
        };
        if !name.is_empty() {
            return Ok(name.to_owned());
        }
        let voters = self.roster.voters(self.needed);
        let mut people = voters.into_iter().filter(|person| valid.is_of(person));
        match (people.next(), people.next()) {
            (Some(person), None) => Ok(person.to_owned()),
            (None, _) => Err(format!("{} is not in {}", valid.principals, self.groups())),
            (Some(one), Some(other)) => {
                Err(format!("the key is that of {one} and of {other}: say who you are in the line `name`"))
            }
        }
    }

    fn admit(&self, person: &str) -> Result<(), String> {
        if !self.roster.may_vote(person, self.needed) {
            return Err(format!("{person} is not in {}", self.groups()));
        }
        if !self.needed.self_approval && is_operator(person, self.operators) {
            return Err(format!("{person} operates this run and may not approve it"));
        }
        Ok(())
    }

    fn groups(&self) -> String {
        self.needed.quorum.iter().map(|one| one.from.as_str()).collect::<Vec<_>>().join(" or ")
    }
}

/// One person counts once, and so does a key. Somebody who said yes may still reject.
fn has_not_voted(votes: &[Vote], person: &str, key: Option<&str>, choice: &VoteChoice) -> Result<(), String> {
    let before = votes.iter().find(|vote| vote.person == person);
    match before.map(|vote| &vote.choice) {
        Some(VoteChoice::Approve(_)) if matches!(choice, VoteChoice::Reject(_)) => {}
        Some(VoteChoice::Approve(_)) => return Err(format!("{person} has approved already")),
        Some(_) => {
            return Err(format!(
                "{person} has said {} already",
                before.map_or("", |vote| vote.choice.word())
            ));
        }
        None => {}
    }
    let mut others = votes.iter().filter(|vote| vote.person != person);
    match others.find(|vote| key.is_some() && vote.key.as_deref() == key) {
        Some(other) => Err(format!("this key has been used already, as {}", other.person)),
        None => Ok(()),
    }
}

/// Why a request is none of the open ones.
fn why_not_asked(request: &str, open: &[Asked<'_>], roster: &Roster) -> String {
    let of = |name: &str| field(request, name).unwrap_or_default();
    if of("run") != roster.run {
        return format!("it is for run {}, not for {}", of("run"), roster.run);
    }
    let same = open.iter().find(|asked| field(asked.text, "request") == Some(of("request")));
    if let Some(asked) = same {
        let differs = request.lines().zip(asked.text.lines()).find(|(theirs, ours)| theirs != ours);
        let line =
            differs.map_or_else(String::new, |(theirs, _)| format!(": `{theirs}` is not what was asked"));
        return format!("what was asked has been changed{line}");
    }
    let Some(asked) = open.iter().find(|asked| field(asked.text, "approval") == Some(of("approval"))) else {
        return format!("it is for \"{}\", which is not asked now", of("approval"));
    };
    if field(asked.text, "plan") != Some(of("plan")) {
        return "it is for another plan than the one that runs now".into();
    }
    "it is for an earlier attempt of this approval; ask for the request again".into()
}
