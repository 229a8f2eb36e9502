# F0001: a require that names nobody

require
