# F0114: two `on` blocks of a file disagree
on eks, gke { account = "111122223333" }
on eks { account = "444455556666" }

cluster prod-eu on eks { source-controller -> aws "arn:aws:iam::${account}:role/flux" }
