//! The digest moves with every leaf of a plan that is executed, undone or shown for a decision, and with no other.

use bowline::plan::{Node, Plan, digest};
use serde_json::Value;

use super::leaves::{Pool, leaves, with};
use super::random::compiled;
use super::root;

/// Nodes of the runbook that holds every kind, and of the bundled one.
fn plans() -> Vec<Plan> {
    ["tests/plan/every_kind.runbook", "runbooks/memoria/self-managed-ga.runbook"]
        .map(|file| compiled(&std::fs::read_to_string(root().join(file)).unwrap(), file))
        .into()
}

/// A plan of that node alone; the digest takes nodes one by one.
fn alone(plan: &Plan, node: Node) -> Plan {
    Plan { nodes: vec![node], ..plan.clone() }
}

/// Whether what stands there only says where something was written, or explains it.
fn explains(pointer: &str, node: &Node) -> bool {
    let parts: Vec<&str> = pointer.split('/').skip(1).collect();
    let place = parts.windows(2).any(|pair| pair == ["At", "0"]);
    let prose = parts == ["above"] || parts == ["prose"] && !node.is_decided_by_prose();
    let any = |word: &str| parts.contains(&word);
    let words = parts.last() == Some(&"source");
    place || prose || words || any("span") || any("hints")
}

/// The first way to put something else at a place that is still a node, and another.
fn other(node: &Node, json: &Value, pointer: &str, pool: &Pool) -> Option<Node> {
    let now = json.pointer(pointer).unwrap();
    pool.instead(pointer, now).into_iter().find_map(|instead| {
        let changed: Node = serde_json::from_value(with(json, pointer, instead)).ok()?;
        (changed != *node).then_some(changed)
    })
}

#[test]
fn every_leaf_of_every_operation_moves_it_or_only_explains() {
    let plans = plans();
    let mut pool = Pool::default();
    plans.iter().for_each(|plan| pool.fill(&serde_json::to_value(&plan.nodes).unwrap()));
    let (mut moved, mut kept, mut stuck) = (0, 0, vec![]);
    for plan in &plans {
        for node in &plan.nodes {
            let json = serde_json::to_value(node).unwrap();
            let before = digest(&alone(plan, node.clone()));
            for pointer in leaves(&json) {
                let Some(changed) = other(node, &json, &pointer, &pool) else {
                    // A pair has as many parts as it has; its parts are leaves themselves.
                    let now = json.pointer(&pointer).unwrap();
                    let pair = now.as_array().is_some_and(|items| !items.is_empty());
                    stuck.extend((!pair).then(|| format!("{pointer} = {now}")));
                    continue;
                };
                let differs = digest(&alone(plan, changed)) != before;
                assert_eq!(differs, !explains(&pointer, node), "{pointer} of {json:#}");
                if differs { moved += 1 } else { kept += 1 }
            }
        }
    }
    assert!(moved > 1000 && kept > 200, "{moved} moved, {kept} kept");
    assert!(stuck.is_empty(), "nothing else could be put there:\n{}", stuck.join("\n"));
}

#[test]
fn inputs_title_and_version_move_it_descriptions_do_not() {
    let plan = plans().remove(0);
    let before = digest(&plan);
    let changed = |change: &dyn Fn(&mut Plan)| {
        let mut plan = plan.clone();
        change(&mut plan);
        digest(&plan) != before
    };
    assert!(changed(&|plan| plan.title.push('x')));
    assert!(changed(&|plan| plan.version = "9.9.9".parse().unwrap()));
    assert!(changed(&|plan| plan.inputs.truncate(1)));
    assert!(changed(&|plan| plan.inputs[0].default = None));
    assert!(changed(&|plan| plan.inputs[2].from = None));
    assert!(changed(&|plan| plan.inputs[4].condition = None));
    assert!(changed(&|plan| plan.vars[plan.inputs[0].var.0 as usize].name.push('x')));
    assert!(!changed(&|plan| plan.inputs[0].description = Some("another".into())));
    assert!(!changed(&|plan| plan.prose = None));
    assert!(!changed(&|plan| plan.digest.clear()));
}
