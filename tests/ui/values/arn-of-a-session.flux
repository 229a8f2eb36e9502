# F0203: what the command line shows of a session
cluster prod-eu on eks {
  source-controller -> aws "arn:aws:sts::111122223333:assumed-role/flux-registry/source-controller"
}
