//! Where a bundled runbook can fail: its changing steps, and what the plan itself says of a failure there.

use serde_json::Value;

/// A step that changes something.
#[derive(Clone, Debug)]
pub(crate) struct Point {
    /// Its title.
    pub(crate) title: String,
    /// Its path, as `--inject` takes it.
    pub(crate) path: String,
    /// So often it is tried.
    pub(crate) attempts: usize,
    /// What the plan says a failure there comes to.
    pub(crate) end: End,
    /// The rollbacks that the plan says run for certain, newest first; titles that a run completes are left out.
    pub(crate) undone: Vec<String>,
}

/// What a failure comes to when nobody is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// Exit 1, everything as before.
    Undone,
    /// Exit 6: something irreversible was done.
    Kept,
    /// Exit 4, and 6 once a person gives up: the point of no return was passed.
    Committed,
    /// An attempt is undone alone, and the run goes on.
    Within,
}

/// What stands beside the way forward.
const ASIDE: [&str; 9] = [
    "rollback",
    "restore",
    "done when",
    "guard",
    "every",
    "before rollback",
    "after rollback",
    "after failure",
    "after run",
];

/// The changing steps of a plan, in its order.
pub(crate) fn points(plan: &Value) -> Vec<Point> {
    let mut found = vec![];
    walk(plan, &plan["items"], &mut vec![], &mut found);
    // The arms of an `if` may share a title: one of them is done.
    found.dedup_by(|one, other| one.path == other.path);
    found
}

fn walk(plan: &Value, items: &Value, path: &mut Vec<String>, found: &mut Vec<Point>) {
    for item in items.as_array().into_iter().flatten() {
        let kind = item["kind"].as_str().unwrap();
        if ASIDE.contains(&kind) || kind == "after success" {
            continue;
        }
        let title = item["title"].as_str();
        path.extend(title.map(str::to_owned));
        if matches!(kind, "step" | "manual") && item["class"] != "reads" {
            found.push(point(plan, item, path.join(" / ")));
        } else {
            walk(plan, &item["items"], path, found);
        }
        if title.is_some() {
            path.pop();
        }
    }
}

fn point(plan: &Value, step: &Value, path: String) -> Point {
    let title = step["title"].as_str().unwrap().to_owned();
    let number = &step["number"];
    let of_step = |failure: &&Value| {
        failure["points"].as_array().unwrap().iter().any(|point| point["number"] == *number)
    };
    let failures = plan["failures"].as_array().unwrap();
    let failure = failures.iter().find(of_step).unwrap_or_else(|| panic!("no failure is told of `{path}`"));
    let kept = |stays: &Value| stays["why"] == "irreversible";
    let end = if !failure["within"].is_null() {
        End::Within
    } else if !failure["after_commit"].is_null() {
        End::Committed
    } else if failure["stays"].as_array().unwrap().iter().any(kept) {
        End::Kept
    } else {
        End::Undone
    };
    let sure = |undone: &&Value| undone["sure"] == true && undone["what"] == "rollback";
    let undone = failure["undone"].as_array().unwrap().iter().filter(sure);
    let undone = undone.map(|undone| undone["step"]["title"].as_str().unwrap().to_owned());
    let undone = undone.filter(|title| !title.contains('⟨')).collect();
    Point { title, path, attempts: 1 + retries(step), end, undone }
}

/// The most further attempts of anything in a step.
fn retries(item: &Value) -> usize {
    let options = item["options"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let own = options.filter_map(|option| option.strip_prefix("retry ")?.split(' ').next()?.parse().ok());
    let items = item["items"].as_array().into_iter().flatten();
    let forward = items.filter(|item| !ASIDE.contains(&item["kind"].as_str().unwrap()));
    own.chain(forward.map(retries)).max().unwrap_or(0)
}
