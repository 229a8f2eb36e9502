# F0389: trust that is written must be accepted

trust-output = "trust"
issuer       = "https://oidc.example.com/a-path-that-is-as-long-as-that-of-an-issuer-of-eks/${cluster}"

source-controller -> aws "arn:aws:iam::111122223333:role/flux/pull"

cluster a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, v, w, x on kubernetes {
  region = "ap-southeast-1"
}
