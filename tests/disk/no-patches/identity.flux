# F0325, F0325, F0325, F0325, F0325, F0325, F0325, F0325, F0325: files that hold no patch

cluster prod-eu on eks {
  patch "empty.yaml" { kind = "Deployment" }
  patch "lines.yaml" { kind = "Deployment" }
  patch "lacks.yaml" { kind = "Deployment" }
  patch "text.yaml" { kind = "Deployment" }
  patch "operations.yaml" { kind = "Deployment" }
  patch "latin.yaml" { kind = "Deployment" }
  patch "deep.yaml" { kind = "Deployment" }
  patch "anchor.yaml" { kind = "Deployment" }
  patch "repeats.yaml" { kind = "ConfigMap" }
  source-controller -> aws "arn:aws:iam::111122223333:role/flux"
}
