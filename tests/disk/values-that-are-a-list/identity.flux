# F0416: a file of values that is a list

values "values.yaml"

cluster prod-eu, prod-us on eks { source-controller -> aws "arn:aws:iam::${account}:role/flux" }
