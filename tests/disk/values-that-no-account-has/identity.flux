# F0206: a value that its setting cannot have

values "values.yaml"

cluster prod-eu, prod-us on eks { source-controller -> aws "arn:aws:iam::${account}:role/flux" }
