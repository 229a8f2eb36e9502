# F0104, F0104, F0104, F0104, F0104, F0104, F0104, F0104, F0104, F0104, F0104, F0104: two settings that do not exist, in six clusters
cluster c0 on eks {
  account_number = "111122223333"
  owner = "platform"
  source-controller -> aws "arn:aws:iam::111122223333:role/c0"
}

cluster c1 on eks {
  account_number = "111122223333"
  owner = "platform"
  source-controller -> aws "arn:aws:iam::111122223333:role/c1"
}

cluster c2 on eks {
  account_number = "111122223333"
  owner = "platform"
  source-controller -> aws "arn:aws:iam::111122223333:role/c2"
}

cluster c3 on eks {
  account_number = "111122223333"
  owner = "platform"
  source-controller -> aws "arn:aws:iam::111122223333:role/c3"
}

cluster c4 on eks {
  account_number = "111122223333"
  owner = "platform"
  source-controller -> aws "arn:aws:iam::111122223333:role/c4"
}

cluster c5 on eks {
  account_number = "111122223333"
  owner = "platform"
  source-controller -> aws "arn:aws:iam::111122223333:role/c5"
}
