# F0106: a cluster on a cloud by its other name

cluster prod-eu on aws {
  account = "111122223333"
}
