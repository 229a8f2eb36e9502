# F0110: two clusters of one name
cluster prod-eu on eks {
  account = "111122223333"
}

cluster prod-eu on eks {
  account = "444455556666"
}
