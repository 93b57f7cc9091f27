-- Neovim's own client against `bowline lsp`: what it shows, and what it makes of the text, as JSON on standard output.
local patience = 60000
local said = {}

local function wait(what, holds)
  if not vim.wait(patience, holds, 20) then
    io.stderr:write("never came: " .. what .. "\n")
    vim.cmd("cquit 1")
  end
end

local client = vim.lsp.start_client({
  name = "bowline",
  cmd = { vim.env.BOWLINE, "lsp" },
  root_dir = vim.fn.getcwd(),
})
vim.cmd("edit a.runbook")
local buffer = vim.api.nvim_get_current_buf()
vim.lsp.buf_attach_client(buffer, client)

local function codes()
  local found = {}
  for _, one in ipairs(vim.diagnostic.get(buffer)) do
    local code = one.code or one.user_data.lsp.code
    table.insert(found, code .. "@" .. one.lnum .. ":" .. one.col)
  end
  return found
end

local function ask(method, line, column, more)
  local params = vim.tbl_extend("force", {
    textDocument = { uri = vim.uri_from_bufnr(buffer) },
    position = { line = line, character = column },
  }, more or {})
  local answers = vim.lsp.buf_request_sync(buffer, method, params, patience)
  return (answers and answers[client] or {}).result
end

wait("the first reports", function() return #codes() > 0 end)
said.wrong = codes()
-- A change behind a wide character, as somebody types it; Neovim itself counts bytes.
vim.api.nvim_buf_set_text(buffer, 2, 13, 2, 16, { "server" })
wait("the reports are gone", function() return #codes() == 0 end)
said.hover = ask("textDocument/hover", 2, 13).contents.value
said.definition = ask("textDocument/definition", 2, 13)[1].range.start.line
said.completion = #ask("textDocument/completion", 5, 0)
local renamed = ask("textDocument/rename", 1, 7, { newName = "host" })
vim.lsp.util.apply_workspace_edit(renamed, "utf-16")
local edits = ask("textDocument/formatting", 0, 0, { options = { tabSize = 2, insertSpaces = true } })
vim.lsp.util.apply_text_edits(edits, buffer, "utf-16")
said.text = table.concat(vim.api.nvim_buf_get_lines(buffer, 0, -1, false), "\n")
wait("no reports of what was renamed", function() return #codes() == 0 end)
io.stdout:write(vim.fn.json_encode(said) .. "\n")
vim.lsp.stop_client(client)
wait("the server ends", function() return vim.lsp.client_is_stopped(client) end)
vim.cmd("qall!")
