-- By its whole name: other languages have files `*.flux` too.
vim.filetype.add({ filename = { ['identity.flux'] = 'flux_identity' } })
