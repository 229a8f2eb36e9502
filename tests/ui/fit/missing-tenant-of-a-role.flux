# F0303: a managed identity of the file without a tenant, in two clusters

role registry = azure "4a7272f9-f186-41af-9f84-6a92e32d7cd0"
source-controller -> registry

cluster a, b on aks {
}
