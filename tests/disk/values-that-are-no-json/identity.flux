# F0416: a file of values that is not closed

values "values.json"

cluster prod-eu, prod-us on eks { source-controller -> aws "arn:aws:iam::${account}:role/flux" }
