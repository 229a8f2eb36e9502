# F0117: nothing is shared across teams; what no mapping names means nothing

isolate decryption by team

role decryption = aws "arn:aws:iam::111122223333:role/flux-kms-${team}"
role pull       = aws "arn:aws:iam::111122223333:role/flux-pull"
role unmapped   = aws "arn:aws:iam::111122223333:role/flux-pull"

kustomize-controller -> decryption
source-controller    -> pull

cluster a, b on eks { let team = "one" }
cluster c on eks { let team = "two" }
