# F0114: two profiles say different things of one ServiceAccount
profile one { service-account payments/podinfo -> aws "arn:aws:iam::111122223333:role/one" }
profile two { service-account payments/podinfo -> aws "arn:aws:iam::111122223333:role/two" }

cluster prod-eu on eks {
  flux = "2.9"
  use one, two
}
