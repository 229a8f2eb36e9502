# F0018, F0018: two conflicts that a merge left
<<<<<<< HEAD
cluster prod-eu on eks {
  account = "111122223333"
||||||| 1f0e2d3
cluster prod-eu on eks {
=======
cluster prod on eks {
>>>>>>> rename
  source-controller -> aws "arn:aws:iam::111122223333:role/flux-registry"
}

cluster prod-us on eks {
<<<<<<< HEAD
  source-controller -> aws "arn:aws:iam::111122223333:role/flux-registry"
=======
  source-controller -> aws "arn:aws:iam::111122223333:role/flux-images"
>>>>>>> images
}
