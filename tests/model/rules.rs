//! The rules as a table: a small plan, what the world does, what must start in which order, the end.
//!
//! Plans: `s("a")` is a step with one effect and a rollback of one effect. Worlds: `b=F a-=FFFF` says how the
//! first, second … start of an effect ends (D done, C failed clean, F failed, U unknown; of a `done when`
//! D yes, F no, U neither). Starts are written as [`Key`] shows them: `a` body, `a-` rollback, `a+` restore,
//! `a?` done when. What stands in brackets at the end is still owed, `!a` is kept for good.

use super::replay::{model, replay};
use super::world::{Answer, End, Event, Key, OnFailure, Outcome, Part, Script, Step, Tree};
use End::{Completed, FailedKept, RolledBack, Stuck, Waiting};

fn s(id: &str) -> Step {
    let answer = Answer::Rollback { effects: 1, best_effort: false, once: false, needs: None };
    Step {
        id: id.to_owned(),
        effects: 1,
        answer,
        restore: 0,
        atomic: false,
        idempotent: false,
        retry: 0,
        done_when: false,
        takes_file: false,
    }
}

impl Step {
    fn effects(self, effects: usize) -> Step {
        Step { effects, ..self }
    }
    fn restore(self) -> Step {
        Step { restore: 1, ..self }
    }
    fn atomic(self) -> Step {
        Step { atomic: true, ..self }
    }
    fn idempotent(self) -> Step {
        Step { idempotent: true, ..self }
    }
    fn retry(self, retry: usize) -> Step {
        Step { retry, ..self }
    }
    fn takes_file(self) -> Step {
        Step { takes_file: true, ..self }
    }
    fn done_when(self) -> Step {
        Step { done_when: true, ..self }
    }
    fn nothing(self) -> Step {
        Step { answer: Answer::Nothing, ..self }
    }
    fn irreversible(self) -> Step {
        Step { answer: Answer::Irreversible, ..self }
    }
    fn rollback(self, n: usize, change: fn(&mut bool, &mut bool, &mut Option<usize>)) -> Step {
        let (mut best_effort, mut once, mut needs) = (false, false, None);
        change(&mut best_effort, &mut once, &mut needs);
        Step { answer: Answer::Rollback { effects: n, best_effort, once, needs }, ..self }
    }
    fn best_effort(self) -> Step {
        self.rollback(1, |best_effort, _, _| *best_effort = true)
    }
    fn once(self) -> Step {
        self.rollback(1, |_, once, _| *once = true)
    }
}

impl From<Step> for Tree {
    fn from(step: Step) -> Tree {
        Tree::Step(step)
    }
}

macro_rules! block {
    ($($tree:expr),* $(,)?) => { Vec::from([$(Tree::from($tree)),*]) };
}

fn phase(body: Vec<Tree>) -> Tree {
    Tree::Phase(body)
}

fn attempt(body: Vec<Tree>, otherwise: Vec<Tree>) -> Tree {
    Tree::Attempt { body, otherwise: Some(otherwise) }
}

/// Several statements as one branch, without being a scope.
fn branch(then: Vec<Tree>) -> Tree {
    Tree::If { cond: true, then, otherwise: Vec::new() }
}

fn parallel(branches: Vec<Tree>) -> Tree {
    Tree::Parallel { limit: None, branches }
}

fn c(id: &str) -> Tree {
    Tree::Check(id.to_owned())
}

fn key(text: &str) -> Key {
    let split = text.find(['.', '-', '+', '?', '^']).unwrap_or(text.len());
    let (step, rest) = text.split_at(split);
    let index = || rest.get(1..).and_then(|i| i.parse().ok()).unwrap_or(0);
    let part = match rest.chars().next() {
        Some('-') => Part::Rollback(index()),
        Some('+') => Part::Restore(index()),
        Some('?') => Part::Look,
        Some('^') => Part::Arm,
        None if step.starts_with('c') => Part::Check,
        _ => Part::Body(index()),
    };
    Key { step: step.to_owned(), part }
}

fn world(text: &str) -> Script {
    let mut script = Script::default();
    for entry in text.split_whitespace() {
        let (what, outcomes) = entry.split_once('=').expect("KEY=OUTCOMES");
        let outcome = |letter| match letter {
            'D' => Outcome::Done,
            'C' => Outcome::FailedClean,
            'F' => Outcome::Failed,
            'U' => Outcome::Unknown,
            _ => panic!("no outcome {letter}"),
        };
        script.answers.insert(key(what), outcomes.chars().map(outcome).collect());
    }
    script
}

impl Script {
    fn cancel(self, at: usize) -> Script {
        Script { cancel: Some(at), ..self }
    }
    fn crash(mut self, at: usize) -> Script {
        self.crashes.push(at);
        self
    }
    fn hold(self) -> Script {
        Script { on_failure: OnFailure::Hold, ..self }
    }
    fn order(self, order: &[usize]) -> Script {
        Script { order: order.to_vec(), ..self }
    }
}

/// `left` is what is owed and kept at the end: `a- !b`.
#[track_caller]
fn rule(plan: &[Tree], script: &Script, starts: &str, end: End, left: &str) {
    let trace = model(plan, script);
    let started: Vec<_> = trace.started().map(Key::to_string).collect();
    let owed = trace.verdict.owed.iter().map(Key::to_string);
    let found: Vec<_> = owed.chain(trace.verdict.kept.iter().map(|id| format!("!{id}"))).collect();
    assert_eq!(
        (started.join(" "), found.join(" ")),
        (starts.to_owned(), left.to_owned()),
        "{:#?}",
        trace.events
    );
    assert_eq!(trace.verdict.end, end);
    assert_eq!(replay(plan, script, &trace.events), Ok(trace.verdict));
}

/// Which of the two handlers around the unwinding run.
#[track_caller]
fn handlers(plan: &[Tree], script: &Script, before: bool, after: bool) {
    assert_eq!(model(plan, script).verdict.handlers, (before, after));
}

#[test]
fn handlers_around_the_unwinding_run_where_something_is_undone() {
    handlers(&block![s("a"), c("c")], &world("c=F"), true, true);
    handlers(&block![c("c"), s("a")], &world("c=F"), false, false);
    handlers(&block![s("a").nothing(), c("c")], &world("c=F"), false, false);
    handlers(&block![s("a").irreversible(), c("c")], &world("c=F"), false, false);
    handlers(&block![s("a")], &world("a=C"), false, false);
    handlers(&block![s("a")], &world("a=F a-=FFFF"), true, false);
    // what was undone in an attempt was undone
    handlers(
        &block![Tree::Attempt { body: block![s("a"), Tree::Fail], otherwise: None }],
        &world(""),
        false,
        true,
    );
    handlers(&block![attempt(block![s("a"), Tree::Fail], block![s("b")])], &world(""), false, false);
}

#[test]
fn ends_have_their_exit_codes() {
    assert_eq!([Completed, RolledBack, Stuck, Waiting, FailedKept].map(End::exit), [0, 1, 4, 5, 6]);
}

#[test]
fn a_run_that_succeeds_undoes_nothing() {
    rule(&block![s("a"), c("c"), s("b")], &world(""), "a c b", Completed, "");
    rule(&block![s("a"), Tree::End, s("b")], &world(""), "a", Completed, "");
}

#[test]
fn outcomes_retry_is_per_effect() {
    let plan = block![s("a").effects(2).retry(2)];
    rule(&plan, &world("a.1=FC"), "a a.1 a.1 a.1", Completed, "");
    rule(&plan, &world("a.1=FFF"), "a a.1 a.1 a.1 a-", RolledBack, "");
}

#[test]
fn outcomes_unknown_going_forward_is_settled_in_order() {
    rule(&block![s("a")], &world("a=U"), "a", Stuck, "a-");
    rule(&block![s("a")], &world("").crash(1), "a", Stuck, "a-");
    rule(&block![s("a").idempotent()], &world("").crash(1), "a a", Completed, "");
    rule(&block![s("a").idempotent().retry(1)], &world("a=DF").crash(1), "a a a", Completed, "");
    rule(&block![s("a").idempotent()], &world("a=UUUU"), "a a", Stuck, "a-");
    // done when: yes, the whole step is done and owes its undo
    let two = block![s("a").effects(2).done_when(), Tree::Fail];
    rule(&two, &world("a=U a?=FDF"), "a? a a? a- a?", RolledBack, "");
    // no: again only if idempotent or atomic; an error is neither, and atomic alone does not help then
    let done_when = s("a").done_when();
    rule(&block![done_when.clone()], &world("a=U"), "a? a a?", Stuck, "a-");
    rule(&block![done_when.clone().atomic()], &world("a=U"), "a? a a? a", Completed, "");
    rule(&block![done_when.clone().atomic()], &world("a=U a?=FU"), "a? a a?", Stuck, "a-");
    rule(&block![done_when.idempotent()], &world("a=U a?=FU"), "a? a a? a", Completed, "");
    // looking: again
    rule(&block![c("c")], &world("").crash(1), "c c", Completed, "");
    rule(&block![s("a").done_when()], &world("").crash(1), "a? a? a", Completed, "");
}

#[test]
fn outcomes_unknown_going_back_counts_as_started() {
    rule(&block![s("a")], &world("").cancel(1).crash(1), "a a-", RolledBack, "");
    let plan = block![parallel(block![s("a"), s("b")])];
    rule(&plan, &world("a=F b=U"), "a b b- a-", RolledBack, "");
    rule(&plan, &world("a=U b=F"), "a b b- a-", RolledBack, ""); // Q3: whichever ended first
}

#[test]
fn outcomes_others_go_on_while_an_unknown_is_being_settled() {
    let plan = block![parallel(block![s("a").done_when(), branch(block![s("b"), s("d")])])];
    let script = world("a=U").order(&[0, 1, 0, 0]);
    rule(&plan, &script, "a? b a a? d", Stuck, "a- b- d-");
    let script = world("a=U b=F").order(&[0, 1, 0, 0]);
    rule(&plan, &script, "a? b a a? b- a- a?", RolledBack, "");
    let plan = block![parallel(block![s("a").done_when().atomic(), s("b")])];
    let script = world("a=U a?=FU b=F").order(&[0, 1, 0, 0]);
    rule(&plan, &script, "a? b a a? b- a- a?", RolledBack, ""); // no answer is no "no"
}

#[test]
fn outcomes_in_place_is_satisfied_and_owes_nothing() {
    let plan = block![s("a").done_when().restore(), s("b")];
    rule(&plan, &world("a?=D b=F"), "a? b b-", RolledBack, "");
    rule(&plan, &world("a?=U"), "a?", Waiting, "");
}

#[test]
fn outcomes_a_rollback_left_unverified_counts_as_failed() {
    let plan = block![s("a").done_when(), Tree::Fail];
    rule(&plan, &world("a?=FDF"), "a? a a- a? a- a?", RolledBack, "");
    rule(&plan, &world("a?=FUUUU"), "a? a a- a? a- a? a- a? a- a?", Stuck, "a-");
}

#[test]
fn c1_armed_before_the_step() {
    let plan = block![s("a"), s("b").takes_file().done_when(), s("d")];
    rule(&plan, &world(""), "a b? b^ b d", Completed, "");
    rule(&plan, &world("b^=F"), "a b? b^ a-", RolledBack, "");
    rule(&plan, &world("b^=F b?=D"), "a b? d", Completed, "");
}

#[test]
fn c2_owes_from_the_first_start_unless_all_failed_clean() {
    let plan = block![s("a"), s("b").effects(2).restore(), s("d")];
    rule(&plan, &world("b=F"), "a b b- b+ a-", RolledBack, "");
    rule(&plan, &world("b=C"), "a b a-", RolledBack, "");
    rule(&plan, &world("b.1=C"), "a b b.1 b- b+ a-", RolledBack, "");
    rule(&block![s("b").retry(1)], &world("b=FC"), "b b b-", RolledBack, "");
    rule(&block![s("b").retry(1)], &world("b=CC"), "b b", RolledBack, "");
}

#[test]
fn c2_atomic_failure_leaves_nothing_behind() {
    let plan = block![s("a").atomic().restore(), s("b").nothing()];
    rule(&plan, &world("a=F"), "a", RolledBack, "");
    rule(&plan, &world("b=F"), "a b a- a+", RolledBack, "");
    // an unknown is not a failure; one that was never cleared up stays a doubt
    rule(&block![s("a").atomic()], &world("").cancel(1).crash(1), "a a-", RolledBack, "");
    rule(&block![s("a").atomic().idempotent()], &world("a=UF"), "a a a-", RolledBack, "");
    rule(&block![s("a").atomic().done_when()], &world("a=UF"), "a? a a? a", RolledBack, "");
}

#[test]
fn c2_skipped_or_never_started_owes_nothing() {
    let skipped = Tree::If { cond: false, then: block![s("b")], otherwise: Vec::new() };
    rule(&block![s("a"), skipped, Tree::Fail, s("d")], &world(""), "a a-", RolledBack, "");
}

#[test]
fn c3_whole_or_not_at_all() {
    let needs = s("b").effects(2).rollback(2, |_, _, needs| *needs = Some(1));
    rule(&block![s("a"), needs.clone(), Tree::Fail], &world(""), "a b b.1 b- b-1 a-", RolledBack, "");
    rule(&block![s("a"), needs.clone()], &world("b.1=F"), "a b b.1", Stuck, "a- b-");
    rule(&block![s("a"), needs], &world("b=C"), "a b a-", RolledBack, "");
}

#[test]
fn c4_one_stack_newest_first_rollback_before_restore() {
    let plan = block![s("a").restore(), phase(block![s("b").restore(), s("d").restore()])];
    rule(&plan, &world("d=F"), "a b d d- d+ b- b+ a- a+", RolledBack, "");
}

#[test]
fn c4_a_phase_that_succeeds_restores_and_passes_its_rollbacks_up() {
    let plan = block![s("a").restore(), phase(block![s("b").restore(), s("d").restore()]), s("e")];
    rule(&plan, &world(""), "a b d d+ b+ e a+", Completed, "");
    rule(&plan, &world("e=F"), "a b d d+ b+ e e- d- b- a- a+", RolledBack, "");
    rule(&block![phase(block![s("a").restore(), Tree::End]), s("b")], &world(""), "a a+", Completed, "");
}

#[test]
fn c4_restore_scopes_are_phase_attempt_call_run() {
    let body = block![s("a").restore(), s("b")];
    for scope in [phase(body.clone()), Tree::Call(body.clone()), attempt(body.clone(), block![c("c")])] {
        rule(&block![scope, s("d")], &world(""), "a b a+ d", Completed, "");
    }
    rule(&block![branch(body.clone()), s("d")], &world(""), "a b d a+", Completed, "");
    let each = Tree::For { items: 2, parallel: None, body };
    rule(&block![each, s("d")], &world(""), "a[0] b[0] a[1] b[1] d a[1]+ a[0]+", Completed, "");
}

#[test]
fn c4_a_failed_restore_is_stuck_never_a_rollback_of_good_work() {
    let plan = block![phase(block![s("a").restore(), s("b").restore()]), s("d")];
    rule(&plan, &world("b+=FFFF"), "a b b+ b+ b+ b+", Stuck, "a- a+ b- b+");
    rule(&plan, &world("b+=FFF"), "a b b+ b+ b+ b+ a+ d", Completed, "");
}

#[test]
fn c4_irreversible_that_started_is_failed_kept() {
    let plan = block![s("a"), s("b").irreversible().restore(), s("d")];
    rule(&plan, &world(""), "a b d b+", Completed, "");
    rule(&plan, &world("d=F"), "a b d d- b+ a-", FailedKept, "!b");
    rule(&plan, &world("b=F"), "a b b+ a-", FailedKept, "!b");
    rule(&plan, &world("b=C"), "a b a-", RolledBack, "");
}

#[test]
fn c4_parallel_unwinds_side_by_side_with_the_loops_own_limit() {
    let each = |parallel| Tree::For { items: 3, parallel, body: block![s("a")] };
    rule(&block![each(None), Tree::Fail], &world(""), "a[0] a[1] a[2] a[2]- a[1]- a[0]-", RolledBack, "");
    let two = s("a").rollback(2, |_, _, _| ());
    let single = Tree::For { items: 2, parallel: Some(1), body: block![two] };
    rule(&block![single, Tree::Fail], &world(""), "a[0] a[1] a[1]- a[1]-1 a[0]- a[0]-1", RolledBack, "");
    let script = world("").order(&[1, 0]);
    rule(&block![each(Some(2)), Tree::Fail], &script, "a[0] a[1] a[2] a[2]- a[1]- a[0]-", RolledBack, "");
    let both =
        block![s("z"), parallel(block![branch(block![s("a"), s("b")]), branch(block![s("d"), s("e")])])];
    rule(&both, &world("b=F"), "z a d b e e- b- d- a- z-", RolledBack, "");
}

#[test]
fn c5_after_commit_forward_only() {
    let plan = block![s("a").restore(), phase(block![s("b"), Tree::Commit]), s("d")];
    rule(&plan, &world(""), "a b d a+", Completed, "");
    rule(&plan, &world("d=F"), "a b d", Stuck, "a+");
    rule(&plan, &world("d=U"), "a b d", Stuck, "a+");
    rule(&plan, &world("").cancel(3), "a b d", Waiting, "a+");
    rule(&plan, &world("").cancel(2), "a b b- a- a+", RolledBack, "");
    rule(&block![Tree::Commit, s("a"), Tree::Fail], &world(""), "a", Stuck, "");
    let otherwise = attempt(block![s("a")], block![s("b").restore(), s("d").restore()]);
    let plan = block![Tree::Commit, phase(block![otherwise])];
    rule(&plan, &world("a=F").cancel(4), "a a- b d", Waiting, "b+ d+");
    // a nested saga after the commit still unwinds its own
    let nested = block![s("a"), Tree::Commit, attempt(block![s("b"), s("d")], block![s("e")]), s("f")];
    rule(&nested, &world("d=F"), "a b d d- b- e f", Completed, "");
    rule(&nested, &world("d=F f=F"), "a b d d- b- e f", Stuck, "");
    // and fails for good where it has no otherwise
    let alone = Tree::Attempt { body: block![s("b"), s("d")], otherwise: None };
    for nested in [alone.clone(), Tree::Call(block![alone])] {
        let plan = block![s("a"), Tree::Commit, s("e"), nested, s("f")];
        rule(&plan, &world("d=F"), "a e b d d- b-", Stuck, "");
        rule(&plan, &world("d=F").cancel(5), "a e b d d- b-", Stuck, "");
    }
}

#[test]
fn c6_a_failed_rollback_is_retried_three_times_then_stuck_right_there() {
    let plan = block![s("a"), s("b").rollback(2, |_, _, _| ()), Tree::Fail];
    rule(&plan, &world("b-=FCU"), "a b b- b- b- b- b-1 a-", RolledBack, "");
    rule(&plan, &world("b-1=FFFF"), "a b b- b-1 b-1 b-1 b-1", Stuck, "a- b-");
}

#[test]
fn c6_best_effort_goes_on() {
    let plan = block![s("a"), s("b").best_effort().restore(), Tree::Fail];
    rule(&plan, &world("b-=FFFF"), "a b b- b- b- b- b+ a-", FailedKept, "!b");
}

#[test]
fn c6_once_is_stuck_at_the_first_failed_or_unknown() {
    let plan = block![s("a").once(), Tree::Fail];
    rule(&plan, &world("a-=F"), "a a-", Stuck, "a-");
    rule(&plan, &world("a-=U"), "a a-", Stuck, "a-");
    rule(&plan, &world("").crash(2), "a a-", Stuck, "a-");
    rule(&plan, &world("a-=CCD"), "a a- a- a-", RolledBack, ""); // it certainly changed nothing
}

#[test]
fn c7_hold_undoes_nothing_unasked() {
    let plan = block![s("a").restore(), s("b")];
    rule(&plan, &world("b=F").hold(), "a b", Waiting, "a- a+ b-");
    rule(&plan, &world("").cancel(1).hold(), "a", Waiting, "a- a+");
    rule(&block![s("a"), Tree::Fail], &world("").hold(), "a a-", RolledBack, "");
    rule(&block![s("a"), c("c")], &world("c=F").hold(), "a c", Waiting, "a-");
    rule(&block![s("a"), c("c")], &world("c=F"), "a c a-", RolledBack, "");
    rule(&block![s("a"), c("c")], &world("c=U"), "a c", Waiting, "a-");
    rule(&block![attempt(block![s("a")], block![s("b")])], &world("a=F").hold(), "a", Waiting, "a-");
    rule(&block![Tree::Commit, s("a")], &world("a=F").hold(), "a", Stuck, "");
}

#[test]
fn c8_cancel_lets_the_running_effect_end_and_rolls_back() {
    let plan = block![s("a"), s("b").effects(2), s("d")];
    rule(&plan, &world("").cancel(2), "a b b- a-", RolledBack, "");
    rule(&plan, &world("").cancel(4), "a b b.1 d d- b- a-", RolledBack, ""); // even the last one
    rule(&block![s("a").retry(1)], &world("a=F").cancel(1), "a a-", RolledBack, "");
    rule(&block![s("a"), c("c")], &world("c=U").cancel(2), "a c a-", RolledBack, "");
    let unwinding = block![s("a"), s("b"), Tree::Fail];
    rule(&unwinding, &world("").cancel(3), "a b b- a-", RolledBack, "");
}

#[test]
fn c8_branches_that_a_cancel_cut_unwind_side_by_side() {
    let (a, b) = (Step { restore: 2, ..s("a").nothing() }, s("b").rollback(3, |_, _, _| ()));
    let plan = block![parallel(block![phase(block![a]), phase(block![b])])];
    let script = world("").cancel(2).order(&[0, 0, 0, 1, 1, 0, 0]);
    rule(&plan, &script, "a b b- a+ b-1 b-2 a+1", RolledBack, "");
}

#[test]
fn c8_cancel_never_triggers_otherwise() {
    let plan = block![s("z"), attempt(block![s("a"), s("b")], block![s("d")])];
    rule(&plan, &world("b=F").cancel(3), "z a b b- a- z-", RolledBack, "");
    rule(&plan, &world("b=F").cancel(4), "z a b b- a- z-", RolledBack, "");
    rule(&plan, &world("b=F").cancel(6), "z a b b- a- d d- z-", RolledBack, "");
}

#[test]
fn c9_a_failing_branch_lets_running_effects_end_then_all_unwind() {
    let plan = block![parallel(block![s("a"), branch(block![s("b"), s("d")])])];
    rule(&plan, &world("a=F"), "a b b- a-", RolledBack, "");
    rule(&plan, &world("a=F").order(&[1, 0]), "a b d d- a- b-", RolledBack, "");
    // at once, however deep
    let inner = parallel(block![s("a"), s("b")]);
    let deep = block![parallel(block![inner, branch(block![s("d"), s("e")])])];
    rule(&deep, &world("a=F").order(&[0, 1, 0]), "a b d d- b- a-", RolledBack, "");
    // … unless an attempt around it takes it up: then it stops nobody outside
    let inside = attempt(block![parallel(block![s("a"), s("b")])], block![s("f")]);
    let saved = block![parallel(block![inside, branch(block![s("d"), s("e")])])];
    rule(&saved, &world("a=F").order(&[0, 1, 0]), "a b d e b- a- f", Completed, "");
    // an attempt in a branch is no failure of the branch, and is cut by one
    let saved = attempt(block![s("a")], block![s("b")]);
    let pair = block![parallel(block![saved, branch(block![s("d"), s("e")])])];
    rule(&pair, &world("a=F"), "a d a- e b", Completed, "");
    rule(&pair, &world("a=F d=F"), "a d a- d-", RolledBack, "");
}

#[test]
fn c9_a_crash_while_unwinding_resumes_the_unwinding() {
    let plan = block![s("a"), s("b"), Tree::Fail];
    rule(&plan, &world("").crash(3), "a b b- b- a-", RolledBack, "");
    rule(&plan, &world("b-=DFFF").crash(3), "a b b- b- b- b- b- a-", RolledBack, "");
}

#[test]
fn c9_stuck_in_one_branch_starts_nothing_new_anywhere() {
    let plan = block![s("z"), parallel(block![s("a").once(), branch(block![s("b"), s("d")])]), Tree::Fail];
    rule(&plan, &world("a-=F"), "z a b d d- a- b-", Stuck, "a- z-");
    rule(&plan, &world("a-=F").order(&[0, 0, 0, 0, 1]), "z a b d d- a-", Stuck, "a- b- z-");
    // a cancel in between makes no difference
    let plan = block![parallel(block![s("a").restore(), s("b").restore()])];
    let script = world("a+=FFF b+=FFFF").cancel(4).order(&[0, 0, 0, 1, 0, 0, 1, 0]);
    rule(&plan, &script, "a b b+ a+ b+ b+ a+ b+", Stuck, "a- a+ b- b+");
}

#[test]
fn c9_what_has_not_begun_to_unwind_when_the_run_is_stuck_is_not_kept_yet() {
    let body = block![s("a").restore(), s("b").irreversible()];
    let plan = block![Tree::For { items: 3, parallel: Some(2), body }, Tree::Fail];
    let script = world("a[1]+=FFFF").order(&[0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 0]);
    let starts = "a[0] a[1] b[0] b[1] a[2] b[2] a[2]- a[1]- a[1]+ a[1]+ a[1]+ a[1]+";
    rule(&plan, &script, starts, Stuck, "a[0]- a[0]+ a[1]+ a[2]+ !b[1] !b[2]");
}

#[test]
fn attempt_unwinds_its_own_then_otherwise() {
    let plan = block![s("z"), attempt(block![s("a").restore(), s("b")], block![s("d")]), s("e")];
    rule(&plan, &world(""), "z a b a+ e", Completed, "");
    rule(&plan, &world("b=F"), "z a b b- a- a+ d e", Completed, "");
    rule(&plan, &world("b=F d=F"), "z a b b- a- a+ d d- z-", RolledBack, "");
    rule(&plan, &world("b=F e=F"), "z a b b- a- a+ d e e- d- z-", RolledBack, "");
    rule(&plan, &world("e=F"), "z a b a+ e e- b- a- z-", RolledBack, "");
    rule(&plan, &world("b=F a-=FFFF"), "z a b b- a- a- a- a-", Stuck, "a- a+ z-");
    rule(&plan, &world("b=U"), "z a b", Stuck, "a- a+ b- z-");
    let restoring = attempt(block![Tree::Fail], block![s("a").restore(), s("b")]);
    rule(&block![restoring, s("d")], &world(""), "a b a+ d", Completed, "");
    let alone = Tree::Attempt { body: block![s("a"), s("b")], otherwise: None };
    let plan = block![s("z"), attempt(block![s("y"), alone], block![s("d")]), s("e")];
    rule(&plan, &world("b=F"), "z y a b b- a- y- d e", Completed, "");
    // what an attempt had to leave stays, whatever comes later
    let kept = block![attempt(block![s("a").irreversible(), Tree::Fail], block![s("b")]), s("d")];
    rule(&kept, &world(""), "a b d", FailedKept, "!a");
    rule(&kept, &world("d=F"), "a b d d- b-", FailedKept, "!a");
}

#[test]
fn replay_refuses_what_the_rules_forbid() {
    let plan = block![s("a"), s("b")];
    let script = world("b=F");
    let good = model(&plan, &script).events;
    let undo = |id| [Event::Started(key(id)), Event::Ended(key(id), Outcome::Done)];
    let twice = [model(&plan, &world("").cancel(1)).events, Vec::from([Event::Cancel])].concat();
    assert!(replay(&plan, &script, &twice).is_ok(), "{twice:?}");
    let mut swapped = good.get(..4).expect("two steps").to_vec();
    swapped.extend(undo("a-").into_iter().chain(undo("b-")));
    for bad in [swapped, good.get(..6).expect("b undone").to_vec(), [good, undo("b-").to_vec()].concat()] {
        assert!(replay(&plan, &script, &bad).is_err(), "{bad:?}");
    }
}

/// What the model cites as a reading is one of the list, and each of the list is cited.
#[test]
fn readings_are_those_of_the_list() {
    let list = include_str!("../../docs/decisions/0002-reference-model.md");
    let numbered = list.lines().filter_map(|line| line.split_once(". ")?.0.parse::<usize>().ok());
    let text = [include_str!("model.rs"), include_str!("random.rs")].concat();
    let digits = |rest: &str| rest.chars().take_while(char::is_ascii_digit).collect::<String>();
    let mut cited: Vec<usize> =
        text.split('Q').skip(1).filter_map(|rest| digits(rest).parse().ok()).collect();
    cited.sort_unstable();
    cited.dedup();
    assert_eq!(cited, numbered.collect::<Vec<_>>());
}
