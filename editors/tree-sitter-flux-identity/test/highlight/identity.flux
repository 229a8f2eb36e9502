# a comment "without" a text
# <- comment

include "teams/*.flux"
# <- keyword
#       ^ string

region = "eu-central-1"
# <- variable.parameter
#      ^ operator
emit = component  # a word
#      ^ constant.builtin
#                 ^ comment
let team-name = "a ${cluster}-x"
# <- keyword
#   ^ variable
#                ^ string
#                  ^ punctuation.special
#                    ^ variable
#                           ^ punctuation.special
#                            ^ string
role pull = aws "arn:aws:iam::111122223333:role/pull" { via = pod-identity }
# <- keyword
#    ^ function
#           ^ type.builtin
#                                                     ^ punctuation.bracket
#                                                       ^ variable.parameter
#                                                             ^ constant.builtin
role aws = gcp direct
#    ^ function
#          ^ type.builtin
#              ^ constant.builtin

require source-controller on eks
# <- keyword
#       ^ type.builtin
#                         ^ keyword
#                            ^ constant
isolate pull by team-name
#       ^ function
#            ^ keyword
#               ^ variable

on eks, gke {
# <- keyword
#  ^ constant
#     ^ punctuation.delimiter
#       ^ constant
#           ^ punctuation.bracket
  use base, on-call
# ^^^ keyword
#     ^ type
#           ^ type
}

cluster prod-eu on eks {
# <- keyword
#       ^ type
#               ^ keyword
#                  ^ constant
  source-controller?, service-account team/ns -> pull, aws "x"
# ^ type.builtin
#                  ^ operator
#                   ^ punctuation.delimiter
#                     ^ keyword
#                                     ^ type.builtin
#                                         ^ punctuation.delimiter
#                                          ^ type.builtin
#                                             ^ operator
#                                                ^ function
#                                                      ^ type.builtin
  helm-controller -> none
#                    ^ constant.builtin
  allow F0309 "soon"
#       ^ constant
  values = "a"
# ^^^^^^ variable.parameter
}
