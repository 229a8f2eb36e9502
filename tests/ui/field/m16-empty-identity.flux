# F0303, F0204: an identity that names none

cluster prod on aks { kustomize-controller -> azure "" }
