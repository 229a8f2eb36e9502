# F0106: an `on` block for a platform that there is not
on aws { role registry = aws "arn:aws:iam::111122223333:role/flux" }

cluster prod-eu on eks { source-controller -> registry }
