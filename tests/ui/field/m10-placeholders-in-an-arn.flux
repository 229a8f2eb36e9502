# F0203, F0203: placeholders that nobody filled in, the same in two clusters

cluster stage on eks { kustomize-controller -> aws "arn:aws:iam::PLACEHOLDER:role/PLACEHOLDER" }
cluster prod on eks { kustomize-controller -> aws "arn:aws:iam::PLACEHOLDER:role/PLACEHOLDER" }
