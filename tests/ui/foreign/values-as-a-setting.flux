# F0017: a file of values as if it were a setting.
values = "values.json"
