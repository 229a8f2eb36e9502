# F0310, F0341: what is said a second time is not reported a second time

require source-controller
require kustomize-controller, source-controller
isolate decryption by cluster
isolate decryption by cluster
role decryption = aws "arn:aws:iam::111122223333:role/flux-kms"

cluster prod-eu, prod-us on eks {
  kustomize-controller -> decryption
}
