# F0117: EKS Pod Identity takes one statement for any number of clusters

role pull   = aws "arn:aws:iam::111122223333:role/flux/pull" { via = pod-identity }
role unused = aws "arn:aws:iam::111122223333:role/flux/pull"
source-controller -> pull

cluster a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r on eks {}
