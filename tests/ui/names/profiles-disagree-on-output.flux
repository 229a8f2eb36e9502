# F0114: two profiles that write the overlay to different places

profile europe {
  output = "europe/${cluster}"
}

profile payments {
  output = "payments/${cluster}"
}

cluster prod-eu on eks {
  use europe, payments
}
