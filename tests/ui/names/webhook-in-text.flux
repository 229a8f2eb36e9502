# F0105: text that wants the tenant, which is left to the webhook
cluster prod-weu on aks {
  tenant = webhook
  source-controller -> azure "${tenant}"
}
