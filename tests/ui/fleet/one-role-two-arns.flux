# F0349: a path that was forgotten, and a letter that is large

profile registry {
  role registry = aws "arn:aws:iam::111122223333:role/flux/registry"
  source-controller -> registry
}

cluster a, b on eks { use registry }

cluster c on eks {
  source-controller -> aws "arn:aws:iam::111122223333:role/Registry"
}
