# F0103: a profile that uses one that does not exist

profile eks-standard {
  use common
}

cluster prod-eu on eks {
  use eks-standard
  source-controller -> registry
}
