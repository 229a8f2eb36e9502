# F0004: characters of other alphabets may stand in a comment, and places behind them are right

cluster prod-eu on eks { account = "111122223333" } # Über uns: 日本

} # 日本
