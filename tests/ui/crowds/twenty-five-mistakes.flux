# F0104, F0202, F0115, F0112, F0003, F0013, F0011, F0001, F0206, F0207, F0204, F0111, F0102, F0101, F0203, F0108, F0215, F0116, F0110, F0106, F0005, F0012, F0105, F0301, F0004: twenty-five independent mistakes, each said once

regoin = "eu-west-1"
restart = by-foot

profile base {
  isolate decryption by team
  use base
}

profile mappings {
  rolle decryption = aws "arn:aws:iam::${account}:role/flux-decryption"
  let tεam = "platform"
  role signatures aws "arn:aws:iam::${account}:role/flux-kms"

cluster prod-eu on eks {
  account = "1111-2222-3333"
  region  = "eu-west-1b"
  tenant  = "acme.onmicrosoft.com"
  let platform = "eks"
  source-controller     -> registry
  kustomise-controller  -> aws "arn:aws:iam::111122223333:role/flux-kms"
  helm-controller       -> aws "arn:aws:iam::111122223333:user/flux"
  kustomize-controller  -> aws "arn:aws:iam::111122223333:role/flux" { audiance = "flux" }
  image-reflector-controller -> aws "arn:aws:iam::111122223333:role/flux" { token-expiration = "60" }
  image-automation-controller -> none, aws "arn:aws:iam::111122223333:role/flux"
}

cluster prod-us, prod-us on eks {
  namespace = "flux-system"
}

cluster on-premises on openshift {
  issuer = "https://issuer.example.com
  source-controller {
    role = "none"
  }
}

cluster data on gke {
  source-controller -> gcp "flux-gar@${project}.iam.gserviceaccount.com"
  helm-controller   -> gcp "arn:aws:iam::111122223333:role/flux"
}

}
