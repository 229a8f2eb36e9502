-- What Neovim reads in each file of a list, with the grammar and the queries for editors, written to the file `read.json`.
local function content(path)
  local file = assert(io.open(path, 'rb'))
  local text = file:read('*a')
  file:close()
  return text
end

local function captures(query, root, text)
  local found = {}
  for id, node in query:iter_captures(root, text) do
    local row, column, last_row, last_column = node:range()
    found[#found + 1] = { query.captures[id], vim.text.hexencode(node:id()), row, column, last_row, last_column }
  end
  return found
end

local function run()
  vim.treesitter.language.add('flux_identity', { path = vim.env.PARSER })
  local queries = {}
  for name in vim.fs.dir(vim.env.QUERIES) do
    -- Fails for a node that the grammar has not.
    queries[name] = vim.treesitter.query.parse('flux_identity', content(vim.fs.joinpath(vim.env.QUERIES, name)))
  end
  local leaves = '[(name) (word) (literal) (comment) (if_installed)] @leaf'
  queries.leaves = vim.treesitter.query.parse('flux_identity', leaves)
  local read = {}
  for path in io.lines('list') do
    local text = content(path)
    local root = vim.treesitter.get_string_parser(text, 'flux_identity'):parse()[1]:root()
    read[#read + 1] = { error = root:has_error(), tree = root:sexpr() }
    for name, query in pairs(queries) do
      read[#read][vim.fn.fnamemodify(name, ':r')] = captures(query, root, text)
    end
  end
  vim.fn.writefile({ vim.json.encode(read) }, 'read.json', 'b')
end

local ok, message = xpcall(run, debug.traceback)
if not ok then
  io.stderr:write(message)
end
vim.cmd(ok and 'qall!' or 'cquit!')
