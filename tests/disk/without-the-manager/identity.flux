# F0312: a Deployment without the container that Flux runs

cluster prod-eu on eks { source-controller -> aws "arn:aws:iam::111122223333:role/flux" }
