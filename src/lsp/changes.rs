//! What the editor tells: texts opened, changed, saved and closed; files and folders changed.

use lsp_types::{
    DidChangeTextDocumentParams, DidChangeWorkspaceFoldersParams, DidCloseTextDocumentParams,
    DidOpenTextDocumentParams, InitializeParams,
};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::capabilities;
use super::documents::{Document, path_of};
use super::failure::Failure;
use super::server::Server;

impl Server<'_> {
    /// Takes in where the editor works; what cannot be read of it is left out.
    pub(super) fn initialize(&mut self, params: &Value) -> Value {
        if let Ok(params) = serde_json::from_value::<InitializeParams>(params.clone()) {
            self.folders = folders(params);
        }
        capabilities::answer()
    }

    /// Does what a notification tells; what is not known is passed over.
    pub(super) fn told(&mut self, method: &str, params: Value) -> Result<(), Failure> {
        match method {
            "textDocument/didOpen" => self.opened(read(params)?),
            "textDocument/didChange" => self.edited(read(params)?),
            "textDocument/didClose" => self.close(&read(params)?),
            "textDocument/didSave"
            | "workspace/didChangeWatchedFiles"
            | "workspace/didChangeConfiguration" => self.all_changed(),
            "workspace/didChangeWorkspaceFolders" => self.moved(&read(params)?),
            _ => {}
        }
        Ok(())
    }

    fn opened(&mut self, params: DidOpenTextDocumentParams) {
        let item = params.text_document;
        let document = Document::new(item.uri, item.version, item.text);
        let path = document.path.clone();
        self.documents.put(document);
        self.changed(&path);
    }

    fn edited(&mut self, params: DidChangeTextDocumentParams) {
        let path = path_of(&params.text_document.uri);
        let Some(document) = self.documents.get_mut(&path) else { return };
        document.version = params.text_document.version;
        params.content_changes.into_iter().for_each(|change| document.change(change));
        self.changed(&path);
    }

    fn close(&mut self, params: &DidCloseTextDocumentParams) {
        let path = path_of(&params.text_document.uri);
        let Some(document) = self.documents.remove(&path) else { return };
        self.closed(&path);
        let none = lsp_types::PublishDiagnosticsParams {
            uri: document.uri.clone(),
            diagnostics: vec![],
            version: None,
        };
        self.notify("textDocument/publishDiagnostics", &none);
    }

    fn moved(&mut self, params: &DidChangeWorkspaceFoldersParams) {
        let gone: Vec<String> = params.event.removed.iter().map(|folder| path_of(&folder.uri)).collect();
        self.folders.retain(|folder| !gone.contains(folder));
        self.folders.extend(params.event.added.iter().map(|folder| path_of(&folder.uri)));
    }
}

#[expect(deprecated, reason = "older editors name one folder only")]
fn folders(params: InitializeParams) -> Vec<String> {
    let several = params.workspace_folders.unwrap_or_default();
    if several.is_empty() {
        return params.root_uri.iter().map(path_of).collect();
    }
    several.iter().map(|folder| path_of(&folder.uri)).collect()
}

/// Parameters as the protocol has them.
pub(super) fn read<P: DeserializeOwned>(params: Value) -> Result<P, Failure> {
    serde_json::from_value(params).map_err(Failure::params)
}
