# F0326: a patch of a shard sets what the identity sets there

cluster prod-eu on gke {
  region = "eu-west-1"
  resource "./shard1"
  patch "shard.yaml"
  source-controller -> aws "arn:aws:iam::111122223333:role/flux"
}
