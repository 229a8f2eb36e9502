# F0203: an ARN that is wrong in one of two clusters only

profile eks-standard {
  source-controller -> aws "arn:aws:iam::111122223333:role/flux-${team}"
}

cluster prod-eu on eks {
  use eks-standard
  let team = "payments"
}

cluster prod-us on eks {
  use eks-standard
  let team = "data & ml"
}
