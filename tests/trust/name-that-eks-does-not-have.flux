# F0361: an association needs the name of the cluster in EKS, and a role that is only trusted has none
cluster prod.example.com, stage.example.com on eks {
  source-controller -> aws "arn:aws:iam::111122223333:role/flux" { via = pod-identity }
}

cluster dev.example.com on eks {
  eks-name = "dev"
  source-controller -> aws "arn:aws:iam::111122223333:role/flux" { via = pod-identity }
}

cluster test.example.com on eks {
  trust source-controller -> aws "arn:aws:iam::111122223333:role/flux" { via = pod-identity }
}
