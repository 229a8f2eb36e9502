# F0001: a path without quotes

include teams/*.flux
