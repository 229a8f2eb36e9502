# F0105, F0105: a cluster without an entry in the values

values "values.json"

cluster prod-eu, prod-us on eks { source-controller -> aws "arn:aws:iam::${account}:role/${team}" }
