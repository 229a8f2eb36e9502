//! The script for Nushell, which asks as Cobra does.

/// For Nushell 0.108 or later, which has `@complete` for external commands. Nushell replaces the whole last word: also the
/// option of `--option=value`, which Cobra's scripts put before the value, and the quotes of a path.
pub const SCRIPT: &str = r#"# What the last word of a command line can be, by the command itself.
def "nu-complete flux-identity" [words: list<string>] {
  let words = ($words | skip 1 | each {|word| $word | str trim --char '`' })
  let option = ($words | last | parse --regex '^(?<name>--[a-z-]+=)' | get --optional name.0 | default '')
  let answer = (^flux-identity __complete ...$words | complete | get stdout | lines)
  $answer | drop 1 | each {|line|
    let parts = ($line | split row --number 2 "\t")
    let value = ($option + $parts.0)
    let value = (if $value =~ '^[\w./:=@%+-]+$' { $value } else { $'`($value)`' })
    { value: $value, description: ($parts | get --optional 1 | default '') }
  }
}

@complete 'nu-complete flux-identity'
export extern flux-identity []
"#;
