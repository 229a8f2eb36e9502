role registry = aws "arn:aws:iam::111122223333:role/flux"

cluster dev on eks { source-controller -> registry }
