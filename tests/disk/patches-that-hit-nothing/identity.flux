# F0340, F0340, F0340, F0339, F0339: patches that nothing is there for

cluster prod-eu on eks {
  source-controller -> aws "arn:aws:iam::111122223333:role/flux"
  patch "patches/arguments.yaml" { kind = "Deployment", name = "source-controler" }
  patch "patches/arguments.yaml" { kind = "Deployment", name = "source-.*" }
  patch "patches/arguments.yaml" { kind = "Deploymnet" }
  patch "patches/arguments.yaml" { kind = "Deployment", labelSelector = "app.kubernetes.io/part-of=fluxx" }
  patch "patches/arguments.yaml" { kind = "Namespace|GitRepository" }
  patch "patches/namespaces.yaml"
  patch "patches/sync.yaml"
}
