# F0379: `labels` above the overlay changes the labels of the pods, and not the selector

cluster prod-eu on eks {
  source-controller -> aws "arn:aws:iam::111122223333:role/flux-ecr"
}
