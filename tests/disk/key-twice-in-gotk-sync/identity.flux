# F0370: `gotk-sync.yaml` was merged by hand and has a key twice

cluster prod-eu on eks {
  source-controller -> aws "arn:aws:iam::111122223333:role/flux-ecr"
}
