# F0104, F0104, F0104: annotations and labels of one's own
cluster prod-eu on eks {
  annotations = ["team"]
  labels = { team = "platform" }
  source-controller -> aws "arn:aws:iam::111122223333:role/flux-registry"
}

cluster prod-us on eks {
  annotations = {
    "eks.amazonaws.com/role-arn" = "arn:aws:iam::111122223333:role/flux-registry"
  }
  source-controller -> aws "arn:aws:iam::111122223333:role/flux-registry"
}
