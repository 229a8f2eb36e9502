# F0901: what clusters must not share

isolate registry by team
