# F0114: two profiles that map one controller to different identities

profile europe {
  source-controller -> aws "arn:aws:iam::111122223333:role/flux-europe"
}

profile payments {
  source-controller -> aws "arn:aws:iam::111122223333:role/flux-payments"
}

cluster prod-eu on eks {
  use europe, payments
}
