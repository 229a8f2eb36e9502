# F0324, F0324, F0324, F0324, F0324, F0324, F0324, F0324, F0324, F0324, F0324, F0324, F0324, F0324, F0324, F0324, F0324, F0324, F0324: regular expressions that kustomize does not compile
profile base {
  patch "a.yaml" { name = "a{2}*" }
  patch "a.yaml" { name = "x|*-controller" }
  patch "a.yaml" { name = "a{1001}" }
  patch "a.yaml" { name = "a{3,1}" }
  patch "a.yaml" { name = "(a{100}){100}" }
  patch "a.yaml" { kind = "(Deployment" }
  patch "a.yaml" { kind = "Deployment)" }
  patch "a.yaml" { name = "[a-z" }
  patch "a.yaml" { name = "[z-a]+" }
  patch "a.yaml" { name = "[[:letter:]]+" }
  patch "a.yaml" { name = "\p{Letter}+" }
  patch "a.yaml" { name = "\C+" }
  patch "a.yaml" { name = "(a|b)\1" }
  patch "a.yaml" { name = "flux\" }
  patch "a.yaml" { name = "(?P<a-b>c)" }
  patch "a.yaml" { name = "(?!source)" }
  patch "a.yaml" { name = "(?<=source)-controller" }
  patch "a.yaml" { name = "(?x)flux" }
  patch "a.yaml" { name = "a", namespace = "flux-\u0073ystem" }
}

cluster prod-eu on eks {}
