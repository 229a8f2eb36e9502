# F0017, F0017, F0017, F0001: profiles that are used as YAML and HCL have it
profile base {
  source-controller -> aws "arn:aws:iam::111122223333:role/flux-registry"
}

profile more {
  account = "111122223333"
}

cluster a on eks {
  use: base
}

cluster b on eks {
  use = base
}

cluster c on eks {
  use = ["base", more]
}

cluster d on eks {
  use "base"
}
