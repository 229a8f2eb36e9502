# F0345: six clusters with four controllers each

tenant = "72f988bf-86f1-41af-91ab-2d7cd011db47"
role pull = azure "4a7272f9-f186-41af-9f84-6a92e32d7cd0"

source-controller, kustomize-controller, helm-controller, image-reflector-controller -> pull

cluster a, b, c, d, e on aks {}
cluster f on kubernetes {}
