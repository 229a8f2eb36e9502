# F0203: the ARN of an instance profile
cluster prod-eu on eks {
  source-controller -> aws "arn:aws:iam::111122223333:instance-profile/flux"
}
