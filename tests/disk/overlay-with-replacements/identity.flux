# F0316, F0410: a component with replacements, which may change any object

cluster prod-eu on eks {
  component "infra/region"
  source-controller -> aws "arn:aws:iam::111122223333:role/flux"
}
