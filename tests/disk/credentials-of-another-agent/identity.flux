# F0384: requests for the agent of EKS Pod Identity go to another address

cluster prod-eu on eks {
  patch "variables.yaml" { kind = "Deployment", name = "source-controller" }
  source-controller -> aws "arn:aws:iam::111122223333:role/flux-registry" { via = pod-identity }
}
