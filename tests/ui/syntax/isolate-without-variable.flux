# F0001: an isolate that does not say by what

isolate registry
