//! The script for Zsh, which asks as Cobra does.

/// The program gets the words without their quotes, and candidates are quoted as the line needs it, but for a tilde that begins a
/// path. The option of `--option=value`, which Cobra's answers leave out, stays on the line.
pub const SCRIPT: &str = r#"#compdef flux-identity
_flux_identity() {
    local answer value
    local -a asked values shown directories
    asked=("${(@Q)words[2,CURRENT-1]}" "${(Q)PREFIX}")
    [[ $PREFIX == --*=* ]] && compset -P 1 '*='
    for answer in "${(@f)$(flux-identity __complete "${(@)asked}" 2> /dev/null)}"; do
        [[ $answer == :<-> || -z $answer ]] && continue
        value=${answer%%$'\t'*}
        if [[ $compstate[quote] == '' ]]; then
            [[ $value == '~'* ]] && value="~${(q)value#\~}" || value=${(q)value}
        fi
        if [[ $value == */ ]]; then
            directories+=("$value")
        else
            values+=("$value")
            shown+=("${answer/$'\t'/  -- }")
        fi
    done
    # Zsh itself completes files behind a variable.
    if (( ! $#directories && ! $#values )) && [[ $PREFIX == *\$* ]]; then
        _files
    fi
    (( $#directories )) && compadd -Q -S '' -- "${(@)directories}"
    (( $#values )) && compadd -Q -V flux-identity -l -d shown -- "${(@)values}"
}
(( $+functions[compdef] )) || { autoload -Uz compinit && compinit }
compdef _flux_identity flux-identity
# In a directory of `fpath` the first completion runs this file.
[[ $funcstack[1] != _flux-identity ]] || _flux_identity
"#;
