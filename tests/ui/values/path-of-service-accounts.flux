# F0214: the other template of a path
cluster prod-eu on eks {
  service-accounts = "/tenants"
}
