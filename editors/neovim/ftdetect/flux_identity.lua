-- The patterns of `include` in a source, none if it is not there.
local function include_patterns(source)
  local file = io.open(source)
  local text = file and file:read('*a') or ''
  if file then
    file:close()
  end
  return ('\n' .. text):gmatch('\n[ \t]*include[ \t]+"([^"\n]*)"')
end

-- True if an `identity.flux` above the file includes it.
local function is_included(path)
  for directory in vim.fs.parents(path) do
    for pattern in include_patterns(vim.fs.joinpath(directory, 'identity.flux')) do
      local valid, glob = pcall(vim.glob.to_lpeg, pattern)
      if valid and glob:match(vim.fs.relpath(directory, path)) then
        return true
      end
    end
  end
end

-- By its whole name, or by an include: other languages have files `*.flux` too.
vim.filetype.add({
  filename = { ['identity.flux'] = 'flux_identity' },
  pattern = {
    ['.*%.flux'] = function(path)
      return is_included(path) and 'flux_identity' or nil
    end,
  },
})
