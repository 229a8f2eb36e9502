# F0114: two profiles of which one leaves the tenant to the webhook

profile europe {
  tenant = "72f988bf-86f1-41af-91ab-2d7cd011db47"
}

profile local {
  tenant = webhook
}

cluster prod-weu on aks {
  use europe, local
  source-controller -> azure "4a7272f9-f186-41af-9f84-6a92e32d7cd0"
}
