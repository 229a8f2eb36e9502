# F0316, F0410: the image has no tag that says whether it has the gate

cluster prod-eu on eks {
  component "component"
  service-account team-a/reader -> aws "arn:aws:iam::111122223333:role/flux-registry"
}
