require source-controller

isolate pull by cluster

role pull = aws "arn:aws:iam::111122223333:role/pull"
