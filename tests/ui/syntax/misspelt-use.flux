# F0013: a misspelt use; roles are not looked for then
cluster prod-eu on eks {
  uses base
  source-controller -> registry
}
