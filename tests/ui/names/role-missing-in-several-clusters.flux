# F0102: one line of a profile, wrong in four clusters

profile base {
  source-controller -> registry
}

cluster a, b, c, d on eks { use base }
