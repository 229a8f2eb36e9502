# F0105: one of two clusters misspells the variable that a profile needs.
profile base {
  source-controller -> aws "arn:aws:iam::${owner}:role/flux"
}

cluster a on eks {
  use base
  let owner = "111122223333"
}

cluster b on eks {
  use base
  let onwer = "111122223333"
}
