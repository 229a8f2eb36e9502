# F0125, F0125: variables that nothing reads, and that are nearly a setting or a name that something reads
let accuont = "444455556666"
let team    = "platform"

cluster prod-eu on eks {
  account     = "111122223333"
  let envs    = "production"
  let teams   = "data"
  let squad   = "blue"
  let purpose = "images"
  source-controller -> aws "arn:aws:iam::${account}:role/${team}-flux-${purpose}"
}
