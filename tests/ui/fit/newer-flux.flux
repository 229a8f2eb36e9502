# F0315: a version of Flux that came later

flux = "2.99"

cluster prod-eu on eks { source-controller -> aws "arn:aws:iam::111122223333:role/flux" }
