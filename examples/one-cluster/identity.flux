# Which cloud identity every Flux controller has, in one cluster.
# `flux-identity build` writes clusters/my-cluster/flux-system/kustomization.yaml from it.

cluster my-cluster on eks {
  # Whose tokens AWS is to trust. `flux-identity trust` writes what the roles must say of it.
  issuer = "https://oidc.eks.eu-central-1.amazonaws.com/id/0A1B2C3D4E5F60718293A4B5C6D7E8F9"

  # Pulls charts, artifacts and image tags from Amazon ECR.
  source-controller, image-reflector-controller -> aws "arn:aws:iam::111122223333:role/flux-ecr"

  # Decrypts secrets with AWS KMS.
  kustomize-controller -> aws "arn:aws:iam::111122223333:role/flux-kms"
}
