# F0017, F0017, F0017, F0017, F0017, F0017: comments of other languages
// the fleet of production
cluster prod-eu on eks {
  /* all that
     pulls */
  source-controller -> aws "arn:aws:iam::111122223333:role/flux-registry" // the registry
  -- keys
  ; keys
}

/* until the move: cluster old on eks { } */
