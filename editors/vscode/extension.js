// Starts `bowline lsp` and connects the editor to it. Knows nothing of the language.
"use strict";

const vscode = require("vscode");
const { LanguageClient } = require("vscode-languageclient/node");

/** @type {LanguageClient | undefined} */
let client;

/** The command line that the settings ask for. */
function server() {
  const settings = vscode.workspace.getConfiguration("bowline");
  const config = settings.get("config", "");
  const args = config ? ["lsp", "--config", config] : ["lsp"];
  return { command: settings.get("path", "bowline"), args };
}

async function start() {
  const watched = vscode.workspace.createFileSystemWatcher("**/{*.runbook,bowline.toml}");
  const documents = ["file", "untitled"].map((scheme) => ({ scheme, language: "bowline" }));
  client = new LanguageClient("bowline", "bowline", server(), {
    documentSelector: documents,
    synchronize: { fileEvents: watched },
  });
  try {
    await client.start();
  } catch (error) {
    const message = `bowline does not start: ${error.message}. Is it installed? The setting bowline.path says where.`;
    void vscode.window.showErrorMessage(message);
  }
}

async function stop() {
  const running = client;
  client = undefined;
  if (running && running.isRunning()) {
    await running.stop();
  }
}

exports.activate = async (context) => {
  const restart = vscode.commands.registerCommand("bowline.restart", async () => {
    await stop();
    await start();
  });
  context.subscriptions.push(restart);
  await start();
};

exports.deactivate = stop;
