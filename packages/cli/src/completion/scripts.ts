import { OK, type Status, UsageError } from '../failure.js'
import type { Terminal } from '../terminal.js'
import { SHELLS } from './candidates.js'

/** The first argument with which these scripts call `mi`; nobody types it. */
export const COMPLETE_WORD = '__complete'

const BASH = `# bash completion for mi: put into ~/.bashrc:  source <(mi completion bash)
_mi() {
  local found
  COMPREPLY=()
  while IFS= read -r found; do COMPREPLY+=("$found"); done < <(
    mi ${COMPLETE_WORD} "\${COMP_LINE:0:$COMP_POINT}" "$COMP_WORDBREAKS" 2>/dev/null
  )
  # More follows a name=, group:, scheme: or directory/ at once. Bash before 4 has no compopt.
  if [[ \${#COMPREPLY[@]} -eq 1 && \${COMPREPLY[0]} == *[=:/] ]]; then compopt -o nospace 2>/dev/null; fi
}
complete -F _mi mi
`

const ZSH = `#compdef mi
# zsh completion for mi: put into ~/.zshrc, after compinit:  source <(mi completion zsh)
_mi() {
  local -a found
  found=(\${(f)"$(mi ${COMPLETE_WORD} "\${(j: :)words[1,CURRENT-1]} \${PREFIX}" 2>/dev/null)"})
  # More follows a name=, group:, scheme: or directory/ at once.
  compadd -S '' -- \${(M)found:#*[=:/]}
  compadd -- \${found:#*[=:/]}
}
if [[ "\${funcstack[1]}" == _mi ]]; then _mi "$@"; else compdef _mi mi; fi
`

const FISH = `# fish completion for mi: mi completion fish > ~/.config/fish/completions/mi.fish
complete -c mi -f -a '(mi ${COMPLETE_WORD} (commandline -cp | string collect) 2>/dev/null)'
`

const SCRIPTS: Readonly<Record<(typeof SHELLS)[number], string>> = { bash: BASH, zsh: ZSH, fish: FISH }

/** `mi completion SHELL`: prints the script with which a shell completes commands and parameters. */
export function runCompletion(name: string | undefined, { stdout }: Terminal): Status {
  const shell = SHELLS.find((each) => each === name)
  if (shell === undefined) throw new UsageError(`mi completion needs a shell: ${SHELLS.join(', ')}`)
  stdout.write(SCRIPTS[shell])
  return OK
}
