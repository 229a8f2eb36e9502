# F0105: text of a profile that wants a setting that one of its clusters does not have

profile eks-standard {
  source-controller -> aws "arn:aws:iam::${account}:role/flux"
}

cluster prod-eu on eks {
  use eks-standard
  account = "111122223333"
}

cluster prod-us on eks {
  use eks-standard
}
