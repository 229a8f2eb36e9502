# F0113: three variables that want each other

let a = "${b}"
let b = "${c}"
let c = "x-${a}"

cluster prod-eu on eks {
  source-controller -> aws "arn:aws:iam::111122223333:role/${a}"
}
