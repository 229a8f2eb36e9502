# F0001: a variable where a controller is named

cluster sbox on eks { ${NAMESPACE} -> aws "arn:aws:iam::111122223333:role/flux" }
