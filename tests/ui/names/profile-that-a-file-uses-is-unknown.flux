# F0103: a profile that all clusters use and nobody declares
use standard

cluster prod-eu, prod-us on eks { source-controller -> registry }
