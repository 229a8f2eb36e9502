# F0102: no cluster has a role of this name

isolate pul by cluster

role pull = aws "arn:aws:iam::111122223333:role/flux/${cluster}"
source-controller -> pull

cluster a on eks {}
