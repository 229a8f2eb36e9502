# F0316, F0316, F0410: manifests that are blank, and none

cluster prod-eu, prod-us on eks { source-controller -> aws "arn:aws:iam::111122223333:role/flux" }
