# F0901: controllers that restart by themselves
cluster prod-eu on eks {
  restart = on-change
}
