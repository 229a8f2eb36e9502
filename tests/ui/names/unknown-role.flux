# F0102: a role that nothing defines
cluster prod-eu on eks {
  source-controller -> registry
}
