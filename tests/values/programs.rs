//! Out to programs: arguments, environment, standard input, scripts of every language.

use serde_json::json;

use crate::nasty::{known, over};
use crate::site::{Site, between_nuls, is_there, python};

const COUNT: usize = 30;

fn each(count: usize, one: impl Fn(usize) -> String) -> String {
    (0..count).map(one).collect()
}

/// Values as whole words, parts of words, spliced, in the environment and on standard input.
fn arrive_in_a_program(values: &[String]) {
    let count = values.len();
    let words = each(count, |at| format!(" {{v{at}}}"));
    let parts = each(count, |at| format!(" \"a{{v{at}}}b\" --x={{v{at}}}"));
    let env = each(count, |at| format!("    env V{at} = v{at}\n"));
    let list = each(count, |at| format!("v{at}, "));
    let body = format!(
        "let all = [{list}]\nstep \"S\" {{\n  run {} show.py got{words}{parts} {{...all}} {{\n{env}    stdin v0\n  }}\n  rollback none \"x\"\n}}\n",
        python()
    );
    let site = Site::new(count, &body);
    site.runs_with(values, &[]);
    let got = site.given("got");
    let parts = values.iter().flat_map(|value| [format!("a{value}b"), format!("--x={value}")]);
    let args: Vec<String> = values.iter().cloned().chain(parts).chain(values.iter().cloned()).collect();
    assert_eq!(got["args"], json!(args));
    for (at, value) in values.iter().enumerate() {
        assert_eq!(got["env"][format!("V{at}")], json!(value));
    }
    assert_eq!(got["stdin"], json!(values[0]));
}

#[test]
fn known_values_arrive_in_a_program() {
    known(COUNT, |values| arrive_in_a_program(&values));
}

#[test]
fn random_values_arrive_in_a_program() {
    over(COUNT, |values| arrive_in_a_program(&values));
}

/// How a script of each language writes its values, with a NUL behind each.
fn script(language: &str, count: usize) -> String {
    let file = format!("{language}.out");
    match language {
        "sh" | "bash" | "zsh" => {
            let values = each(count, |at| format!(" \"$v{at}\""));
            format!("printf '%s\\0'{values} > {file}")
        }
        "python" => format!(
            "import os\nopen('{file}', 'wb').write(b''.join(os.environb[b'v%d' % at] + b'\\0' for at in range({count})))"
        ),
        "node" => format!(
            "require('fs').writeFileSync('{file}', [...Array({count}).keys()].map(at => process.env['v' + at] + '\\0').join(''))"
        ),
        "perl" => format!("open F, '>', '{file}'; print F $ENV{{\"v$_\"}} . \"\\0\" for 0..{}", count - 1),
        _ => {
            format!("File.binwrite('{file}', (0...{count}).map {{ |at| ENV[\"v#{{at}}\"] + \"\\0\" }}.join)")
        }
    }
}

fn arrive_in_scripts(languages: &[&str], values: &[String]) {
    let count = values.len();
    let names = (0..count).map(|at| format!("v{at}")).collect::<Vec<_>>().join(", ");
    let fence = |language: &&str| {
        format!("  ```{language} ({names})\n  {}\n  ```\n", script(language, count).replace('\n', "\n  "))
    };
    let fences: String = languages.iter().map(fence).collect();
    let site = Site::new(count, &format!("step \"S\" {{\n{fences}  rollback none \"x\"\n}}\n"));
    site.runs_with(values, &[]);
    for language in languages {
        assert_eq!(between_nuls(&site.read(&format!("{language}.out"))), values, "{language}");
    }
}

#[test]
fn values_arrive_in_scripts() {
    let languages = [
        ("sh", "bash"),
        ("bash", "bash"),
        ("zsh", "zsh"),
        ("python", "python3"),
        ("node", "node"),
        ("perl", "perl"),
        ("ruby", "ruby"),
    ];
    let there: Vec<&str> =
        languages.into_iter().filter(|(_, program)| is_there(program)).map(|(tag, _)| tag).collect();
    known(COUNT, |values| arrive_in_scripts(&there, &values));
    over(COUNT, |values| arrive_in_scripts(&["sh", "bash", "perl"], &values));
}

#[test]
fn lists_arrive_in_scripts_as_json_and_lines_as_lines() {
    let site = Site::new(
        2,
        "let all = [v0, v1]\nstep \"S\" {\n  let rows: lines = run printf 'a b\\n$(touch pwned)\\n'\n  ```sh (all, rows)\n  printf '%s' \"$all\" > all\n  printf '%s' \"$rows\" > rows\n  ```\n  rollback none \"x\"\n}\n",
    );
    let values = ["two\nlines".to_owned(), "'$(touch pwned)\"".to_owned()];
    site.runs_with(&values, &[]);
    assert_eq!(serde_json::from_slice::<Vec<String>>(&site.read("all")).unwrap(), values);
    assert_eq!(site.read("rows"), b"a b\n$(touch pwned)");
}

/// What stands beside a script, or where scripts are kept, is not what it imports.
#[test]
fn a_script_imports_nothing_from_where_it_is_kept() {
    let site = Site::new(
        0,
        "step \"S\" {\n  ```python\n  import sys, os, stat\n  kept = os.stat(sys.path[0] or '.')\n  assert stat.S_IMODE(kept.st_mode) & 0o077 == 0, oct(kept.st_mode)\n  ```\n  rollback none \"x\"\n}\n",
    );
    site.runs_with(&[], &[]);
}
