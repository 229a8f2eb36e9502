# F0108: an option of Azure on an IAM role
cluster prod-eu on eks {
  source-controller -> aws "arn:aws:iam::111122223333:role/flux" { tenant = "72f988bf-86f1-41af-91ab-2d7cd011db47" }
}
