# F0316, F0410: nothing is known of what is installed

cluster prod-eu, prod-us on eks { source-controller -> aws "arn:aws:iam::111122223333:role/flux" }
