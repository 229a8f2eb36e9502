# F0347: no quota is high enough for twenty-four

source-controller -> aws "arn:aws:iam::111122223333:role/flux/pull"

cluster a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, v, w, x on eks {
  region = "ap-southeast-1"
}
