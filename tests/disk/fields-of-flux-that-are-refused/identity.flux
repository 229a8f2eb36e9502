# F0380, F0380, F0380, F0380: an interval without a unit, a cloud as the provider of decryption, a misspelt field and a variable with a dash

cluster prod-eu on eks {
  source-controller -> aws "arn:aws:iam::111122223333:role/flux-ecr"
}
