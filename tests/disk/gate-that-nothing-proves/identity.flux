# F0316, F0410: nothing proves that the feature gate is opened

flux = "2.9"

cluster prod-eu on eks { service-account payments/podinfo -> aws "arn:aws:iam::111122223333:role/podinfo" }
