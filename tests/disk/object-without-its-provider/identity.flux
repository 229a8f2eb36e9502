# F0392, F0392: objects that read private registries without an identity, beside others that need none or have one
cluster prod-eu on eks {
  source-controller, image-reflector-controller -> aws "arn:aws:iam::111122223333:role/flux-registry"
}

# A version with the argument that selects the identity for all objects, and without CodeCommit.
cluster prod-us on eks {
  flux = "2.6"
  source-controller, image-reflector-controller -> aws "arn:aws:iam::111122223333:role/flux-registry"
}
