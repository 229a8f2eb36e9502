# F0017, F0017, F0017: what is passed through as lists
cluster prod-eu on eks {
  resources = ["quota.yaml", "limits.yaml"]
  components = [
    "alerts",
    "policies", # of everyone
  ]
  patches:
    - memory.yaml
    - cpu.yaml
  source-controller -> aws "arn:aws:iam::111122223333:role/flux-registry"
}
