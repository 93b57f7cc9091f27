//! One file per statement kind: what it declares, what it checks beyond that, and what it lowers to.
//!
//! Knows plan and program, never the tree and never a host. A new kind is a file here and a line
//! in the table: resolver, formatter, completion and reference serve it unseen.
//! Statements of the same word are told apart by where they stand ([`Schema::stands_in`]): `check`
//! in a runbook and `check` in a module are two kinds. Structural forms have the names `run`,
//! `fence`, `prose`, `let` and `module.step` (a bare call).

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
mod wait;

use crate::program::Schema;

/// Every statement kind.
pub static SCHEMAS: &[&Schema] = &[
    &run::SCHEMA,
    &fence::SCHEMA,
    &http::SCHEMA,
    &header::SCHEMA,
    &bearer::SCHEMA,
    &basic::SCHEMA,
    &query::SCHEMA,
    &json::SCHEMA,
    &form::SCHEMA,
    &body::SCHEMA,
    &timeout::SCHEMA,
    &retry::SCHEMA,
    &env::SCHEMA,
    &dir::SCHEMA,
    &stdin::SCHEMA,
    &artifact::SCHEMA,
    &evidence::SCHEMA,
    &module_call::SCHEMA,
    &notify::SCHEMA,
    &log::SCHEMA,
    &confirm::SCHEMA,
    &ask::SCHEMA,
    &judge::SCHEMA,
    &choose::SCHEMA,
    &answer::SCHEMA,
    &step::SCHEMA,
    &manual::SCHEMA,
    &rollback::SCHEMA,
    &restore::SCHEMA,
    &done_when::SCHEMA,
    &hint::SCHEMA,
    &check::SCHEMA,
    &module_check::SCHEMA,
    &module_step::SCHEMA,
    &given::SCHEMA,
    &expect::SCHEMA,
    &gate::SCHEMA,
    &approval::SCHEMA,
    &guard::SCHEMA,
    &phase::SCHEMA,
    &parallel::SCHEMA,
    &for_each::SCHEMA,
    &if_else::SCHEMA,
    &repeat::SCHEMA,
    &every::SCHEMA,
    &attempt::SCHEMA,
    &call::SCHEMA,
    &wait::SCHEMA,
    &commit::SCHEMA,
    &end::SCHEMA,
    &fail::SCHEMA,
    &before::SCHEMA,
    &after::SCHEMA,
    &exclusive::SCHEMA,
    &bind::SCHEMA,
    &give_back::SCHEMA,
    &prose::SCHEMA,
    &scenario::SCHEMA,
    &runbook::SCHEMA,
    &module::SCHEMA,
    &import::SCHEMA,
    &input::SCHEMA,
];
