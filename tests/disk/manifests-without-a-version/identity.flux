# F0334: neither the source nor the manifests say which version of Flux it is

cluster prod-eu on eks { service-account payments/podinfo -> aws "arn:aws:iam::111122223333:role/podinfo" }
