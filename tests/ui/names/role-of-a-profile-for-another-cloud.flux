# F0102: the only role of this name is for clusters of another cloud

profile aws-standard { role registry = aws "arn:aws:iam::111122223333:role/flux" }

cluster prod-eu on eks {
  use aws-standard
  source-controller -> registry
}

cluster data on gke { source-controller -> registry }
