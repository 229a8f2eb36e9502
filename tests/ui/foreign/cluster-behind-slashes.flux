# F0017, F0017, F0017: a cluster that is commented out as elsewhere
// cluster prod-eu on eks {
//   use base
// }
