# F0379, F0379, F0379, F0379: patches write a number for a variable, a mount of no volume and a directive, and delete a volume that is mounted

cluster prod-eu on eks {
  patch "own.yaml"
  source-controller -> aws "arn:aws:iam::111122223333:role/flux-ecr"
}
