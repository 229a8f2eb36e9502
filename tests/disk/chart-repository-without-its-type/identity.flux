# F0432: a repository of charts in a registry, without `type: oci`

cluster prod-eu on eks {
  source-controller -> aws "arn:aws:iam::111122223333:role/flux-ecr"
  resource "apps"
}
