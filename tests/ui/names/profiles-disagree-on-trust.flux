# F0114: two profiles whose `trust` statements for one controller disagree

profile europe {
  trust source-controller -> aws "arn:aws:iam::111122223333:role/flux-europe"
}

profile payments {
  trust source-controller -> aws "arn:aws:iam::111122223333:role/flux-payments"
}

cluster prod-eu on eks {
  use europe, payments
}
