# F0102: one line of a profile, wrong in seven clusters

profile base {
  source-controller -> registry
}

cluster a, b, c, d, e, f, g on eks { use base }
