# F0901: what every cluster must map

require source-controller, helm-controller on eks
