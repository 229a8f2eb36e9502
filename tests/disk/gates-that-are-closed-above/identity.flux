# F0352: a kustomization above the overlay closes the feature gates of two controllers

cluster prod-eu on eks {
  service-account payments/podinfo -> aws "arn:aws:iam::111122223333:role/podinfo"
}
