# F0901, F0101: a misspelt controller in what every cluster must map

require sorce-controller
