# F0353: the manifests of Flux were edited, and give an identity that the source does not mention

cluster prod-eu on eks {
}
