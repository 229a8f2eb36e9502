cluster payments on eks {
  use eks-standard
  account = "444455556666"
}
