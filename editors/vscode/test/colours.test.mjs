// Colours as the editor draws them: its own tokenizer reads the grammar. `npm test`.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const require = createRequire(process.env.BOWLINE_NODE_MODULES ? join(process.env.BOWLINE_NODE_MODULES, "x.js") : import.meta.url);
const oniguruma = require("vscode-oniguruma");
const textmate = require("vscode-textmate");

const here = dirname(fileURLToPath(import.meta.url));
const wasm = readFileSync(require.resolve("vscode-oniguruma/release/onig.wasm"));
await oniguruma.loadWASM(wasm);

const file = join(here, "../syntaxes/bowline.tmLanguage.json");
const registry = new textmate.Registry({
  onigLib: Promise.resolve({
    createOnigScanner: (patterns) => new oniguruma.OnigScanner(patterns),
    createOnigString: (text) => new oniguruma.OnigString(text),
  }),
  loadGrammar: async (scope) => (scope === "source.bowline" ? textmate.parseRawGrammar(readFileSync(file, "utf8"), file) : null),
});
const grammar = await registry.loadGrammar("source.bowline");

/** Every token of a text: its words, and its innermost scope. */
function tokens(text) {
  let stack = textmate.INITIAL;
  const found = [];
  for (const line of text.split("\n")) {
    const read = grammar.tokenizeLine(line, stack);
    for (const { startIndex, endIndex, scopes } of read.tokens) {
      found.push([line.slice(startIndex, endIndex), scopes.slice(1)]);
    }
    stack = read.ruleStack;
  }
  return found;
}

/** The scopes of the first token with these words. */
function scopes(text, words) {
  const token = tokens(text).find(([written]) => written.trim() === words);
  assert.ok(token, `no token ${words} in ${JSON.stringify(tokens(text))}`);
  return token[1].join(" ");
}

const cases = [
  ['step "Pause {server}" timeout 1m {', "step", /keyword\.control/],
  ['step "Pause {server}" timeout 1m {', "timeout", /keyword\.other\.option/],
  ['step "Pause {server}" timeout 1m {', "1m", /constant\.numeric/],
  ['step "Pause {server}" timeout 1m {', "server", /meta\.interpolation.* variable\.other/],
  ['step "Pause {server}" timeout 1m {', "Pause", /string\.quoted\.double/],
  ["  rollback { run queue resume {server} }", "rollback", /keyword\.control/],
  ["  rollback { run queue resume {server} }", "run", /keyword\.control\.run/],
  ["  rollback { run queue resume {server} }", "resume", /string\.unquoted\.argument/],
  ["  run df --output=avail {...list} # why", "--output", /constant\.other\.option/],
  ["  run df --output=avail {...list} # why", "# why", /comment\.line/],
  ["  run df --output=avail {...list} # why", "list", /variable\.other/],
  ["# allow W0301: it is", "# allow W0301: it is", /comment\.line/],
  ["input release: version", "release", /variable\.other\.definition/],
  ["input release: version", "version", /storage\.type/],
  ["let x: list of text = look run cat f", "look", /keyword\.other\.look/],
  ["  expect x > 2GiB and y matches /a+/", "and", /keyword\.operator\.word/],
  ["  expect x > 2GiB and y matches /a+/", "/a+/", /string\.regexp/],
  ["  expect memoria.depth(admin) < 100", "memoria", /entity\.name\.namespace/],
  ["  expect count(x) == 1", "count", /support\.function/],
  ["check depth(queue: text): int {", "depth", /entity\.name\.function/],
  ['"""\nProse, step and run.\n"""', "Prose, step and run.", /string\.quoted\.triple/],
  ["```toml (a)\nstep = 1\n```\nstep \"s\" {", "step = 1", /string\.unquoted\.script/],
  ["```toml (a)\nstep = 1\n```\nstep \"s\" {", "step", /keyword\.control/],
];

for (const [text, words, wanted] of cases) {
  test(`${words} in ${JSON.stringify(text)}`, () => assert.match(scopes(text, words), wanted));
}

test("no runbook of the repository is coloured as one string to its end", () => {
  const files = [];
  const below = (folder) => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) below(path);
      else if (entry.name.endsWith(".runbook")) files.push(path);
    }
  };
  below(join(here, "../../../runbooks"));
  below(join(here, "../../../stdlib"));
  assert.ok(files.length > 10);
  for (const path of files) {
    const probe = '\nlog "the end"\n';
    const found = tokens(readFileSync(path, "utf8") + probe).slice(-8);
    const last = found.find(([written]) => written.trim() === "log");
    assert.ok(last && /keyword\.control/.test(last[1].join(" ")), `${path}: ${JSON.stringify(found)}`);
  }
});
