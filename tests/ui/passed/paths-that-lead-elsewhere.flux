# F0321, F0321, F0321, F0321, F0321, F0321, F0321: what is passed through stands in the directory of the source
let up = ".."

resource "../infra"
component "/infra/sops"
resource "https://github.com/fluxcd/flux2//manifests/install?ref=v2.9.3"
resource "git@github.com:acme/extras"
patch "${up}/memory.yaml"
resource ""
resource "infra//extras"

cluster prod-eu on eks {}
