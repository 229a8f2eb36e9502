# F0310, F0310: required mappings are missing, of one cluster one, of another two

require source-controller, kustomize-controller, helm-controller on eks

helm-controller -> none

cluster prod-eu on eks { source-controller -> aws "arn:aws:iam::111122223333:role/flux" }
cluster prod-us on eks {}
cluster dev on gke {}
