# F0304: two clusters whose overlays are one on many file systems

cluster prod on eks { account = "111122223333" }

cluster Prod on eks { account = "444455556666" }
