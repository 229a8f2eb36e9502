# F0303: an identity without its tenant

cluster prod on aks { kustomize-controller -> azure "4a7272f9-f186-41af-9f84-6a92e32d7cd0" }
