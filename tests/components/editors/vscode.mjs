// Opens a runbook in VS Code itself: its server and extension host (from the npm package code-server), its window in a headless
// Chromium. Prints as one line of JSON what is shown. Arguments: the folder of the package, that of the extensions, a folder to
// write in, and the runbook to open. Starts two programs in groups of their own, and ends both.
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { readFileSync, readdirSync, readlinkSync } from "node:fs";
import { dirname, join } from "node:path";

const [vscode, extensions, scratch, runbook] = process.argv.slice(2);
const require = createRequire(join(vscode, "package.json"));
const { WebSocket } = require("ws");
const PATIENCE = Number(process.env.PATIENCE ?? 150) * 1000;
const began = Date.now();
const started = [];
process.env.BOWLINE_SEEN_BY = scratch;

/** Starts a program; resolves with what it says behind a sign. */
function start(program, args, sign) {
  const child = spawn(program, args, { detached: true, stdio: ["ignore", "pipe", "pipe"] });
  started.push(child);
  return new Promise((resolve, reject) => {
    let said = "";
    const hear = (chunk) => {
      said += chunk;
      const found = said.match(sign);
      if (found) resolve(found[1]);
    };
    child.stdout.on("data", hear);
    child.stderr.on("data", hear);
    child.on("error", reject);
    child.on("exit", (code) => reject(new Error(`${program} ended with ${code}: ${said}`)));
  });
}

/** Speaks to a page of the browser. */
async function connect(address) {
  const socket = new WebSocket(address, { perMessageDeflate: false });
  await new Promise((resolve, reject) => socket.once("open", resolve).once("error", reject));
  const waiting = new Map();
  let next = 0;
  socket.on("message", (data) => {
    const { id, result, error } = JSON.parse(data);
    waiting.get(id)?.(error ? Promise.reject(new Error(error.message)) : result);
  });
  return (method, params = {}, sessionId = undefined) =>
    new Promise((resolve) => {
      waiting.set(++next, resolve);
      socket.send(JSON.stringify({ id: next, method, params, sessionId }));
    });
}

/** Looks until something is there. */
async function until(what, look) {
  for (;;) {
    const found = await look();
    if (found) return found;
    if (Date.now() - began > PATIENCE) throw new Error(`waited too long for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

/** All that the extension host wrote down. */
function log(folder) {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true });
  const logs = files.filter((file) => file.name === "remoteexthost.log");
  return logs.map((file) => readFileSync(join(file.parentPath ?? file.path, file.name), "utf8")).join("\n");
}

/** The servers of the extension that run, by their process ids: what they inherit tells them from others. */
function servers() {
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return pids.filter((pid) => {
    try {
      const words = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
      const ours = readFileSync(`/proc/${pid}/environ`, "utf8").split("\0").includes(`BOWLINE_SEEN_BY=${scratch}`);
      return ours && words[1] === "lsp" && readlinkSync(`/proc/${pid}/exe`).endsWith("/bowline");
    } catch {
      return false; // It has ended meanwhile.
    }
  });
}

async function main() {
  const main = join(vscode, "lib/vscode/out/server-main.js");
  const data = join(scratch, "data");
  const url = await start(
    process.execPath,
    [main, "--host", "127.0.0.1", "--port", "0", "--without-connection-token", "--accept-server-license-terms",
      "--telemetry-level", "off", "--disable-workspace-trust", "--server-data-dir", data, "--extensions-dir", extensions],
    /Web UI available at (\S+)/,
  );
  const devtools = await start(
    process.env.CHROMIUM ?? "chromium",
    ["--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--remote-debugging-port=0",
      `--user-data-dir=${join(scratch, "chromium")}`, "about:blank"],
    /DevTools listening on (\S+)/,
  );
  const ask = await connect(devtools);
  const authority = new URL(url).host;
  const payload = JSON.stringify([["openFile", `vscode-remote://${authority}${runbook}`]]);
  const query = `folder=${encodeURIComponent(dirname(runbook))}&payload=${encodeURIComponent(payload)}`;
  const { targetId } = await ask("Target.createTarget", { url: `${url}/?${query}` });
  const { sessionId } = await ask("Target.attachToTarget", { targetId, flatten: true });
  const see = async (expression) => {
    const { result } = await ask("Runtime.evaluate", { expression, returnByValue: true }, sessionId);
    return result?.value;
  };
  const press = async (key, code, windowsVirtualKeyCode, modifiers = 0) => {
    const pressed = { key, code, windowsVirtualKeyCode, modifiers };
    await ask("Input.dispatchKeyEvent", { type: "rawKeyDown", ...pressed }, sessionId);
    await ask("Input.dispatchKeyEvent", { type: "keyUp", ...pressed }, sessionId);
  };
  const mode = String.raw`document.querySelector("#status\\.editor\\.mode")?.innerText`;
  const language = await until("the language", async () => {
    const shown = await see(mode);
    return shown && shown !== "Plain Text" && shown;
  });
  await press("M", "KeyM", 77, 2 | 8);
  const rows = `[...document.querySelectorAll(".markers-panel .monaco-list-row")].map((row) => row.innerText)`;
  const problem = await until("a problem", () => see(`${rows}.find((text) => text.includes("E0201"))`));
  const underlined = await until("its mark in the text", () => see(`document.querySelectorAll(".squiggly-error").length`));
  const activated = await until("the extension", async () => /_doActivateExtension bowline\.bowline/.test(log(data)));

  const [first] = servers();
  await press("F1", "F1", 112);
  await until("the commands", () => see(`!!document.querySelector(".quick-input-widget input")`));
  await ask("Input.insertText", { text: "Start the Server Anew" }, sessionId);
  await until("the command", () =>
    see(`document.querySelector(".quick-input-list .monaco-list-row")?.innerText.includes("Start the Server Anew")`));
  await press("Enter", "Enter", 13);
  const second = await until("another server", async () => servers().find((pid) => pid !== first));
  const stopped = await until("the end of the first", async () => !servers().includes(first));
  const again = await until("the problem anew", () => see(`${rows}.some((text) => text.includes("E0201"))`));
  end();
  const left = await until("the end of all", async () => servers().length === 0);
  const anew = Boolean(first && second);
  console.log(JSON.stringify({ language, problem, underlined, activated, anew, stopped, again, left }));
}

main().then(
  () => process.exit(0),
  (error) => {
    console.error(error);
    end();
    process.exit(1);
  },
);

function end() {
  for (const child of started) {
    child.removeAllListeners("exit");
    try {
      process.kill(-child.pid, "SIGKILL");
    } catch {
      // It has ended.
    }
  }
}
