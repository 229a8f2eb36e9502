# F0309: a later version uses it

flux = "2.6"

cluster prod-eu, prod-us on eks { helm-controller -> aws "arn:aws:iam::111122223333:role/flux" }
