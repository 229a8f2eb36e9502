# F0426: the Namespace, a Service and a definition were deleted from the manifests

cluster prod-eu on eks {
  source-controller -> aws "arn:aws:iam::111122223333:role/flux"
}
