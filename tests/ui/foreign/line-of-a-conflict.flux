# F0018: one line that a merge left
cluster prod-eu on eks {
  source-controller -> aws "arn:aws:iam::111122223333:role/flux-registry"
>>>>>>> images
}
