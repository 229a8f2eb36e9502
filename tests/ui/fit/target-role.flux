# F0390, F0390, F0390, F0390, F0390, F0390: only EKS Pod Identity assumes a target role, and not every role

cluster irsa on eks {
  source-controller -> aws "arn:aws:iam::111122223333:role/flux" { target-role = "arn:aws:iam::444455556666:role/flux" }
}

cluster federated on gke {
  region = "eu-west-1"
  source-controller -> aws "arn:aws:iam::111122223333:role/flux" { external-id = "prod" }
}

cluster itself on eks {
  source-controller -> aws "arn:aws:iam::111122223333:role/flux" {
    via = pod-identity, target-role = "arn:aws:iam::111122223333:role/path/Flux"
  }
}

cluster china on eks {
  source-controller -> aws "arn:aws:iam::111122223333:role/flux" {
    via = pod-identity, target-role = "arn:aws-cn:iam::444455556666:role/flux"
  }
}

cluster none on eks {
  source-controller -> aws "arn:aws:iam::111122223333:role/flux" { via = pod-identity, external-id = "prod" }
}

cluster objects on eks {
  flux = "2.9"
  service-account apps/podinfo -> aws "arn:aws:iam::111122223333:role/flux" {
    target-role = "arn:aws:iam::444455556666:role/flux"
  }
}
