-- What Neovim sees of the server, written to the file `said`.
local said = {}
local function say(what, text)
  said[#said + 1] = what .. ' ' .. text
end

local function wait(what, condition)
  assert(vim.wait(5000, condition, 5), 'waited in vain for ' .. what)
end

local function request(method, params)
  local client = vim.lsp.get_clients({ bufnr = 0 })[1]
  params.textDocument = vim.lsp.util.make_text_document_params(0)
  local response = client:request_sync(method, params, 5000, 0)
  assert(response and not response.err, vim.inspect(response))
  return response.result, client
end

local function run()
  vim.lsp.config('flux_identity', { cmd = { vim.env.FLUX_IDENTITY, 'lsp' } })
  vim.lsp.enable('flux_identity')
  vim.cmd.edit('identity.flux')
  say('filetype', vim.bo.filetype)
  wait('diagnostics', function() return #vim.diagnostic.get(0) > 0 end)
  say('diagnostic', vim.diagnostic.get(0)[1].code)

  local items = request('textDocument/completion', { position = { line = 1, character = 16 } })
  say('completion', items[2].label)

  vim.lsp.buf.code_action({ apply = true, context = { only = { 'source.fixAll' }, diagnostics = {} } })
  wait('the fix', function() return vim.fn.getline(2) == 'cluster prod on eks {' end)
  say('fixed', vim.fn.getline(2))
  vim.lsp.buf.format()
  say('formatted', vim.fn.getline(4) == '  source-controller -> pull' and vim.fn.getline(4) or vim.fn.getline(3))

  local hover = request('textDocument/hover', { position = { line = 0, character = 6 } })
  say('hover', vim.split(hover.contents.value, '\n')[1])
  local row = vim.fn.search('-> pull', 'n')
  local found
  -- Neovim gathers changes before it sends them.
  wait('the definition', function()
    found = request('textDocument/definition', { position = { line = row - 1, character = 24 } })
    return found[1] ~= nil
  end)
  say('definition', tostring(found[1].range.start.line + 1))

  vim.treesitter.get_parser(0):parse(true)
  local captures = vim.treesitter.get_captures_at_pos(0, 0, 5)
  say('highlight', captures[#captures] and captures[#captures].capture or 'none')

  vim.cmd.write()
  for _, file in ipairs({ 'teams/a.flux', 'teams/a/b.flux' }) do
    vim.cmd.edit(file)
    say(file, vim.bo.filetype)
  end
end

local ok, message = xpcall(run, debug.traceback)
if not ok then
  say('failed', message)
end
vim.fn.writefile(said, 'said')
vim.cmd(ok and 'qall!' or 'cquit!')
