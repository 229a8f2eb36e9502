# F0399, F0399, F0399: a shard with a name of its own gets the annotation of the ServiceAccount, and nothing else

resource "clusters/${cluster}/flux-system/shards"

cluster prod-eu on eks {
  source-controller -> aws "arn:aws:iam::111122223333:role/flux"
}

cluster prod-us on kubernetes {
  region = "us-east-1"
  source-controller -> aws "arn:aws:iam::111122223333:role/flux"
}

cluster prod-aks on aks {
  tenant = "72f988bf-86f1-41af-91ab-2d7cd011db47"
  source-controller -> azure "4a7272f9-f186-41af-9f84-6a92e32d7cd0"
}

cluster prod-old on eks {
  source-controller -> aws "arn:aws:iam::111122223333:role/flux"
}
