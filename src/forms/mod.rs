//! One file per statement kind: what it declares, what it checks beyond that, and what it lowers to.
//!
//! Knows plan and program, never the tree and never a host. A new kind is a file here and a line
//! in the table: resolver, formatter, completion and reference serve it unseen.
//! Statements of the same word are told apart by where they stand ([`Schema::stands_in`]): `check`
//! in a runbook and `check` in a module are two kinds. Structural forms have the names `run`,
//! `fence`, `prose`, `let` and `module.step` (a bare call).

mod lint;
mod lower;
mod shape;

mod after;
mod answer;
mod approval;
mod artifact;
mod ask;
mod attempt;
mod basic;
mod bearer;
mod before;
mod bind;
mod body;
mod call;
mod check;
mod choose;
mod commit;
mod confirm;
mod dir;
mod done_when;
mod end;
mod ends;
mod env;
mod every;
mod evidence;
mod exclusive;
mod expect;
mod fail;
mod fence;
mod for_each;
mod form;
mod gate;
mod give_back;
mod given;
mod given_answer;
mod guard;
mod header;
mod hint;
mod http;
mod if_else;
mod import;
mod input;
mod json;
mod judge;
mod log;
mod manual;
mod module;
mod module_call;
mod module_check;
mod module_step;
mod notify;
mod parallel;
mod phase;
mod prose;
mod query;
mod ran;
mod repeat;
mod restore;
mod retry;
mod rollback;
mod run;
mod runbook;
mod scenario;
mod stdin;
mod step;
mod timeout;
mod undone;
mod untouched;
mod wait;
mod with_value;

use crate::diag::{Diagnostic, Severity};
use crate::plan::{Plan, Scenario, digest};
use crate::program::{Draft, Names, Program, Schema, Stmt};
use crate::text::Sources;
use lower::{Clauses, Lowering, Unsealed};

/// What came of lowering.
#[derive(Debug)]
pub struct Lowered {
    /// The plan, its digest filled in; `None` where there are errors.
    pub plan: Option<Plan>,
    /// Its scenarios, which are no part of the plan.
    pub scenarios: Vec<Scenario>,
    /// Errors and warnings, in the order of the sources.
    pub diagnostics: Vec<Diagnostic>,
}

/// Lowers a program to its plan and checks what can only be seen there; `names` is what `bowline.toml` names.
#[must_use]
pub fn lower(program: &Program, sources: &Sources, names: Option<&Names>) -> Lowered {
    let Unsealed { mut plan, scenarios, unread, mut diagnostics } = lower::lower(program, sources, names);
    diagnostics.extend(lint::lint_plan(&plan, sources, unread));
    if diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error) {
        return Lowered { plan: None, scenarios, diagnostics };
    }
    plan.digest = digest(&plan);
    Lowered { plan: Some(plan), scenarios, diagnostics }
}

/// What was made only to be looked at: large, and to be freed where nobody waits for it.
#[derive(Debug)]
#[expect(dead_code, reason = "only freed")]
pub struct Spent(Plan);

/// What [`lower`] reports, without the plan: for those who write the program.
#[must_use]
pub fn examine(program: &Program, sources: &Sources, names: Option<&Names>) -> (Vec<Diagnostic>, Spent) {
    looked_at(lower::lower(program, sources, names), sources)
}

/// What else is to be told of a program of which a part is wrong already: only what does not follow from that.
#[must_use]
pub fn review(draft: &Draft, sources: &Sources, names: Option<&Names>) -> (Vec<Diagnostic>, Spent) {
    looked_at(lower::lower_draft(draft, sources, names), sources)
}

fn looked_at(unsealed: Unsealed<'_>, sources: &Sources) -> (Vec<Diagnostic>, Spent) {
    let Unsealed { plan, unread, mut diagnostics, .. } = unsealed;
    diagnostics.extend(lint::lint_plan(&plan, sources, unread));
    (diagnostics, Spent(plan))
}

/// A statement kind: what it declares and how it becomes part of a plan.
pub struct Form {
    /// What it declares.
    pub schema: &'static Schema,
    lower: Lower,
}

type AsStatement = for<'p> fn(&'p Stmt, &mut Lowering<'p>);
type AsClause = for<'p> fn(&'p Stmt, &mut Lowering<'p>, &mut Clauses);

/// How a kind becomes part of a plan.
#[derive(Clone, Copy)]
enum Lower {
    /// Nodes of its own.
    Statement(AsStatement),
    /// A part of the effect in whose block it stands.
    Clause(AsClause),
    /// Either, as it stands.
    Both(AsStatement, AsClause),
    /// Nothing: it is read by the resolver, or by the statement around.
    Head,
}

impl Form {
    const fn statement(schema: &'static Schema, lower: AsStatement) -> Self {
        Self { schema, lower: Lower::Statement(lower) }
    }

    const fn clause(schema: &'static Schema, read: AsClause) -> Self {
        Self { schema, lower: Lower::Clause(read) }
    }

    const fn both(schema: &'static Schema, lower: AsStatement, read: AsClause) -> Self {
        Self { schema, lower: Lower::Both(lower, read) }
    }

    const fn head(schema: &'static Schema) -> Self {
        Self { schema, lower: Lower::Head }
    }
}

/// How the kind of a statement becomes part of a plan.
fn lower_of(schema: &Schema) -> Lower {
    TABLE.iter().find(|form| std::ptr::eq(form.schema, schema)).map_or(Lower::Head, |form| form.lower)
}

/// The declarations of all kinds, for the resolver.
pub static SCHEMAS: &[&Schema] = &schemas();

const fn schemas() -> [&'static Schema; TABLE.len()] {
    let mut schemas = [&run::SCHEMA; TABLE.len()];
    let (mut slots, mut forms) = (schemas.as_mut_slice(), TABLE);
    while let (Some((slot, more)), Some((form, rest))) = (slots.split_first_mut(), forms.split_first()) {
        *slot = form.schema;
        (slots, forms) = (more, rest);
    }
    schemas
}

/// Every statement kind.
pub const TABLE: &[Form] = &[
    Form::statement(&run::SCHEMA, run::lower),
    Form::statement(&fence::SCHEMA, fence::lower),
    Form::statement(&http::SCHEMA, http::lower),
    Form::clause(&header::SCHEMA, header::clause),
    Form::clause(&bearer::SCHEMA, bearer::clause),
    Form::clause(&basic::SCHEMA, basic::clause),
    Form::clause(&query::SCHEMA, query::clause),
    Form::clause(&json::SCHEMA, json::clause),
    Form::clause(&form::SCHEMA, form::clause),
    Form::clause(&body::SCHEMA, body::clause),
    Form::clause(&timeout::SCHEMA, timeout::clause),
    Form::clause(&retry::SCHEMA, retry::clause),
    Form::both(&env::SCHEMA, env::lower, env::clause),
    Form::clause(&dir::SCHEMA, dir::clause),
    Form::clause(&stdin::SCHEMA, stdin::clause),
    Form::statement(&artifact::SCHEMA, artifact::lower),
    Form::statement(&evidence::SCHEMA, evidence::lower),
    Form::statement(&module_call::SCHEMA, module_call::lower),
    Form::statement(&notify::SCHEMA, notify::lower),
    Form::statement(&log::SCHEMA, log::lower),
    Form::statement(&confirm::SCHEMA, confirm::lower),
    Form::statement(&ask::SCHEMA, ask::lower),
    Form::statement(&judge::SCHEMA, judge::lower),
    Form::statement(&choose::SCHEMA, choose::lower),
    Form::head(&answer::SCHEMA),
    Form::statement(&step::SCHEMA, step::lower),
    Form::statement(&manual::SCHEMA, manual::lower),
    Form::statement(&rollback::SCHEMA, rollback::lower),
    Form::statement(&restore::SCHEMA, restore::lower),
    Form::statement(&done_when::SCHEMA, done_when::lower),
    Form::statement(&hint::SCHEMA, hint::lower),
    Form::statement(&check::SCHEMA, check::lower),
    Form::head(&module_check::SCHEMA),
    Form::head(&module_step::SCHEMA),
    Form::statement(&given::SCHEMA, given::lower),
    Form::both(&expect::SCHEMA, expect::lower, expect::clause),
    Form::statement(&gate::SCHEMA, gate::lower),
    Form::statement(&approval::SCHEMA, approval::lower),
    Form::statement(&guard::SCHEMA, guard::lower),
    Form::statement(&phase::SCHEMA, phase::lower),
    Form::statement(&parallel::SCHEMA, parallel::lower),
    Form::statement(&for_each::SCHEMA, for_each::lower),
    Form::statement(&if_else::SCHEMA, if_else::lower),
    Form::statement(&repeat::SCHEMA, repeat::lower),
    Form::statement(&every::SCHEMA, every::lower),
    Form::statement(&attempt::SCHEMA, attempt::lower),
    Form::statement(&call::SCHEMA, call::lower),
    Form::statement(&wait::SCHEMA, wait::lower),
    Form::statement(&commit::SCHEMA, commit::lower),
    Form::statement(&end::SCHEMA, end::lower),
    Form::statement(&fail::SCHEMA, fail::lower),
    Form::statement(&before::SCHEMA, before::lower),
    Form::statement(&after::SCHEMA, after::lower),
    Form::statement(&exclusive::SCHEMA, exclusive::lower),
    Form::both(&bind::SCHEMA, bind::lower, bind::clause),
    Form::statement(&give_back::SCHEMA, give_back::lower),
    Form::head(&prose::SCHEMA),
    Form::statement(&scenario::SCHEMA, scenario::lower),
    Form::head(&with_value::SCHEMA),
    Form::head(&given_answer::SCHEMA),
    Form::head(&ran::SCHEMA),
    Form::head(&undone::SCHEMA),
    Form::head(&untouched::SCHEMA),
    Form::head(&ends::SCHEMA),
    Form::head(&runbook::SCHEMA),
    Form::head(&module::SCHEMA),
    Form::head(&import::SCHEMA),
    Form::head(&input::SCHEMA),
];
