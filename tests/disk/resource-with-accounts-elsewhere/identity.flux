# F0313: a resource adds an account that the patch would hit too

cluster prod-eu on eks {
  resource "infra/second"
  source-controller -> aws "arn:aws:iam::111122223333:role/flux"
}
