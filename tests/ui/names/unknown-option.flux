# F0108: an option of an IAM role with a misspelt name
cluster prod-eu on eks {
  source-controller -> aws "arn:aws:iam::111122223333:role/flux" { audiance = "sts.amazonaws.com" }
}
