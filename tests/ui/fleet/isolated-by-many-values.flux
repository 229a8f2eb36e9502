# F0341: every cluster has a value of its own

isolate pull by cluster

role pull = aws "arn:aws:iam::111122223333:role/flux/pull"
source-controller -> pull

cluster a, b, c, d on eks {}
