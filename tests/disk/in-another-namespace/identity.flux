# F0313: Flux is installed in another namespace

namespace = "flux"

cluster prod-eu on eks { source-controller -> aws "arn:aws:iam::111122223333:role/flux" }
