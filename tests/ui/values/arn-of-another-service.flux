# F0203: the ARN of a bucket
cluster prod-eu on eks {
  source-controller -> aws "arn:aws:s3:::flux-artifacts"
}
