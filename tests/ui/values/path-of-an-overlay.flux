# F0214: a directory that is called like the overlay in it

cluster prod-eu on eks { output = "clusters/prod-eu/kustomization.yaml" }
