include "teams/*.flux"

cluster prod-eu, prod-us on eks {
  use eks-standard
  account = "111122223333"
}

cluster prod-westeurope on aks {
  use base
  tenant = "72f988bf-86f1-41af-91ab-2d7cd011db47"
  role registry   = azure "4a7272f9-f186-41af-9f84-6a92e32d7cd0"
  role decryption = azure "d6e4fc00-c5b2-4a72-9f84-6a92e3f06b08"
}

profile base {
  source-controller    -> registry
  kustomize-controller -> decryption
}

profile eks-standard {
  use base
  role registry   = aws "arn:aws:iam::${account}:role/flux-registry"
  role decryption = aws "arn:aws:iam::${account}:role/${cluster}-flux-kms"
}
