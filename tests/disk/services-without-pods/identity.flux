# F0398, F0398: one patch deletes a Service, and another changes the selector of a second one

cluster prod-eu on gke {
  patch "selector.yaml" { kind = "Service", name = "source-controller" }
  patch "service.yaml"
  source-controller -> gcp "flux-registry@acme-prod-123456.iam.gserviceaccount.com"
}
