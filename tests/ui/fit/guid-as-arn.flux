# F0301: the client id of a managed identity on EKS
cluster prod-eu on eks {
  source-controller -> aws "4a7272f9-f186-41af-9f84-6a92e32d7cd0"
}
