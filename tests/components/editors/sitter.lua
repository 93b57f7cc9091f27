-- Reads a runbook with the generated parser in Neovim, and asks every query of it. Prints as one line of JSON what each captures.
-- Environment: SITTER_PARSER (the compiled parser), SITTER_QUERIES (their folder), SITTER_RUNBOOK.
local parser, queries, runbook = os.getenv("SITTER_PARSER"), os.getenv("SITTER_QUERIES"), os.getenv("SITTER_RUNBOOK")
local ts = vim.treesitter
local add = ts.language and ts.language.add and function() ts.language.add("bowline", { path = parser }) end
  or function() ts.require_language("bowline", parser) end
add()
local file = assert(io.open(runbook))
local text = file:read("*a")
file:close()
local tree = ts.get_string_parser(text, "bowline"):parse()[1]
local said = { broken = tree:root():has_error() }
local parse = ts.query and ts.query.parse or ts.parse_query
for _, name in ipairs({ "highlights", "folds", "indents", "injections" }) do
  local source = assert(io.open(queries .. "/" .. name .. ".scm"))
  local query = parse("bowline", source:read("*a"))
  source:close()
  said[name] = {}
  for id, node in query:iter_captures(tree:root(), text, 0, -1) do
    local get = ts.get_node_text or ts.query.get_node_text
    local words = get(node, text)
    words = type(words) == "table" and table.concat(words, "\n") or words
    table.insert(said[name], query.captures[id] .. " " .. (words:match("%S[^\n]*") or ""))
  end
end
io.stdout:write(vim.json and vim.json.encode(said) or vim.fn.json_encode(said), "\n")
vim.cmd("qa!")
