# F0416: all outputs of Terraform instead of one

values "values.json"

cluster prod-eu, prod-us on eks { source-controller -> aws "arn:aws:iam::${account}:role/flux" }
