# F0102: a role that is defined for other platforms
on aks { role registry = azure "4a7272f9-f186-41af-9f84-6a92e32d7cd0" }

cluster prod-eu on eks { source-controller -> registry }
