# F0101, F0116, F0203: `trust` statements are checked like mappings
cluster prod-eu on eks {
  trust sorce-controller     -> aws "arn:aws:iam::111122223333:role/flux-registry"
  trust helm-controller      -> none, aws "arn:aws:iam::111122223333:role/flux-registry"
  trust kustomize-controller -> aws "arn:aws:iam::111122223333:user/flux"
}
