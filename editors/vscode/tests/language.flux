# SYNTAX TEST "source.flux-identity" "the language"

# a comment "without" a text
# <- comment.line.number-sign.flux-identity

include "teams/*.flux"
# <------- keyword.other.flux-identity
#       ^^^^^^^^^^^^^^ string.quoted.double.flux-identity

region = "eu-central-1"
# <------ variable.parameter.flux-identity
#      ^ keyword.operator.assignment.flux-identity
emit = component  # a word
#      ^^^^^^^^^ constant.language.flux-identity
#                 ^^^^^^^^ comment.line.number-sign.flux-identity
let team-name = "a ${cluster}-$x"
# <--- storage.type.flux-identity
#   ^^^^^^^^^ variable.other.flux-identity
#                  ^^ punctuation.section.interpolation.begin.flux-identity
#                    ^^^^^^^ variable.other.flux-identity
#                             ^ invalid.illegal.dollar.flux-identity
role pull = aws "arn:aws:iam::111122223333:role/pull" { via = pod-identity }
#    ^^^^ entity.name.function.flux-identity
#           ^^^ support.type.flux-identity
#                                                       ^^^ variable.parameter.flux-identity
#                                                             ^^^^^^^^^^^^ constant.language.flux-identity
role aws = gcp direct
#    ^^^ entity.name.function.flux-identity
#          ^^^ support.type.flux-identity
#              ^^^^^^ keyword.other.flux-identity

require source-controller on eks
# <------- keyword.other.flux-identity
#       ^^^^^^^^^^^^^^^^^ support.class.flux-identity
#                         ^^ keyword.other.flux-identity
#                            ^^^ support.type.flux-identity
isolate pull by team-name
#       ^^^^ entity.name.function.flux-identity
#            ^^ keyword.other.flux-identity
#               ^^^^^^^^^ variable.other.flux-identity

on eks, gke {
# <-- keyword.other.flux-identity
#  ^^^ support.type.flux-identity
#       ^^^ support.type.flux-identity
  use base, on-call
# ^^^ keyword.other.flux-identity
#     ^^^^ entity.name.function.flux-identity
#           ^^^^^^^ entity.name.function.flux-identity
}

profile base {
# <------- keyword.other.flux-identity
#       ^^^^ entity.name.type.flux-identity
  source-controller?, service-account team/ns -> pull, none
# ^^^^^^^^^^^^^^^^^ support.class.flux-identity
#                  ^ keyword.operator.optional.flux-identity
#                     ^^^^^^^^^^^^^^^ keyword.other.flux-identity
#                                     ^^^^^^^ support.class.flux-identity
#                                             ^^ keyword.operator.mapping.flux-identity
#                                                ^^^^ entity.name.function.flux-identity
#                                                      ^^^^ keyword.other.flux-identity
  allow F0309 "it is # fine"
# ^^^^^ keyword.other.flux-identity
#       ^^^^^ constant.other.flux-identity
#             ^^^^^^^^^^^^^^ string.quoted.double.flux-identity - comment
  patch "./a.yaml" { kind = "Deployment" }
# ^^^^^ keyword.other.flux-identity
#                    ^^^^ variable.parameter.flux-identity
}

cluster one-eu, two.eu on kubernetes { use base }
# <------- keyword.other.flux-identity
#       ^^^^^^ entity.name.type.flux-identity
#               ^^^^^^ entity.name.type.flux-identity
#                      ^^ keyword.other.flux-identity
#                         ^^^^^^^^^^ support.type.flux-identity
#                                      ^^^ keyword.other.flux-identity
