# F0324: what is no expression only in one cluster
patch "memory.yaml" { name = "${who}" }

cluster prod-eu on eks { let who = "*" }
