# F0314, F0315: another version than the source says, and one that came later

flux = "2.9"

cluster prod-eu on eks { source-controller -> aws "arn:aws:iam::111122223333:role/flux" }
