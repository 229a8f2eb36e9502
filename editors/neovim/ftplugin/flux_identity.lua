vim.bo.commentstring = '# %s'
vim.bo.shiftwidth = 2
vim.bo.expandtab = true
-- Names have these letters in them, for completion and for motions.
vim.opt_local.iskeyword:append('-')
-- Highlights also without the server, if the parser is installed.
pcall(vim.treesitter.start)
