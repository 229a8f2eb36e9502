-- What Neovim reads in each file of a list, with the grammar and the queries for editors, written to the file `read.json`.
local function content(path)
  local file = assert(io.open(path, 'rb'))
  local text = file:read('*a')
  file:close()
  return text
end

-- The captures of a query: the name, the node and the one around it, and the place.
local function captures(query, root, text)
  local found = {}
  for id, node in query:iter_captures(root, text) do
    local parent = node:parent() or node
    local ids = { vim.text.hexencode(node:id()), vim.text.hexencode(parent:id()) }
    if query.captures[id] ~= 'leaf' or node:child_count() == 0 then
      found[#found + 1] = { query.captures[id], ids[1], ids[2], node:range() }
    end
  end
  return found
end

local function run()
  vim.treesitter.language.add('flux_identity', { path = vim.env.PARSER })
  local queries = {}
  local directory = vim.env.QUERIES
  if directory then
    queries.leaves = vim.treesitter.query.parse('flux_identity', '_ @leaf')
    for name in vim.fs.dir(directory) do
      -- Fails for a node that the grammar has not.
      local query = vim.treesitter.query.parse('flux_identity', content(vim.fs.joinpath(directory, name)))
      queries[vim.fn.fnamemodify(name, ':r')] = query
    end
  end
  local read = {}
  for path in io.lines('list') do
    local text = content(path)
    local root = vim.treesitter.get_string_parser(text, 'flux_identity'):parse()[1]:root()
    read[#read + 1] = { error = root:has_error(), tree = root:sexpr() }
    for name, query in pairs(queries) do
      read[#read][name] = captures(query, root, text)
    end
  end
  vim.fn.writefile({ vim.json.encode(read) }, 'read.json', 'b')
end

local ok, message = xpcall(run, debug.traceback)
if not ok then
  io.stderr:write(message)
end
vim.cmd(ok and 'qall!' or 'cquit!')
