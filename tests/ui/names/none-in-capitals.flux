# F0102: `none`, as other languages have it

cluster prod-eu on eks { source-controller -> None }
