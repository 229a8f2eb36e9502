# Which cloud identity every Flux controller has, in one cluster.
# `flux-identity build` writes clusters/my-cluster/flux-system/kustomization.yaml from it.

cluster my-cluster on eks {
  # Pulls charts, artifacts and image tags from Amazon ECR.
  source-controller, image-reflector-controller -> aws "arn:aws:iam::111122223333:role/flux-ecr"

  # Decrypts secrets with AWS KMS.
  kustomize-controller -> aws "arn:aws:iam::111122223333:role/flux-kms"
}
