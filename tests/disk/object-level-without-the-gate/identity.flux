# F0427: a Kustomization names a ServiceAccount for decryption, and no ServiceAccount is mapped

cluster prod-eu on eks {
  kustomize-controller -> aws "arn:aws:iam::111122223333:role/decryption"
}
