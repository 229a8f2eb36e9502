# F0117: a profile that nothing uses

profile eks-standard { account = "111122223333" }

cluster prod-eu on eks { source-controller -> aws "arn:aws:iam::111122223333:role/flux" }
