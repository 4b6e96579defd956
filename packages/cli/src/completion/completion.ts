import { ok, type Status } from '../failure.js'
import type { Terminal } from '../terminal.js'
import { UsageError } from '../usage-error.js'
import { shells } from './candidates.js'
import { completeWord } from './complete-word.js'

const bash = `# bash completion for mi: put into ~/.bashrc:  source <(mi completion bash)
_mi() {
  local found
  COMPREPLY=()
  while IFS= read -r found; do COMPREPLY+=("$found"); done < <(
    mi ${completeWord} "\${COMP_LINE:0:$COMP_POINT}" "$COMP_WORDBREAKS" 2>/dev/null
  )
  # A value follows the name of a parameter at once. Bash before 4 has no compopt.
  if [[ \${#COMPREPLY[@]} -eq 1 && \${COMPREPLY[0]} == *= ]]; then compopt -o nospace 2>/dev/null; fi
}
complete -F _mi mi
`

const zsh = `#compdef mi
# zsh completion for mi: put into ~/.zshrc, behind compinit:  source <(mi completion zsh)
_mi() {
  local -a found
  found=(\${(f)"$(mi ${completeWord} "\${(j: :)words[1,CURRENT-1]} \${PREFIX}" 2>/dev/null)"})
  # A value follows the name of a parameter at once.
  compadd -S '' -- \${(M)found:#*=}
  compadd -- \${found:#*=}
}
if [[ "\${funcstack[1]}" == _mi ]]; then _mi "$@"; else compdef _mi mi; fi
`

const fish = `# fish completion for mi: mi completion fish > ~/.config/fish/completions/mi.fish
complete -c mi -f -a '(mi ${completeWord} (commandline -cp | string collect) 2>/dev/null)'
`

const scripts: Readonly<Record<(typeof shells)[number], string>> = { bash, zsh, fish }

/** `mi completion SHELL`: prints the script that makes a shell complete commands and parameters. */
export function runCompletion(name: string | undefined, { stdout }: Terminal): Status {
  const shell = shells.find((each) => each === name)
  if (shell === undefined) throw new UsageError(`mi completion wants a shell: ${shells.join(', ')}`)
  stdout.write(scripts[shell])
  return ok
}
