//! A line that goes on in the next without a sign that says so, and a line that is no value among values: one report, which
//! says what to do; what is wrong elsewhere is told beside it.

use crate::check::told;
use crate::mistakes::reports;

/// What stands in a runbook, the code of its report, and what that offers.
const CASES: &[(&str, &str, &str)] = &[
    ("step \"S\"\n  timeout 10m irreversible {\n  run true\n}", "E0302", "join the lines"),
    (
        "phase \"P\"\n  window \"Mon-Fri 09:00-17:00 Europe/Berlin\" {\n  log \"x\"\n}",
        "E0301",
        "join the lines",
    ),
    ("if two > 1\n  and two < 3 {\n  log \"x\"\n}", "E0101", "join the lines"),
    ("if two > 1\n  and two < 3 {\n  log \"x\"\n} else {\n  log \"y\"\n}", "E0101", "join the lines"),
    ("check \"C\" {\n  expect two > 1 or\n    two == 0\n}", "E0305", "join the lines"),
    ("check \"C\" {\n  expect two ==\n    3\n}", "E0303", "join the lines"),
    ("let list =\n  [\n    \"x\",\n  ]\nlog \"{list}\"", "E0303", "join the lines"),
    ("let list = [\n  \"x\",\n  ??\n  \"y\",\n]\nlog \"{list}\"", "E0101", "take `??` away"),
    ("let list = [\n  \"x\",\n  /var/log,\n  \"y\",\n]\nlog \"{list}\"", "E0101", "take `/var/log,` away"),
    ("let map = {\n  x: 1,\n  ==\n  y: 2,\n}\nlog \"{map}\"", "E0101", "take `==` away"),
    ("let map = {\n  x 1,\n  y: 2,\n}\nlog \"{map}\"", "E0301", "take `x 1,` away"),
    ("input list: list of text = [\n  \"x\",\n  ==\n] \"List\"\nlog \"{list}\"", "E0101", "take `==` away"),
];

#[test]
fn lines_apart_and_among_values_are_one_report() {
    let mut wrong = vec![];
    for (lines, code, offers) in CASES {
        for (beside, others) in [("", &[][..]), ("nothing_like_it \"x\"\n", &["E0301"][..])] {
            let text = format!("runbook \"x\" 1.0.0\n\nlet two = 2\n{lines}\nlog \"{{two}}\"\n{beside}");
            let compiled = reports("x.runbook", &text);
            let codes: Vec<_> = compiled.diagnostics.iter().map(|one| one.code.id).collect();
            let offered =
                compiled.diagnostics.first().and_then(|one| one.fix.as_ref()).map(|fix| &*fix.title);
            if codes != [&[*code], others].concat() || offered != Some(*offers) {
                wrong.push(format!("{lines}\n{}", told(&compiled)));
            }
        }
    }
    assert!(wrong.is_empty(), "{} differ\n{}", wrong.len(), wrong.join("\n"));
}
