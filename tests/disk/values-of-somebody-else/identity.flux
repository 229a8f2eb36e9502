# F0415: a file of values outside of the directory of the source

values "../values.json"

cluster prod-eu, prod-us on eks { source-controller -> aws "arn:aws:iam::${account}:role/flux" }
