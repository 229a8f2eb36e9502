# F0317: the identity of a GKE cluster, copied to one on EKS

cluster eks on eks { kustomize-controller -> gcp "flux-kms@acme-prod.iam.gserviceaccount.com" }
