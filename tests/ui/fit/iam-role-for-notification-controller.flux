# F0309: no version uses it

cluster prod-eu on eks { notification-controller -> aws "arn:aws:iam::111122223333:role/flux" }
