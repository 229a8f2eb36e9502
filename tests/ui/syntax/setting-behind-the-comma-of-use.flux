# F0002: a setting where the next profile would stand.
profile base {
}

cluster a on eks {
  use base, account = "111122223333"
}
