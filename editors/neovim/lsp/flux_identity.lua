-- `vim.lsp.enable('flux_identity')` starts the server for files of this type (Neovim 0.11).
return {
  cmd = { 'flux-identity', 'lsp' },
  filetypes = { 'flux_identity' },
  root_markers = { '.git' },
}
