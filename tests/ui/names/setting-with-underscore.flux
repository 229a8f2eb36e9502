# F0104: a setting with an underscore
cluster prod-eu on eks {
  project_number = "123456789012"
}
