# F0314, F0382: in the manifests one tag was not raised, and one is the version of Flux

cluster prod-eu on eks {
  source-controller -> aws "arn:aws:iam::111122223333:role/flux"
}
