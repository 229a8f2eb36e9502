# F0009, F0009, F0009, F0102: mappings from the role to the controller
role registry = aws "arn:aws:iam::111122223333:role/flux-registry"

cluster a on eks {
  registry -> source-controller, image-reflector-controller
}

cluster b on eks {
  aws "arn:aws:iam::111122223333:role/flux-registry" -> source-controller
}

cluster c on eks {
  registry <- source-controller
}

cluster d on eks {
  source-controller -> kustomize-controller
}
