# F0001: a list of controllers, and nothing behind it
cluster prod-eu on eks {
  source-controller, helm-controller
}
