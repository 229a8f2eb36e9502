# F0368: the image of a controller is of a version of Flux that does not have the gate

cluster prod-eu on eks {
  component "component"
  service-account team-a/reader -> aws "arn:aws:iam::111122223333:role/flux-registry"
}
