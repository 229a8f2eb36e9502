# F0006: text in the quotes of a shell

cluster prod-eu on eks { source-controller -> aws `arn:aws:iam::111122223333:role/flux` }
