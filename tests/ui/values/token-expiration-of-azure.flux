# F0215: a token that would live too short for Azure
cluster prod-weu on aks {
  tenant = webhook
  source-controller -> azure "4a7272f9-f186-41af-9f84-6a92e32d7cd0" { token-expiration = "600" }
}
