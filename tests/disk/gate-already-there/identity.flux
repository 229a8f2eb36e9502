# F0336, F0336: the feature gate is among the arguments of two controllers

cluster prod-eu on eks { service-account payments/podinfo -> aws "arn:aws:iam::111122223333:role/podinfo" }
