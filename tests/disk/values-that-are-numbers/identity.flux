# F0417, F0417: a number without quotes, and a list

values "values.json"

cluster prod-eu, prod-us on eks { source-controller -> aws "arn:aws:iam::${account}:role/flux" }
