# F0017: a role with a block, in the file and with its name in quotes
role "registry" {
  arn = "arn:aws:iam::111122223333:role/flux-registry"
}

cluster prod-eu on eks {
  source-controller -> registry
}
