# F0010, F0011: the same mistake again and again

cluster prod-eu on eks {
  output = "a/$$$${}$"
  source-controller -> aws "arn:aws:iam::111122223333:role/flux   "
}
