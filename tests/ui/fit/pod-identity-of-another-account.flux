# F0318: a role of another account

profile base {
  source-controller -> aws "arn:aws:iam::444455556666:role/flux" { via = pod-identity }
}

cluster prod-eu on eks {
  use base
  account = "111122223333"
}

cluster shared-eu on eks {
  use base
  account = "444455556666"
}
