# F0017, F0105: variables of Terraform
cluster prod-eu on eks {
  account = var.account
  source-controller -> aws "arn:aws:iam::${account}:role/flux-registry"
}

cluster prod-us on eks {
  source-controller -> aws "arn:aws:iam::${local.account}:role/flux-registry"
}
