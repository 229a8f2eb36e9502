# F0013: a misspelt keyword before a block; the profile is understood

profil base {
  account = "111122223333"
}

cluster prod-eu on eks { use base }
