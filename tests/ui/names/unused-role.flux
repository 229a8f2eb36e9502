# F0117: a role that no mapping names

role registry   = aws "arn:aws:iam::111122223333:role/flux-registry"
role decryption = aws "arn:aws:iam::111122223333:role/flux-kms"

cluster prod-eu on eks { source-controller -> registry }
