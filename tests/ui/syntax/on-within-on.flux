# F0012: an `on` block in another
profile base {
  on eks {
    on aks { role registry = azure "4a7272f9-f186-41af-9f84-6a92e32d7cd0" }
  }
}

cluster prod-eu on eks {
  use base
  source-controller -> none
}
