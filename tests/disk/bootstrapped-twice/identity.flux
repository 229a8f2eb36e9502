# F0323, F0323: the files of flux bootstrap, named again

cluster prod-eu on eks {
  resource "./gotk-components.yaml"
  resource "clusters/${cluster}/flux-system/gotk-sync.yaml"
  source-controller -> aws "arn:aws:iam::111122223333:role/flux"
}
