//! `std/cohort` against a controller that is a file: labelled as what it is, because the module talks to command lines.

use super::site::{DONE, FAILED, Site};

/// `set.sh` writes the share, `healthy.sh` leaves with 0 below the share in `limit`; every share that was set is in `seen`.
fn site(limit: &str) -> Site {
    let site = Site::using("cohort")
        .with("set: list of text", "[\"sh\", \"set.sh\"]")
        .with("read: list of text", "[\"cat\", \"share\"]")
        .with("healthy: list of text", "[\"sh\", \"healthy.sh\"]");
    site.write("share", "0.0\n");
    site.write("limit", limit);
    site.write("set.sh", "echo \"$1\" > share; echo \"$1\" >> seen");
    site.write("healthy.sh", "awk -v share=\"$(cat share)\" '{ exit !(share < $1) }' limit");
    site
}

const ROLL_OUT: &str =
    "cohort.roll_out(set, read, [0.01, 0.1, 1], healthy, soak: 300ms, within: 2s, every: 50ms)";

#[test]
fn a_rollout_that_stays_healthy_goes_to_its_end() {
    let site = site("2");
    site.run(ROLL_OUT).is(DONE, "");
    assert_eq!(site.read("seen"), "0.01\n0.1\n1\n");
}

#[test]
fn a_rollout_that_turns_ill_goes_back_to_the_share_before_it() {
    let site = site("0.05");
    site.write("share", "0.001\n");
    site.run(ROLL_OUT).is(FAILED, "0.1 holds");
    assert_eq!(site.read("seen"), "0.01\n0.1\n0.001\n");
}

#[test]
fn stages_of_the_runbook_are_undone_newest_first() {
    let site = site("2");
    let said = site.run(
        "for share in [0.01, 0.1] {\n  cohort.shift(set, read, share)\n  check \"{share} soaks\" within 5s every 20ms soak 100ms {\n    cohort.healthy(healthy)\n  }\n}\nfail \"enough\"",
    );
    said.is(FAILED, "enough");
    assert_eq!(site.read("seen"), "0.01\n0.1\n0.01\n0.0\n");
}

#[test]
fn only_a_group_that_was_admitted_is_taken_out() {
    let site = Site::using("cohort")
        .with("add: list of text", "[\"sh\", \"add.sh\"]")
        .with("remove: list of text", "[\"sh\", \"remove.sh\"]")
        .with("read: list of text", "[\"cat\", \"groups\"]");
    site.write("groups", "staff\n");
    site.write("add.sh", "grep -qx \"$1\" groups || echo \"$1\" >> groups");
    site.write("remove.sh", "grep -vx \"$1\" groups > left; mv left groups");
    site.run("for group in [\"staff\", \"beta users\"] {\n  cohort.admit(add, remove, read, group)\n}\ncheck \"Both\" {\n  expect cohort.groups(read) == [\"staff\", \"beta users\"]\n}\nfail \"enough\"")
        .is(FAILED, "enough");
    assert_eq!(site.read("groups"), "staff\n");
}

#[test]
fn groups_are_admitted_one_after_the_other_and_taken_out_where_one_turns_ill() {
    let site = Site::using("cohort")
        .with("add: list of text", "[\"sh\", \"add.sh\"]")
        .with("remove: list of text", "[\"sh\", \"remove.sh\"]")
        .with("read: list of text", "[\"cat\", \"groups\"]")
        .with("healthy: list of text", "[\"sh\", \"healthy.sh\"]");
    site.write("groups", "staff\n");
    site.write("ill", "nobody\n");
    site.write("add.sh", "grep -qx \"$1\" groups || echo \"$1\" >> groups; echo \"+$1\" >> seen");
    site.write("remove.sh", "grep -vx \"$1\" groups > left; mv left groups; echo \"-$1\" >> seen");
    site.write("healthy.sh", "! grep -qxf ill groups");
    let admit = "cohort.admit_each(add, remove, read, [\"staff\", \"beta users\", \"partners\", \"all\"], healthy, soak: 100ms, within: 2s, every: 20ms)";
    site.run(admit).is(DONE, "");
    assert_eq!(site.read("groups"), "staff\nbeta users\npartners\nall\n");
    site.write("groups", "staff\n");
    site.write("ill", "partners\n");
    site.write("seen", "");
    site.run(admit).is(FAILED, "partners is well");
    assert_eq!(site.read("groups"), "staff\n");
    assert_eq!(site.read("seen"), "+staff\n+beta users\n+partners\n-partners\n-beta users\n");
}
