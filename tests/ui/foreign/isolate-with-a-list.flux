# F0017: two roles in one `isolate` statement.
isolate decryption, registry by team
