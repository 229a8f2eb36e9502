# F0323, F0323, F0323, F0323, F0323, F0323, F0323, F0323, F0323, F0323, F0323: what kustomize would refuse

cluster prod-eu on eks {
  resource "plain"
  resource "part"
  component "whole"
  component "whole/kustomization.yaml"
  resource "two"
  resource "broken"
  resource "clusters/prod-eu"
  resource "./"
  patch "plain"
  resource "whole/kustomization.yaml"
  resource "./broken.yaml"
  source-controller -> aws "arn:aws:iam::111122223333:role/flux"
}
