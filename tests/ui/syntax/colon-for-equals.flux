# F0001: a setting written as YAML would have it
cluster prod-eu on eks {
  account: "111122223333"
}
