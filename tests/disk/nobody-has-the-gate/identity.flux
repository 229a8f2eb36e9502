# F0311: no controller is installed that has the feature gate

cluster prod-eu on eks { service-account payments/podinfo -> aws "arn:aws:iam::111122223333:role/podinfo" }
