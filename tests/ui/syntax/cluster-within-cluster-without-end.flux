# F0003, F0012: a cluster within a cluster that nothing closes

cluster prod-eu on eks {
  cluster prod-us on eks {
