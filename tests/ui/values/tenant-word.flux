# F0202: a word for a tenant that is not the one word there is
cluster prod-weu on aks {
  tenant = webhok
}
