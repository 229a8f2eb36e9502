# F0106: required on a platform that there is not

require source-controller on eksctl

cluster prod-eu on eks { source-controller -> aws "arn:aws:iam::111122223333:role/flux" }
