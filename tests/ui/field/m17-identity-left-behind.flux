# F0117: a role that was left behind when decryption moved elsewhere

role decryption = gcp "flux-kms@acme-prod.iam.gserviceaccount.com"

cluster prod on gke { kustomize-controller -> none }
