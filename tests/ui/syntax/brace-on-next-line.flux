# F0008: a block that opens on a line of its own

cluster prod-eu on eks
{
  account = "111122223333"
}
