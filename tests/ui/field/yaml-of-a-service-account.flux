# F0104, F0001, F0104, F0001: the manifest that it comes to, in place of the source

apiVersion: "v1"
kind: "ServiceAccount"
