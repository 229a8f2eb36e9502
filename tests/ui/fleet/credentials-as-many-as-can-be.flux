# F0117, F0350: five clusters with four controllers each, and two that are one

tenant = "72f988bf-86f1-41af-91ab-2d7cd011db47"
role pull   = azure "4a7272f9-f186-41af-9f84-6a92e32d7cd0"
role unused = azure "4a7272f9-f186-41af-9f84-6a92e32d7cd0"

source-controller, kustomize-controller, helm-controller, image-reflector-controller -> pull

cluster a, b, c, d on aks {}
cluster e, f on kubernetes { issuer = "https://oidc.example.com/e" }
