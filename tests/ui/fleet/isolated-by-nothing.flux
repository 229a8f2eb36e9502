# F0342: two clusters belong to no team

isolate pull by team

role pull = aws "arn:aws:iam::111122223333:role/flux/pull"
source-controller -> pull

cluster a on eks { let team = "one" }
cluster b on eks { let taem = "two" }
cluster c on eks {}
