# F0326: the documented recipe for the feature gate, beside what the overlay says of it

cluster prod-eu on eks {
  flux = "2.9"
  patch "patches/gate.yaml" { kind = "Deployment", name = "(kustomize-controller|helm-controller)" }
  service-account team-a/deployer -> aws "arn:aws:iam::111122223333:role/team-a"
}
