[
  (block)
  (options)
  (comment)+
] @fold
