# F0105: the value itself is wrong, which is enough

isolate pull by team

role pull = aws "arn:aws:iam::111122223333:role/flux/pull"
source-controller -> pull

cluster a on eks { let team = "${company}" }
