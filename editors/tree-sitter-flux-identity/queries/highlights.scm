; No node has two captures, because editors differ in which of them they apply. Neovim and Helix know these names.

(comment) @comment
(text) @string
(literal) @string
(word) @constant.builtin

[
  "allow" "by" "cluster" "component" "include" "isolate" "let" "on" "patch" "profile" "require" "resource" "role"
  "service-account" "trust" "use" "values"
] @keyword

["=" "->"] @operator
(if_installed) @operator
["," "/"] @punctuation.delimiter
(block ["{" "}"] @punctuation.bracket)
(options ["{" "}"] @punctuation.bracket)
(interpolation ["${" "}"] @punctuation.special)

(cluster name: (name) @type)
(profile name: (name) @type)
(use_profiles profile: (name) @type)

[
  (cluster platform: (name) @constant)
  (require platform: (name) @constant)
  (on_block platform: (name) @constant)
]
(allow code: (name) @constant)

(role name: (name) @function)
(isolate role: (name) @function)
((mapping role: (name) @function) (#not-eq? @function "none"))
((mapping role: (name) @constant.builtin) (#eq? @constant.builtin "none"))

(_ controller: (name) @type.builtin)
(service_account (name) @type.builtin)
(identity provider: (name) @type.builtin)

(setting name: (name) @variable.parameter)
(option name: (name) @variable.parameter)

(let_variable name: (name) @variable)
(isolate variable: (name) @variable)
(interpolation variable: (name) @variable)
