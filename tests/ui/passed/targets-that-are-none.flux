# F0324, F0108, F0201, F0110, F0324: targets of a profile that nobody needs to use
profile base {
  patch "a.yaml" {}
  patch "b.yaml" { label = "app=flux", kind = Deployment }
  patch "c.yaml" { name = "flux", name = "(flux" }
}

cluster prod-eu on eks {}
