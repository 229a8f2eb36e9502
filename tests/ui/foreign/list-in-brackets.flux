# F0017: controllers in a list of another language.
profile base {
  [source-controller, helm-controller] -> none
}

cluster a on eks {
  use base
}
