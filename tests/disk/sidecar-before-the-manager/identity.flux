# F0312: the argument would be the sidecar's

cluster prod-eu on eks { service-account payments/podinfo -> aws "arn:aws:iam::111122223333:role/podinfo" }
