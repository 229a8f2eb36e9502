# F0102: one of two clusters misspells the role that the root source maps.
source-controller -> registry

cluster a on eks {
  role registry = aws "arn:aws:iam::111122223333:role/a"
}

cluster b on eks {
  role regsitry = aws "arn:aws:iam::111122223333:role/b"
}
