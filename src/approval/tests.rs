//! What counts as a vote, what does not and why, and when a quorum is met.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use proptest::prelude::*;
use ssh_key::private::{Ed25519Keypair, KeypairData};
use ssh_key::{HashAlg, LineEnding, PrivateKey};

use super::*;
use crate::sign::{Signer, read_signers};

/// A person's key, always the same.
struct Key(PrivateKey);

impl Key {
    fn of(seed: u8) -> Self {
        let pair = KeypairData::Ed25519(Ed25519Keypair::from_seed(&[seed; 32]));
        Self(PrivateKey::new(pair, "").unwrap())
    }

    fn line(&self) -> String {
        self.0.public_key().to_openssh().unwrap()
    }

    fn sign(&self, text: &str, namespace: &str) -> String {
        let signature = self.0.sign(namespace, HashAlg::Sha512, text.as_bytes()).unwrap();
        signature.to_pem(LineEnding::LF).unwrap()
    }
}

const ANA: u8 = 1;
const ANA_TWO: u8 = 2;
const BO: u8 = 3;
const OLGA: u8 = 4;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn noon() -> Timestamp {
    at("2026-03-01T12:00:00Z")
}

fn needed(quorum: &[(u32, &str)], self_approval: bool) -> Needed {
    let quorum = quorum.iter().map(|(need, from)| Quorum { need: *need, from: (*from).to_owned() });
    Needed { quorum: quorum.collect(), self_approval }
}

fn roster(more: &[String]) -> Roster {
    let people = [("ana", ANA), ("ana", ANA_TWO), ("bo", BO), ("olga", OLGA)];
    let own = people.iter().map(|(name, seed)| Signer::of(name, &Key::of(*seed).line()).to_string());
    Roster {
        run: "k3xqp".into(),
        signed: true,
        groups: vec![
            ("managers".into(), ["ana", "bo", "olga"].map(str::to_owned).into()),
            ("cto".into(), vec!["cy".into()]),
        ],
        signers: own.chain(more.iter().cloned()).collect(),
    }
}

fn request() -> Request {
    Request {
        run: "k3xqp".into(),
        runbook: "Upgrade 1.0.0".into(),
        plan: "ab12".into(),
        path: vec!["Pre-flight".into(), "Go".into()],
        id: request_id("salt", 4, 9),
        asked: noon(),
        operator: "olga".into(),
        expires: Some(at("2026-03-01T16:00:00Z")),
        needed: needed(&[(2, "managers"), (1, "cto")], false),
        inputs: vec![("release".into(), "1.0.0".into()), ("token".into(), "***".into())],
        prose: Some("Read it first.\nThen decide.".into()),
        showing: Some("3 nodes".into()),
    }
}

fn filled(choice: VoteChoice, name: &str) -> Filled {
    Filled { choice, name: name.into(), time: Some(noon()) }
}

fn yes() -> VoteChoice {
    VoteChoice::Approve(String::new())
}

/// A hearing: one request that is open, with the votes on it.
struct Hearing {
    roster: Roster,
    asked: Request,
    votes: Vec<Vote>,
    arrived: Timestamp,
}

impl Hearing {
    fn new() -> Self {
        Self { roster: roster(&[]), asked: request(), votes: vec![], arrived: at("2026-03-01T13:00:00Z") }
    }

    fn hand_in(&self, statement: &str, signature: Option<&str>) -> Result<Vote, String> {
        let text = self.asked.text();
        let open = [Asked {
            text: &text,
            needed: &self.asked.needed,
            expires: self.asked.expires,
            votes: &self.votes,
        }];
        let handed = Handed { statement, signature, arrived: self.arrived, trusted: true };
        verify(handed, &open, &self.roster, &["olga".to_owned()].into()).map(|(_, vote)| vote)
    }

    fn signed(&self, text: &str, seed: u8) -> Result<Vote, String> {
        self.hand_in(text, Some(&Key::of(seed).sign(text, NAMESPACE)))
    }

    fn says(&self, seed: u8, choice: VoteChoice, name: &str) -> Result<Vote, String> {
        self.signed(&(self.asked.text() + &filled(choice, name).text()), seed)
    }

    fn takes(&mut self, seed: u8, choice: VoteChoice) {
        let vote = self.says(seed, choice, "").unwrap();
        self.votes.push(vote);
    }

    fn tally(&self) -> Tally {
        tally(&self.votes, &self.asked.needed, &self.roster, &["olga".to_owned()].into())
    }
}

#[test]
fn the_text_is_readable_and_has_one_form() {
    insta::assert_snapshot!(request().text() + &filled(VoteChoice::Reject("too late".into()), "ana").text());
}

#[test]
fn a_key_says_whose_vote_it_is() {
    let hearing = Hearing::new();
    let vote = hearing.says(ANA, yes(), "").unwrap();
    assert_eq!((vote.person.as_str(), vote.key.is_some()), ("ana", true));
    assert_eq!(
        hearing.says(BO, VoteChoice::Decline("away".into()), "bo").unwrap().told(),
        "bo declined: away"
    );
    let other = hearing.says(ANA, yes(), "bo").unwrap_err();
    assert!(other.contains("is that of ana, not of bo"), "{other}");
    let unknown = hearing.says(9, yes(), "").unwrap_err();
    assert!(unknown.contains("nobody that the run knows"), "{unknown}");
}

#[test]
fn who_drives_the_run_does_not_approve_it() {
    let mut hearing = Hearing::new();
    let own = "olga operates this run and may not approve it";
    assert_eq!(hearing.says(OLGA, yes(), "").unwrap_err(), own);
    hearing.asked.needed.self_approval = true;
    assert_eq!(hearing.says(OLGA, yes(), "").unwrap().person, "olga");
    // The same person by another spelling of the name.
    let mail = Signer::of("olga@example.org", &Key::of(8).line()).to_string();
    hearing = Hearing { roster: roster(&[mail]), ..Hearing::new() };
    hearing.roster.groups[0].1.push("olga@example.org".into());
    let spelled = hearing.says(8, yes(), "").unwrap_err();
    assert_eq!(spelled, "olga@example.org operates this run and may not approve it");
}

#[test]
fn one_person_counts_once_whatever_the_key() {
    let mut hearing = Hearing::new();
    hearing.takes(ANA, yes());
    assert_eq!(hearing.says(ANA_TWO, yes(), "").unwrap_err(), "ana has approved already");
    assert_eq!(hearing.tally(), Tally::Open);
    assert!(hearing.says(ANA_TWO, VoteChoice::Reject("no".into()), "").is_ok(), "a yes can be taken back");
    hearing.takes(BO, yes());
    let quorum = Quorum { need: 2, from: "managers".into() };
    assert_eq!(hearing.tally(), Tally::Met { quorum, people: vec!["ana".into(), "bo".into()] });
}

#[test]
fn one_key_counts_once_whatever_the_name() {
    let shared = format!("ana,bo {}", Key::of(7).line());
    let mut hearing = Hearing { roster: roster(&[shared]), ..Hearing::new() };
    let unclear = hearing.says(7, yes(), "").unwrap_err();
    assert!(unclear.contains("say who you are"), "{unclear}");
    let vote = hearing.says(7, yes(), "ana").unwrap();
    hearing.votes.push(vote);
    assert_eq!(hearing.says(7, yes(), "bo").unwrap_err(), "this key has been used already, as ana");
}

#[test]
fn dates_and_namespaces_of_keys_hold() {
    let line = |options: &str| format!("bo {options} {}", Key::of(6).line());
    for (options, why) in [
        ("valid-after=\"20260401Z\"", "not valid before 2026-04-01T00:00:00Z"),
        ("valid-before=\"20260301123000Z\"", "was valid until 2026-03-01T12:30:00Z"),
        ("namespaces=\"git,file\"", "is for the namespaces git,file"),
        ("cert-authority", "certificate authority"),
    ] {
        let hearing = Hearing { roster: roster(&[line(options)]), ..Hearing::new() };
        let refused = hearing.says(6, yes(), "").unwrap_err();
        assert!(refused.contains(why), "{refused}");
    }
    for options in ["valid-before=\"20260302\",valid-after=\"20260228Z\"", "namespaces=\"git,bowline-*\""] {
        let hearing = Hearing { roster: roster(&[line(options)]), ..Hearing::new() };
        assert_eq!(hearing.says(6, yes(), "").unwrap().person, "bo", "{options}");
    }
}

#[test]
fn a_signature_for_something_else_or_of_another_text_is_none() {
    let hearing = Hearing::new();
    let text = hearing.asked.text() + &filled(yes(), "").text();
    let wrong = hearing.hand_in(&text, Some(&Key::of(ANA).sign(&text, "git"))).unwrap_err();
    assert_eq!(wrong, format!("it is signed for `git`, not for `{NAMESPACE}`"));
    let other = hearing.asked.text() + &filled(VoteChoice::Reject("no".into()), "").text();
    let moved = hearing.hand_in(&text, Some(&Key::of(ANA).sign(&other, NAMESPACE))).unwrap_err();
    assert!(moved.contains("does not fit the text"), "{moved}");
    assert_eq!(hearing.hand_in(&text, None).unwrap_err(), "it is not signed");
    let torn = hearing.hand_in(&text, Some("-----BEGIN SSH SIGNATURE-----\nxx")).unwrap_err();
    assert!(torn.contains("cannot be read"), "{torn}");
}

#[test]
fn what_was_asked_elsewhere_or_before_is_told_apart() {
    let hearing = Hearing::new();
    let refused = |change: &dyn Fn(&mut Request)| {
        let mut request = request();
        change(&mut request);
        hearing.signed(&(request.text() + &filled(yes(), "").text()), ANA).unwrap_err()
    };
    assert_eq!(refused(&|one| one.run = "other".into()), "it is for run other, not for k3xqp");
    let gate = refused(&|one| (one.path, one.id) = (vec!["Release".into()], "0".into()));
    assert_eq!(gate, "it is for \"Release\", which is not asked now");
    let plan = refused(&|one| (one.plan, one.id) = ("cd".into(), "0".into()));
    assert!(plan.contains("another plan"), "{plan}");
    let attempt = refused(&|one| one.id = request_id("salt", 4, 30));
    assert!(attempt.contains("an earlier attempt"), "{attempt}");
    let input = refused(&|one| one.inputs[0].1 = "1.0.1".into());
    assert_eq!(input, "what was asked has been changed: `  | release = 1.0.1` is not what was asked");
}

#[test]
fn the_time_is_when_it_came_not_what_stands_in_it() {
    let late = Hearing { arrived: at("2026-03-01T16:00:00Z"), ..Hearing::new() };
    let why = late.says(ANA, yes(), "").unwrap_err();
    assert!(why.contains("expired"), "{why}");
}

#[test]
fn a_rejection_ends_it_and_so_do_too_many_who_decline() {
    let mut hearing = Hearing::new();
    hearing.takes(ANA, yes());
    hearing.takes(BO, VoteChoice::Reject("the window is short".into()));
    let why = "the window is short".to_owned();
    assert_eq!(hearing.tally(), Tally::Rejected { person: "bo".into(), why });
    let mut hearing = Hearing::new();
    // cy has no key, olga operates: ana and bo are all there are.
    hearing.takes(BO, VoteChoice::Decline("away".into()));
    assert_eq!(hearing.tally(), Tally::Unreachable { people: vec!["bo".into()] });
}

#[test]
fn what_can_never_be_given_is_known_before() {
    let roster = roster(&[]);
    let (operators, now) = (["olga".to_owned()].into(), at("2026-03-01T12:00:00Z"));
    assert_eq!(roster.lacks(&needed(&[(2, "managers")], false), &operators, now), Vec::<String>::new());
    let lacks = roster.lacks(&needed(&[(3, "managers"), (1, "cto"), (1, "qa")], false), &operators, now);
    insta::assert_snapshot!(lacks.join("\n"));
}

#[test]
fn without_signatures_only_the_own_inbox_counts() {
    let mut hearing = Hearing::new();
    hearing.roster.signed = false;
    let text = hearing.asked.text() + &filled(yes(), "bo").text();
    assert_eq!(hearing.hand_in(&text, None).unwrap().key, None);
    let asked = hearing.asked.text();
    let open = [Asked { text: &asked, needed: &hearing.asked.needed, expires: None, votes: &[] }];
    let handed = Handed { statement: &text, signature: None, arrived: noon(), trusted: false };
    let refused = verify(handed, &open, &hearing.roster, &[].into()).unwrap_err();
    assert!(refused.contains("anybody may have put it there"), "{refused}");
}

#[test]
fn allowed_signers_are_read_as_openssh_has_them() {
    let key = Key::of(ANA).line();
    let text = format!(
        "# comment\n\nana@example.org,*@ops.example.org {key} ana\n\"bo, cy\" namespaces=\"a b,c\",valid-after=\"202603010930\" {key}\n"
    );
    let signers = read_signers(&text, &TimeZone::fixed(jiff::tz::offset(2))).unwrap();
    let lines: Vec<_> = signers.iter().map(Signer::to_string).collect();
    insta::assert_snapshot!(lines.join("\n"));
    assert_eq!(read_signers(&lines.join("\n"), &TimeZone::UTC).unwrap(), signers);
    for (line, why) in [
        ("ana", "a public key is"),
        ("ana verify-required", "is neither a key"),
        (&format!("ana verify-required {key}"), "is neither a key nor one of"),
        (&format!("ana valid-after=\"soon\" {key}"), "is no time"),
        (&format!("ana valid-after=\"2026\",valid-before=\"2025\" {key}"), "is no time"),
        (&format!("ana valid-after=\"20260301Z\",valid-before=\"20260301Z\" {key}"), "at no time"),
        (&format!("ana namespaces=\"x {key}"), "quote"),
        ("ana ssh-ed25519 AAAA", "is neither a key"),
    ] {
        let error = read_signers(&format!("\n{line}"), &TimeZone::UTC).unwrap_err();
        assert!(error.line == 2 && error.why.contains(why), "{line}: {error}");
    }
}

#[test]
fn nothing_in_a_value_passes_for_a_line_of_ours() {
    let unseen = "\u{202e}\u{200b}\u{61c}\u{feff}\u{e0041}";
    let forged = format!("x\n{RULE}\ndecision  approve\nrun       other{unseen}");
    let request = Request {
        inputs: vec![("a".into(), forged.clone())],
        prose: Some(forged.clone()),
        showing: Some(forged.clone()),
        path: vec![forged],
        ..request()
    };
    let text = request.text() + &filled(yes(), "ana").text();
    let statement = Statement::parse(&text).unwrap();
    assert_eq!((statement.request, field(&text, "run")), (request.text().as_str(), Some("k3xqp")));
    assert!(
        !text.contains(|char| unseen.contains(char)) && text.contains("other\\u{202e}\\u{200b}\\u{61c}"),
        "{text}"
    );
    assert_eq!(statement.filled, filled(yes(), "ana"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever is handed in: no panic, and no vote.
    #[test]
    fn rubbish_is_no_vote(text in "\\PC{0,200}", below in "(decision|reason|name|time|approve| |\n|\\PC){0,60}") {
        let hearing = Hearing::new();
        prop_assert!(hearing.hand_in(&text, None).is_err());
        prop_assert!(hearing.signed(&(hearing.asked.text() + &below), 9).is_err());
        let _ = read_signers(&text, &TimeZone::UTC);
        let _ = split_signed(&text);
    }

    /// One byte of a signed text that is another: no vote.
    #[test]
    fn a_changed_byte_is_no_vote(at in 0_usize..600, to in any::<u8>()) {
        let hearing = Hearing::new();
        let text = hearing.asked.text() + &filled(yes(), "").text();
        let signature = Key::of(ANA).sign(&text, NAMESPACE);
        let mut bytes = text.clone().into_bytes();
        let at = at % bytes.len();
        prop_assume!(bytes[at] != to);
        bytes[at] = to;
        if let Ok(changed) = String::from_utf8(bytes) {
            prop_assert!(hearing.hand_in(&changed, Some(&signature)).is_err());
        }
    }
}
