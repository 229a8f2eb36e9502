cluster prod-eu on eks { source-controller -> registry }
