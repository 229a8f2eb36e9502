# F0001: a use that names no profile; roles are not looked for then
cluster prod-eu on eks {
  use
  source-controller -> registry
}
