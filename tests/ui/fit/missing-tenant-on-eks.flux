# F0303: there is no webhook to leave it to

cluster prod-eu on eks {
  source-controller -> azure "4a7272f9-f186-41af-9f84-6a92e32d7cd0"
}
