allow F0309 "not yet"

profile mine { notification-controller -> aws "arn:aws:iam::111122223333:role/flux" }

cluster included on eks { use mine }
