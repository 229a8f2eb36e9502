; The names of nvim-treesitter and those of Helix: each ignores what it does not know.

[(block) (options)] @indent.begin @indent
"}" @indent.branch @outdent
(block "}" @indent.end)
(options "}" @indent.end)
