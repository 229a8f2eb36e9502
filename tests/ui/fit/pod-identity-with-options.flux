# F0318, F0318: the agent of EKS Pod Identity reads no annotation

cluster prod-eu on eks {
  source-controller -> aws "arn:aws:iam::111122223333:role/flux" {
    via = pod-identity, audience = "sts.amazonaws.com.cn", token-expiration = "3600"
  }
}
