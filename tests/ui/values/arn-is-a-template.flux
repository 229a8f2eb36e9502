# F0203: a template of another tool
cluster prod-eu on eks {
  source-controller -> aws "arn:aws:iam::{{ account }}:role/flux"
}
