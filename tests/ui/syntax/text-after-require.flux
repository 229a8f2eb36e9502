# F0002: what follows a statement of the root file on its line

require source-controller on eks, aks
