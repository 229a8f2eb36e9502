# F0105: a variable that some other tool was to put in

cluster kbot on gke {
  kustomize-controller -> gcp "kustomize-controller@kbot-${GOOGLE_PROJECT}.iam.gserviceaccount.com"
}
