# Who needs what, everywhere.
include "teams/*.flux"  # theirs
require source-controller, kustomize-controller on eks  # at least
isolate registry by team  # always
region = "eu-west-1" # of all

profile base {  # what all have
  source-controller, image-reflector-controller -> registry
  kustomize-controller -> decryption,  # and
    # another
    azure "4a7272f9-f186-41af-9f84-6a92e32d7cd0" { tenant = webhook }  # of theirs
}

profile eks-standard {
  use base
  let team = "platform-${cluster}"
  role registry   = aws "arn:aws:iam::${account}:role/flux-registry" {
    audience = "sts.amazonaws.com",  # as always
    token-expiration = "3600"
  }
  role decryption = aws "arn:aws:iam::${account}:role/${cluster}-flux-kms" { via = pod-identity }
  patch "memory.yaml" { kind = "Deployment", name = "kustomize-controller" }
  resource "extra"
  component "../sops"
  allow F0501 "on purpose"
}

cluster prod-eu,
  prod-us on eks {
  use eks-standard
  account = "111122223333"
  restart = by-hand
  helm-controller -> none
  service-account payments/podinfo -> aws "arn:aws:iam::111122223333:role/podinfo"
}

cluster dev on gke { source-controller -> gcp direct }
