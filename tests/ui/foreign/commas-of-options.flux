# F0007, F0007, F0007, F0007, F0007, F0007: options with too few and too many commas
tenant = "72f988bf-86f1-41af-91ab-2d7cd011db47"

cluster a on aks {
  source-controller -> azure "4a7272f9-f186-41af-9f84-6a92e32d7cd0" { tenant = "72f988bf-86f1-41af-91ab-2d7cd011db47" token-expiration = "3600" }
}

cluster b on aks {
  source-controller -> azure "4a7272f9-f186-41af-9f84-6a92e32d7cd0" { tenant = "72f988bf-86f1-41af-91ab-2d7cd011db47",, token-expiration = "3600", }
}

cluster c on aks {
  source-controller -> azure "4a7272f9-f186-41af-9f84-6a92e32d7cd0", { , token-expiration = "3600" }
}

cluster d on aks {
  source-controller -> azure "4a7272f9-f186-41af-9f84-6a92e32d7cd0" {
    tenant = "72f988bf-86f1-41af-91ab-2d7cd011db47"
    token-expiration = "3600"
  }
}
